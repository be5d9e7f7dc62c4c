#include "common/http/file_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace roamdesk::http {
namespace {

// Asked of the disk ahead of the reader, so that a read seldom waits for it.
constexpr std::uint64_t ahead = 4 << 20;

}  // namespace

std::shared_ptr<FileSource> FileSource::open(const std::filesystem::path& path, std::uint64_t bytes) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return nullptr;
  std::shared_ptr<FileSource> source{new FileSource{fd, bytes}};
  struct stat found {};
  if (::fstat(fd, &found) != 0 || !S_ISREG(found.st_mode) || static_cast<std::uint64_t>(found.st_size) != bytes)
    return nullptr;
  source->written_ = bytes;
  source->publish(bytes);
  return source;
}

std::shared_ptr<FileSource> FileSource::create(const std::filesystem::path& path, std::uint64_t bytes) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return nullptr;
  return std::shared_ptr<FileSource>{new FileSource{fd, bytes}};
}

FileSource::~FileSource() { ::close(fd_); }

BodySource::State FileSource::read(std::uint64_t offset, std::size_t most, std::string& into) {
  const std::uint64_t readable = readable_;
  if (offset >= readable) return failed_ || offset >= bytes_ ? State::failed : State::not_yet;
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(most, readable - offset));
  const std::size_t before = into.size();
  into.resize(before + wanted);
  const ssize_t got = ::pread(fd_, into.data() + before, wanted, static_cast<off_t>(offset));
  into.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got <= 0) return State::failed;
  ::posix_fadvise(fd_, static_cast<off_t>(offset + wanted), static_cast<off_t>(ahead), POSIX_FADV_WILLNEED);
  return State::some;
}

bool FileSource::sync() { return ::fdatasync(fd_) == 0; }

bool FileSource::append(std::string_view bytes) {
  if (bytes.size() > bytes_ - written_) return false;
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(written_));
    if (put <= 0) return false;
    written_ += static_cast<std::uint64_t>(put);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace roamdesk::http
