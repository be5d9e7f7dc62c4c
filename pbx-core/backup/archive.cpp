#include "pbx-core/backup/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <set>

#include "common/crypto/hash.hpp"

namespace roamdesk::backup {
namespace {
namespace json = boost::json;
namespace fs = std::filesystem;

constexpr std::size_t block = 64 << 10, largest_manifest = 4 << 20;

[[noreturn]] void fail(const fs::path& file, std::string_view what) {
  throw BackupError(fmt::format("{}: {}", file.string(), what));
}
[[noreturn]] void fail_errno(const fs::path& file, int error) {
  fail(file, error == ENOSPC || error == EDQUOT ? "there is no room for it on the disk" : std::strerror(error));
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags, mode_t mode = 0) : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (fd_ < 0) fail_errno(path, errno);
  }
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  operator int() const { return fd_; }

 private:
  int fd_;
};

std::string to_text(const Manifest& manifest) {
  json::array members;
  for (const Member& member : manifest.members)
    members.push_back(json::object{{"name", member.name}, {"size", member.size}, {"sha256", member.sha256}});
  return json::serialize(json::object{{"product", "roamdesk pbx-core"},
                                      {"format", 1},
                                      {"version", manifest.version},
                                      {"made_at", manifest.made_at},
                                      {"files", std::move(members)}});
}

Manifest from_text(const fs::path& file, const std::string& text) {
  Manifest manifest;
  try {
    const json::object object = json::parse(text).as_object();
    if (object.at("product").as_string() != "roamdesk pbx-core") fail(file, "isn't a backup of pbx-core");
    if (object.at("format").to_number<int>() != 1) fail(file, "was made by a newer pbx-core; restore it with that one");
    manifest.version = object.at("version").as_string();
    manifest.made_at = object.at("made_at").as_string();
    for (const json::value& value : object.at("files").as_array()) {
      Member member;
      member.name = value.at("name").as_string();
      member.size = value.at("size").to_number<std::uint64_t>();
      member.sha256 = value.at("sha256").as_string();
      manifest.members.push_back(std::move(member));
    }
  } catch (const BackupError&) {
    throw;
  } catch (const std::exception&) {
    fail(file, "is damaged: its manifest can't be read");
  }
  return manifest;
}

// "prompts/en/pin.wav": no way out of the folder, nothing absolute, nothing hidden in odd spellings.
bool is_safe(const std::string& name) {
  if (name.empty() || name.size() > 1024) return false;
  const fs::path path(name);
  if (path.is_absolute() || path.lexically_normal() != path) return false;
  for (const fs::path& part : path)
    if (part.empty() || part == "." || part == "..") return false;
  return true;
}

// libarchive has one function for the end of readers and writers.
struct Free {
  void operator()(archive* handle) const { archive_free(handle); }
};
using Handle = std::unique_ptr<archive, Free>;

struct Reading {
  explicit Reading(const fs::path& path) : file(path), fd(path, O_RDONLY), handle(archive_read_new()) {
    archive_read_support_filter_gzip(handle.get());
    archive_read_support_format_tar(handle.get());
    if (archive_read_open_fd(handle.get(), fd, block) != ARCHIVE_OK) fail(file, "isn't a backup of pbx-core");
  }

  // The next member; nullptr at the end.
  archive_entry* next() {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(handle.get(), &entry);
    if (result == ARCHIVE_EOF) return nullptr;
    if (result != ARCHIVE_OK) fail(file, "is damaged, or isn't a backup of pbx-core");
    return entry;
  }
  std::size_t data(std::span<char> into) {
    const la_ssize_t n = archive_read_data(handle.get(), into.data(), into.size());
    if (n < 0) fail(file, "is damaged");
    return static_cast<std::size_t>(n);
  }

  fs::path file;
  Descriptor fd;
  Handle handle;  // a member, not freed in a destructor: the constructor may throw
};

void write_all(int fd, const fs::path& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_errno(path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

struct ArchiveWriter::Impl {
  Impl(fs::path path, std::stop_token asked)
      : stop(std::move(asked)),
        file(std::move(path)),
        draft(file.string() + ".part"),
        fd(draft, O_WRONLY | O_CREAT | O_TRUNC, 0600),
        handle(archive_write_new()) {
    if (::fchmod(fd, 0600) != 0) fail_errno(draft, errno);
    archive_write_set_format_pax_restricted(handle.get());
    archive_write_add_filter_gzip(handle.get());
    if (archive_write_open_fd(handle.get(), fd) != ARCHIVE_OK) failed();
  }
  ~Impl() {
    handle.reset();
    if (!finished) ::unlink(draft.c_str());
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[noreturn]] void failed() { fail(draft, archive_error_string(handle.get())); }
  void begin(const std::string& name, std::uint64_t size) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(size));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    const int result = archive_write_header(handle.get(), entry);
    archive_entry_free(entry);
    if (result != ARCHIVE_OK) failed();
  }
  void data(std::string_view bytes) {
    if (archive_write_data(handle.get(), bytes.data(), bytes.size()) != static_cast<la_ssize_t>(bytes.size())) failed();
  }

  std::stop_token stop;
  fs::path file, draft;
  Descriptor fd;
  Handle handle;
  Manifest manifest;
  bool finished = false;
};

