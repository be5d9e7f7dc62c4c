#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "common/http/body_source.hpp"

namespace roamdesk::http {

// A file as a body. What was opened stays readable when its name goes. One that grows is read while it does; the
// writer's thread is another one than the reader's.
class FileSource final : public BodySource {
 public:
  // A whole file; nullptr where there is none of exactly this size.
  static std::shared_ptr<FileSource> open(const std::filesystem::path& path, std::uint64_t bytes);
  // A new one, which will have so many; nullptr where it can't be made.
  static std::shared_ptr<FileSource> create(const std::filesystem::path& path, std::uint64_t bytes);
  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  State read(std::uint64_t offset, std::size_t most, std::string& into) override;

  // The writer's. Bytes at the end of what is there; false where the disk doesn't take them.
  bool append(std::string_view bytes);
  // What was appended is on the disk.
  bool sync();
  // Readers may have the first `bytes`.
  void publish(std::uint64_t bytes) { readable_ = bytes; }
  // They get no more.
  void fail() { failed_ = true; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t written() const { return written_; }
  bool failed() const { return failed_; }

 private:
  FileSource(int fd, std::uint64_t bytes) : fd_(fd), bytes_(bytes) {}
  int fd_;
  std::uint64_t bytes_, written_ = 0;
  std::atomic<std::uint64_t> readable_{0};
  std::atomic<bool> failed_{false};
};

}  // namespace roamdesk::http
