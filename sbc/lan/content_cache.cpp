#include "sbc/lan/content_cache.hpp"

#include <algorithm>
#include <system_error>
#include <vector>

#include "common/http/content.hpp"
#include "common/log/log.hpp"

namespace roamdesk::sbc {
namespace fs = std::filesystem;

ContentCache::ContentCache(fs::path folder, Limits limits) : folder_(std::move(folder)), limits_(limits) {
  std::error_code fault;
  std::vector<std::pair<fs::file_time_type, Kept>> found;
  for (auto at = fs::directory_iterator(folder_, fault); !fault && at != fs::directory_iterator();
       at.increment(fault)) {
    std::error_code unreadable;
    const auto name = at->path().filename().string();
    const auto bytes = at->file_size(unreadable);
    if (!unreadable && http::is_sha256(name))
      found.emplace_back(at->last_write_time(unreadable), Kept{name, bytes});
    else
      fs::remove(at->path(), unreadable);  // cut short
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [time, one] : found) {
    held_ += one.bytes;
    kept_.push_back(std::move(one));
  }
  make_room(0);
}

std::shared_ptr<http::FileSource> ContentCache::find(std::string_view sha256, std::uint64_t bytes) {
  if (const auto coming = coming_.find(sha256); coming != coming_.end())
    return coming->second.source->bytes() == bytes ? coming->second.source : nullptr;
  const auto known = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& one) { return one.sha256 == sha256; });
  if (known == kept_.end()) return nullptr;
  auto source = http::FileSource::open(file(sha256), bytes);
  if (!source) {
    std::error_code ignored;
    fs::remove(file(sha256), ignored);
    held_ -= known->bytes;
    kept_.erase(known);
    return nullptr;
  }
  kept_.splice(kept_.end(), kept_, known);
  std::error_code ignored;
  fs::last_write_time(file(sha256), fs::file_time_type::clock::now(), ignored);
  return source;
}

bool ContentCache::make_room(std::uint64_t bytes) {
  if (bytes > limits_.in_all) return false;
  while (held_ + bytes > limits_.in_all && !kept_.empty()) {
    std::error_code ignored;
    fs::remove(file(kept_.front().sha256), ignored);
    held_ -= kept_.front().bytes;
    kept_.pop_front();
  }
  if (held_ + bytes > limits_.in_all) return false;
  if (bytes == 0) return true;
  std::error_code fault;
  const auto space = fs::space(folder_, fault);
  return !fault && space.available >= bytes && space.available - bytes >= limits_.left_free;
}

std::shared_ptr<http::FileSource> ContentCache::begin(std::string_view sha256, std::uint64_t bytes) {
  if (!http::is_sha256(sha256) || bytes == 0 || coming_.contains(sha256)) return nullptr;
  std::error_code ignored;
  fs::create_directories(folder_, ignored);
  fs::remove(draft(sha256), ignored);
  auto source = make_room(bytes) ? http::FileSource::create(draft(sha256), bytes) : nullptr;
  if (!source) {
    log::warning("sbc.firmware_not_kept", {{"why", "no room on the disk"}, {"folder", folder_.string()}});
    return nullptr;
  }
  held_ += bytes;
  coming_.emplace(std::string{sha256}, Coming{source, {}});
  return source;
}

bool ContentCache::append(std::string_view sha256, std::string_view bytes) {
  const auto found = coming_.find(sha256);
  if (found == coming_.end()) return false;
  auto& [source, hash] = found->second;
  hash.update(crypto::as_bytes(bytes));
  if (!source->append(bytes)) {
    give_up(sha256);
    return false;
  }
  if (source->written() < source->bytes()) {
    source->publish(source->written());
    return true;
  }
  std::error_code fault;
  if (crypto::to_hex(hash.finish()) != sha256) {
    log::warning("sbc.firmware_not_kept", {{"why", "it hasn't the hash by which it is called"}});
    give_up(sha256);
    return false;
  }
  fs::rename(draft(sha256), file(sha256), fault);
  source->publish(source->bytes());
  const Kept whole{std::string{sha256}, source->bytes()};
  coming_.erase(found);
  if (fault)
    held_ -= whole.bytes;
  else
    kept_.push_back(whole);
  return true;
}

void ContentCache::give_up(std::string_view sha256) {
  const auto found = coming_.find(sha256);
  if (found == coming_.end()) return;
  found->second.source->fail();
  held_ -= found->second.source->bytes();
  std::error_code ignored;
  fs::remove(draft(sha256), ignored);
  coming_.erase(found);
}

}  // namespace roamdesk::sbc