ArchiveWriter::ArchiveWriter(fs::path file, std::stop_token stop)
    : impl_(std::make_unique<Impl>(std::move(file), std::move(stop))) {}
ArchiveWriter::~ArchiveWriter() = default;

void ArchiveWriter::add(const std::string& name, const fs::path& from) {
  const Descriptor source(from, O_RDONLY | O_NOFOLLOW);
  struct stat status {};
  if (::fstat(source, &status) != 0) fail_errno(from, errno);
  Member member{name, static_cast<std::uint64_t>(status.st_size), {}};
  impl_->begin(name, member.size);
  crypto::Sha256 digest;
  std::array<char, block> buffer;
  std::uint64_t left = member.size;
  while (left > 0) {
    if (impl_->stop.stop_requested()) throw BackupStopped();
    const ssize_t n = ::read(source, buffer.data(), std::min<std::uint64_t>(buffer.size(), left));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_errno(from, errno);
    if (n == 0) fail(from, "became shorter while it was read; try again");
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(n));
    digest.update(crypto::as_bytes(bytes));
    impl_->data(bytes);
    left -= static_cast<std::uint64_t>(n);
  }
  member.sha256 = crypto::to_hex(digest.finish());
  impl_->manifest.members.push_back(std::move(member));
}

Manifest ArchiveWriter::finish(std::string version, std::string made_at) {
  impl_->manifest.version = std::move(version);
  impl_->manifest.made_at = std::move(made_at);
  const std::string text = to_text(impl_->manifest);
  impl_->begin(std::string(manifest_name), text.size());
  impl_->data(text);
  if (archive_write_close(impl_->handle.get()) != ARCHIVE_OK) impl_->failed();
  if (::fsync(impl_->fd) != 0) fail_errno(impl_->draft, errno);
  fs::rename(impl_->draft, impl_->file);
  impl_->finished = true;
  return impl_->manifest;
}

Manifest unpack(const fs::path& file, const fs::path& into, std::uint64_t limit, const std::stop_token& stop) {
  Reading reading(file);
  std::map<std::string, Member> unpacked;
  std::array<char, block> buffer;
  std::uint64_t total = 0;
  std::optional<Manifest> manifest;
  while (archive_entry* entry = reading.next()) {
    const char* spelled = archive_entry_pathname(entry);
    const std::string name = spelled ? spelled : "";
    if (!is_safe(name) || archive_entry_filetype(entry) != AE_IFREG)
      fail(file, "holds something that isn't a plain file of its own folder");
    if (manifest || unpacked.contains(name)) fail(file, "is damaged: a file is in it twice");
    if (name == manifest_name) {
      std::string text;
      while (const std::size_t n = reading.data(buffer)) {
        text.append(buffer.data(), n);
        if (text.size() > largest_manifest) fail(file, "is damaged: its manifest is too long");
      }
      manifest = from_text(file, text);
      continue;
    }
    const fs::path target = into / name;
    for (fs::path folder = into; const fs::path& part : fs::path(name).parent_path()) {
      folder /= part;
      if (fs::create_directory(folder)) ::chmod(folder.c_str(), 0700);
    }
    const Descriptor out(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    Member member{name, 0, {}};
    crypto::Sha256 digest;
    while (const std::size_t n = reading.data(buffer)) {
      if (stop.stop_requested()) throw BackupStopped();
      if ((total += n) > limit) fail(file, "holds more than there is room for on the disk");
      member.size += n;
      digest.update(crypto::as_bytes(std::string_view(buffer.data(), n)));
      write_all(out, target, {buffer.data(), n});
    }
    if (::fsync(out) != 0) fail_errno(target, errno);
    member.sha256 = crypto::to_hex(digest.finish());
    unpacked.emplace(name, std::move(member));
  }
  if (!manifest) fail(file, "is cut off, or isn't a backup of pbx-core: it has no manifest");
  std::set<std::string> named;
  for (const Member& member : manifest->members) {
    const auto found = unpacked.find(member.name);
    if (found == unpacked.end()) fail(file, "is damaged: " + member.name + " isn't in it");
    if (found->second.size != member.size || found->second.sha256 != member.sha256)
      fail(file, "is damaged: " + member.name + " isn't what it was");
    named.insert(member.name);
  }
  for (const auto& [name, member] : unpacked)
    if (!named.contains(name)) fail(file, "is damaged: its manifest doesn't know " + name);
  return *std::move(manifest);
}

}  // namespace roamdesk::backup
