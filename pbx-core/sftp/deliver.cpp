#include "pbx-core/sftp/deliver.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "common/crypto/hash.hpp"

namespace roamdesk::sftp {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view part_begins = ".", part_ends = ".part";
constexpr std::chrono::hours part_is_left_after{24};

std::string part_of(const std::string& name) { return fmt::format("{}{}{}", part_begins, name, part_ends); }

struct Digest {
  std::string sha256;
  std::uint64_t bytes = 0;
  friend bool operator==(const Digest&, const Digest&) = default;
};

class Digesting {
 public:
  void take(std::string_view piece) {
    sha256_.update(crypto::as_bytes(piece));
    bytes_ += piece.size();
  }
  std::uint64_t bytes() const { return bytes_; }
  Digest finish() { return {crypto::to_hex(sha256_.finish()), bytes_}; }

 private:
  crypto::Sha256 sha256_;
  std::uint64_t bytes_ = 0;
};

Digest digest_of(const fs::path& file) {
  Digesting digest;
  std::ifstream in{file, std::ios::binary};
  std::vector<char> buffer(std::size_t{256} << 10);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
    digest.take({buffer.data(), static_cast<std::size_t>(in.gcount())});
  return digest.finish();
}

// What is there under `name`, read back; of more than `wanted` no more is read. Damaged where it isn't that.
void check_there(Session& session, const std::string& name, const Digest& wanted) {
  Digesting got;
  session.get(name, [&](std::string_view piece) {
    got.take(piece);
    return got.bytes() <= wanted.bytes;
  });
  if (got.finish() != wanted) throw SftpError(Kind::damaged, "what came back from the server isn't what was sent");
}

// One of this name that is there and isn't what it should be goes: it was asked for again, or somebody has changed it.
bool is_there_already(Session& session, const std::vector<Session::File>& files, const std::string& name,
                      const Digest& wanted) {
  if (std::none_of(files.begin(), files.end(), [&](const auto& f) { return f.name == name; })) return false;
  try {
    check_there(session, name, wanted);
    return true;
  } catch (const SftpError& error) {
    if (error.kind != Kind::damaged) throw;
    session.remove(name);
    return false;
  }
}

// OpenSSH has one word for all that fails while it writes. Where the folder can still be looked at, it is no line that
// has failed.
[[noreturn]] void say_why_it_broke_off(const Target& target, const std::stop_token& stop, const Patience& patience,
                                       const SftpError& error) {
  if (error.kind == Kind::lost) {
    bool answers = true;
    try {
      Session{target, stop, patience}.list();
    } catch (const SftpError&) {
      answers = false;
    }
    if (answers)
      throw SftpError(Kind::full, "the server didn't write all of it: its disk, or what this user may have, is full");
  }
  throw error;
}

// Runs `work`, which leaves `part` where it fails.
template <class Work>
void or_nothing(const Target& target, const std::string& part, const std::stop_token& stop, const Patience& patience,
                Work work) {
  try {
    work();
  } catch (const SftpError& error) {
    if (error.kind == Kind::stopped) throw;  // the next one clears it away
    try {
      Session{target, stop, patience}.remove(part);
    } catch (const SftpError&) {  // it isn't there, or stays until the next one
    }
    say_why_it_broke_off(target, stop, patience, error);
  }
}

std::vector<backup::NightlyFile> ours_of(const std::vector<Session::File>& files) {
  std::vector<backup::NightlyFile> found;
  for (const auto& file : files)
    if (const auto made_at = backup::made_at_of(file.name)) found.push_back({file.name, *made_at, file.bytes});
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.made_at > b.made_at; });
  return found;
}

// The name that a part would have got; nullopt for anything else.
std::optional<WallTime> part_made_at(std::string_view name) {
  if (!name.starts_with(part_begins) || !name.ends_with(part_ends)) return std::nullopt;
  name.remove_prefix(part_begins.size());
  name.remove_suffix(part_ends.size());
  return backup::made_at_of(name);
}

void clear_away(Session& session, const std::vector<Session::File>& files, unsigned keep, WallTime now) {
  const auto ours = ours_of(files);
  for (std::size_t i = keep; i < ours.size(); ++i) session.remove(ours[i].name);
  for (const auto& file : files)
    if (const auto made_at = part_made_at(file.name); made_at && *made_at + part_is_left_after < now)
      session.remove(file.name);
}

}  // namespace

Delivered deliver(const Target& target, const fs::path& file, const std::string& name, WallTime now,
                  const std::stop_token& stop, const Patience& patience) {
  const auto wanted = digest_of(file);
  Delivered done{wanted.bytes, {}};
  const auto part = part_of(name);
  Session session{target, stop, patience};
  if (!is_there_already(session, session.list(), name, wanted))
    or_nothing(target, part, stop, patience, [&] {
      session.put(file, part);
      check_there(session, part, wanted);
      session.rename(part, name);
    });
  const auto files = session.list();
  const bool there =
      std::any_of(files.begin(), files.end(), [&](const auto& f) { return f.name == name && f.bytes == done.bytes; });
  if (!there) throw SftpError(Kind::damaged, "it was sent and renamed, but isn't in the server's folder");
  try {
    clear_away(session, files, target.keep, now);
  } catch (const SftpError& error) {
    if (error.kind != Kind::stopped) done.remark = fmt::format("older ones can't be deleted: {}", error.what());
  }
  return done;
}

void try_out(const Target& target, const std::stop_token& stop, const Patience& patience) {
  const std::string text(4096, 'r'), part = ".roamdesk-try.part", name = ".roamdesk-try";
  Digesting sent;
  sent.take(text);
  const auto wanted = sent.finish();
  Session session{target, stop, patience};
  session.list();
  or_nothing(target, part, stop, patience, [&] {
    session.put_text(text, part);
    check_there(session, part, wanted);
    session.rename(part, name);
  });
  session.remove(name);
}

std::vector<backup::NightlyFile> delivered(const Target& target, const std::stop_token& stop,
                                           const Patience& patience) {
  return ours_of(Session{target, stop, patience}.list());
}

void fetch(const Target& target, const std::string& name, const fs::path& into, std::uint64_t limit,
           const std::stop_token& stop, const Patience& patience) {
  const int fd = ::open(into.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) throw SftpError(Kind::other, into.string() + " can't be written");
  std::uint64_t bytes = 0;
  bool written = true;
  try {
    Session{target, stop, patience}.get(name, [&](std::string_view piece) {
      bytes += piece.size();
      written = ::write(fd, piece.data(), piece.size()) == static_cast<ssize_t>(piece.size());
      return written && bytes <= limit;
    });
  } catch (const SftpError&) {
    ::close(fd);
    ::unlink(into.c_str());
    if (!written) throw SftpError(Kind::other, "there is no room for it on the core's own disk");
    if (bytes > limit) throw SftpError(Kind::other, "it is larger than a backup can be");
    throw;
  }
  ::close(fd);
}

}  // namespace roamdesk::sftp
