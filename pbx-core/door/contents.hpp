#pragma once
#include <filesystem>
#include <memory>

#include "common/http/content.hpp"
#include "common/http/downloads.hpp"
#include "common/http/file_source.hpp"
#include "exchange/door/http.hpp"

namespace roamdesk::door {

// What answers name by its hash (door::Content): files in one folder, each called by its SHA-256.
class Contents {
 public:
  explicit Contents(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // nullptr where it isn't there, or has another size.
  std::shared_ptr<http::FileSource> open(const Content& content) const {
    return http::is_sha256(content.sha256) ? http::FileSource::open(folder_ / content.sha256, content.bytes) : nullptr;
  }
  http::Downloads& downloads() { return downloads_; }

 private:
  std::filesystem::path folder_;
  http::Downloads downloads_;
};

}  // namespace roamdesk::door
