#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/crypto/bytes.hpp"
#include "common/crypto/hash.hpp"
#include "common/http/file_source.hpp"

namespace roamdesk::sbc {

// Phones' firmware on the SBC's disk, by its SHA-256: fifty phones cost the line one file. What was asked for longest
// ago gives way. A file is given out while it comes; its last piece only when the whole has the hash that it is called
// by. Signalling thread.
class ContentCache {
 public:
  struct Limits {
    std::uint64_t in_all = 1ull << 30;       // bytes; a content that is larger isn't kept, nor served
    std::uint64_t left_free = 128ull << 20;  // of the disk
  };
  ContentCache(std::filesystem::path folder, Limits limits);

  // It is there, or comes; nullptr: begin() it.
  std::shared_ptr<http::FileSource> find(std::string_view sha256, std::uint64_t bytes);
  // nullptr where there is no room for it.
  std::shared_ptr<http::FileSource> begin(std::string_view sha256, std::uint64_t bytes);
  // The next bytes of what was begun. False: it can't be had; it is forgotten.
  bool append(std::string_view sha256, std::string_view bytes);
  // It doesn't come.
  void give_up(std::string_view sha256);

  std::uint64_t held() const { return held_; }

 private:
  struct Coming {
    std::shared_ptr<http::FileSource> source;
    crypto::Sha256 hash;
  };
  struct Kept {
    std::string sha256;
    std::uint64_t bytes = 0;
  };
  bool make_room(std::uint64_t bytes);
  std::filesystem::path file(std::string_view sha256) const { return folder_ / std::string{sha256}; }
  std::filesystem::path draft(std::string_view sha256) const { return folder_ / (std::string{sha256} + ".part"); }

  std::filesystem::path folder_;
  Limits limits_;
  std::list<Kept> kept_;  // what was asked for last is last
  std::map<std::string, Coming, std::less<>> coming_;
  std::uint64_t held_ = 0;  // bytes, what comes included
};

}  // namespace roamdesk::sbc
