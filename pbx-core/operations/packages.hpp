#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "common/http/message.hpp"
#include "pbx-core/api/installer.hpp"
#include "pbx-core/config.hpp"

namespace roamdesk::core {

// The Debian repository that branches install from: the files of one folder, below /packages/, to everybody who asks,
// since who installs has no credentials yet. They are no secrets, and signed. Nothing but a repository's files is
// served: no folder below it, no link, no other name. What is read is bounded, for each source and in all, so that
// nobody fills the line or the memory of the calls' core.
class Packages {
 public:
  struct Limits {
    net::RateLimit::Settings per_source{2e6, 16e6, 1024};  // bytes a second, at once; sources
    net::Rate in_all{8e6, 32e6};
    std::size_t file = 64 << 20;  // a larger one isn't served
  };
  explicit Packages(std::filesystem::path folder) : Packages(std::move(folder), Limits{}) {}
  Packages(std::filesystem::path folder, Limits limits)
      : folder_(std::move(folder)), limits_(limits), sources_(limits.per_source) {}

  // GET and HEAD, whole or in part (one range of RFC 9110 §14.1.2).
  http::Response answer(const http::Request& request, TimePoint now);
  // Whether a branch can be installed from here.
  bool available() const;
  // The newest roamdesk-sbc for each Debian and architecture, "0.2.0~deb12 amd64". Any thread.
  std::vector<std::string> newest() const;

 private:
  bool may_read(const IpAddress& source, std::size_t bytes, TimePoint now);

  std::filesystem::path folder_;
  Limits limits_;
  net::RateLimit sources_;
  net::TokenBucket all_;
};

// On one thread; `packages` outlives it.
http::Handler handler_of(Packages& packages);
// For the console. The certificate is the configuration's as it was at the start.
api::Installer installer(const Packages& packages, const Config& config);

// "/packages/./Release" -> "Release"; nullopt where it is no file of a repository.
std::optional<std::string> package_name(std::string_view path);
// "bytes=5-9", "bytes=5-", "bytes=-5" of `size` bytes: where it begins and how long it is. nullopt: all of it is to be
// sent, since none, another unit or several are named; a length of 0: there is nothing there (416).
std::optional<std::pair<std::size_t, std::size_t>> range_of(std::string_view field, std::size_t size);

}  // namespace roamdesk::core
