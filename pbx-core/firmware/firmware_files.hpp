#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/time.hpp"
#include "common/crypto/hash.hpp"
#include "common/http/file_source.hpp"

namespace roamdesk::core {

class FirmwareFiles {
 public:
  struct Limits {
    std::uint64_t file = 512ull << 20;  // bytes
    std::uint64_t in_all = 8ull << 30;
    std::uint64_t left_free = 256ull << 20;  // of the disk
    std::size_t uploads = 4;                 // at once
    std::size_t piece = 512 << 10;
    std::chrono::minutes patience{10};  // between two pieces
  };
  // What an upload can't be; in words.
  struct Fault {
    enum Kind { bad, busy, full, unknown, disk } kind;
    std::string what;
  };
  explicit FirmwareFiles(std::filesystem::path folder) : FirmwareFiles(std::move(folder), Limits{}) {}
  FirmwareFiles(std::filesystem::path folder, Limits limits);

  // Of so many bytes, under `id`.
  std::optional<Fault> begin(const std::string& id, std::uint64_t bytes, WallTime now);
  // How many bytes there are now. `offset`: where the piece belongs: at the end of what is there.
  std::variant<std::uint64_t, Fault> append(const std::string& id, std::uint64_t offset, std::string_view piece,
                                            WallTime now);
  // Once all bytes are there: the file has its name, which is the answer. settle() has to follow.
  std::variant<std::string, Fault> finish(const std::string& id);
  // It is known now whether what finish() named has a record. A file without one goes, unless the same file was put in
  // again and waits for its own.
  void settle(const std::string& sha256, bool has_record);
  void give_up(const std::string& id);
  bool is_uploading(const std::string& id) const { return uploads_.contains(id); }
  // What was begun and has had no piece for too long.
  void forget_stale(WallTime now, const std::function<void(const std::string& id)>& gone);

  // Files that were there at the start have no record if it isn't among these: a power cut came between the two. They
  // go; once.
  void keep_only(const std::set<std::string>& recorded);

  bool present(const std::string& sha256, std::uint64_t bytes) const;
  // Unless the same file was put in again and waits for its record.
  void remove(const std::string& sha256);
  const Limits& limits() const { return limits_; }

 private:
  struct Upload {
    std::shared_ptr<http::FileSource> file;
    crypto::Sha256 hash;
    WallTime heard{};
  };
  std::filesystem::path draft(const std::string& id) const { return folder_ / ("upload-" + id); }
  std::uint64_t held() const;

  std::filesystem::path folder_;
  Limits limits_;
  std::map<std::string, Upload> uploads_;
  std::multiset<std::string> unsettled_;  // between finish() and settle()
  std::set<std::string> found_;           // at the start; empty once keep_only() has looked at them
};

}  // namespace roamdesk::core
