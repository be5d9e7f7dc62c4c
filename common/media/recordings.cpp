#include "common/media/recordings.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

namespace roamdesk::media {
namespace {

// RIFF WAVE of one channel of G.711 at 8 kHz; formats other than PCM have a `fact` chunk (Multimedia Programming
// Interface and Data Specifications 1.0).
constexpr std::uint32_t header_size = 58;

std::array<std::uint8_t, header_size> header_of(bool alaw, std::uint32_t samples) {
  std::array<std::uint8_t, header_size> header;
  std::size_t at = 0;
  const auto text = [&](const char* word) {
    std::memcpy(header.data() + at, word, 4);
    at += 4;
  };
  const auto number = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) header[at++] = static_cast<std::uint8_t>(value >> (8 * i));
  };
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  text("RIFF");
  // Behind these four bytes; the data is filled up to an even size.
  number(samples > most - header_size ? most : header_size - 8 + samples + samples % 2, 4);
  text("WAVE");
  text("fmt ");
  number(18, 4);
  number(alaw ? 6 : 7, 2);
  number(1, 2);
  number(8000, 4);
  number(8000, 4);
  number(1, 2);
  number(8, 2);
  number(0, 2);
  text("fact");
  number(4, 4);
  number(samples, 4);
  text("data");
  number(samples, 4);
  return header;
}

class WavFile : public RecordingFile {
 public:
  WavFile(int fd, bool alaw) : fd_(fd), alaw_(alaw) {}
  ~WavFile() override { close(fd_); }
  WavFile(const WavFile&) = delete;
  WavFile& operator=(const WavFile&) = delete;

  // Of a length that isn't known yet: as long as a reader finds.
  bool begin() { return put(header_of(alaw_, std::numeric_limits<std::uint32_t>::max())); }
  bool append(std::span<const std::uint8_t> audio) override {
    if (!put(audio)) return false;
    samples_ += audio.size();
    return true;
  }
  bool finish() override {
    constexpr std::array<std::uint8_t, 1> filling{};
    if (samples_ % 2 != 0 && !put(filling)) return false;
    const auto header = header_of(alaw_, static_cast<std::uint32_t>(samples_));
    return pwrite(fd_, header.data(), header.size(), 0) == static_cast<ssize_t>(header.size());
  }

 private:
  bool put(std::span<const std::uint8_t> bytes) const {
    while (!bytes.empty()) {
      const auto written = write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
  }

  int fd_;
  bool alaw_;
  std::uint64_t samples_ = 0;
};

}  // namespace

std::unique_ptr<RecordingFile> RecordingDirectory::create(RecordingId id, bool alaw) {
  const int fd = open(path_of(id).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return nullptr;
  auto file = std::make_unique<WavFile>(fd, alaw);
  return file->begin() ? std::move(file) : nullptr;
}

}  // namespace roamdesk::media
