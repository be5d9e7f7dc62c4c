#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "common/media_orders/orders.hpp"

namespace roamdesk::media {

// One recording being written. Used by the writer's thread alone, which may wait here; destroyed, it is closed.
class RecordingFile {
 public:
  virtual ~RecordingFile() = default;
  // False: the disk doesn't take it.
  virtual bool append(std::span<const std::uint8_t> audio) = 0;
  // No more audio comes.
  virtual bool finish() = 0;
};

// Where recordings are kept.
class Recordings {
 public:
  virtual ~Recordings() = default;
  // A new one, empty, of G.711 in A-law or µ-law. Null: it can't be made, for example because there is one of that id.
  virtual std::unique_ptr<RecordingFile> create(RecordingId id, bool alaw) = 0;
};

// `<id>.wav` in a directory, for the program's own user to read. The file says its length when it is finished; of one
// that wasn't (the process has died), what is there can be read.
class RecordingDirectory : public Recordings {
 public:
  explicit RecordingDirectory(std::filesystem::path directory) : directory_(std::move(directory)) {}
  std::unique_ptr<RecordingFile> create(RecordingId id, bool alaw) override;
  std::filesystem::path path_of(RecordingId id) const { return directory_ / (std::to_string(id.value()) + ".wav"); }

 private:
  std::filesystem::path directory_;
};

}  // namespace roamdesk::media
