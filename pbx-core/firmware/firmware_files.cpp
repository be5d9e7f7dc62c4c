#include "pbx-core/firmware/firmware_files.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>
#include <vector>

#include "common/crypto/bytes.hpp"
#include "common/http/content.hpp"

namespace roamdesk::core {
namespace fs = std::filesystem;

FirmwareFiles::FirmwareFiles(fs::path folder, Limits limits) : folder_(std::move(folder)), limits_(limits) {
  // Cut short by the end of the last process.
  std::error_code fault;
  std::vector<fs::path> drafts;
  for (auto at = fs::directory_iterator(folder_, fault); !fault && at != fs::directory_iterator(); at.increment(fault))
    if (const std::string name = at->path().filename().string(); name.starts_with("upload-"))
      drafts.push_back(at->path());
    else if (http::is_sha256(name))
      found_.insert(name);
  for (const auto& path : drafts) fs::remove(path, fault);
}

std::uint64_t FirmwareFiles::held() const {
  std::uint64_t all = 0;
  std::error_code fault;
  for (auto at = fs::directory_iterator(folder_, fault); !fault && at != fs::directory_iterator();
       at.increment(fault)) {
    std::error_code unreadable;
    const auto bytes = at->file_size(unreadable);
    if (!unreadable && !at->path().filename().string().starts_with("upload-")) all += bytes;
  }
  for (const auto& [id, upload] : uploads_) all += upload.file->bytes();
  return all;
}

std::optional<FirmwareFiles::Fault> FirmwareFiles::begin(const std::string& id, std::uint64_t bytes, WallTime now) {
  if (bytes == 0 || bytes > limits_.file)
    return Fault{Fault::bad, fmt::format("is out of range; expected 1 to {} bytes", limits_.file)};
  if (uploads_.size() >= limits_.uploads)
    return Fault{Fault::busy,
                 fmt::format("{} uploads are under way; try again when one of them is over", limits_.uploads)};
  std::error_code fault;
  fs::create_directories(folder_, fault);
  if (held() + bytes > limits_.in_all)
    return Fault{Fault::full, fmt::format("Files of firmware may have {} MiB together; delete some that no model needs",
                                          limits_.in_all >> 20)};
  const auto space = fs::space(folder_, fault);
  if (fault || space.available < bytes || space.available - bytes < limits_.left_free)
    return Fault{Fault::full, fmt::format("The disk of {} hasn't room for it", folder_.string())};
  auto file = http::FileSource::create(draft(id), bytes);
  if (!file) return Fault{Fault::disk, fmt::format("{} can't be written", folder_.string())};
  Upload upload{std::move(file), {}, now};
  uploads_.emplace(id, std::move(upload));
  return std::nullopt;
}

std::variant<std::uint64_t, FirmwareFiles::Fault> FirmwareFiles::append(const std::string& id, std::uint64_t offset,
                                                                        std::string_view piece, WallTime now) {
  const auto found = uploads_.find(id);
  if (found == uploads_.end()) return Fault{Fault::unknown, "There is no such upload; it may have been given up"};
  auto& [file, hash, heard] = found->second;
  if (offset != file->written())
    return Fault{Fault::busy,
                 fmt::format("This piece doesn't follow what is there; the next one is at {}", file->written())};
  if (piece.empty() || piece.size() > limits_.piece || piece.size() > file->bytes() - file->written())
    return Fault{Fault::bad, fmt::format("This piece has {} bytes; expected 1 to {}, and no more than are left",
                                         piece.size(), limits_.piece)};
  if (!file->append(piece) || !file->sync()) {
    give_up(id);
    return Fault{Fault::disk, "The disk doesn't take it"};
  }
  hash.update(crypto::as_bytes(piece));
  heard = now;
  return file->written();
}

std::variant<std::string, FirmwareFiles::Fault> FirmwareFiles::finish(const std::string& id) {
  const auto found = uploads_.find(id);
  if (found == uploads_.end()) return Fault{Fault::unknown, "There is no such upload"};
  const std::string sha256 = crypto::to_hex(found->second.hash.finish());
  uploads_.erase(found);
  std::error_code fault;
  fs::rename(draft(id), folder_ / sha256, fault);
  if (fault) return Fault{Fault::disk, "The file can't be given its name: " + fault.message()};
  unsettled_.insert(sha256);
  found_.erase(sha256);
  return sha256;
}

void FirmwareFiles::settle(const std::string& sha256, bool has_record) {
  if (const auto one = unsettled_.find(sha256); one != unsettled_.end()) unsettled_.erase(one);
  if (!has_record) remove(sha256);
}

void FirmwareFiles::keep_only(const std::set<std::string>& recorded) {
  for (const auto& sha256 : std::exchange(found_, {}))
    if (!recorded.contains(sha256)) remove(sha256);
}

void FirmwareFiles::give_up(const std::string& id) {
  if (uploads_.erase(id) == 0) return;
  std::error_code ignored;
  fs::remove(draft(id), ignored);
}

void FirmwareFiles::forget_stale(WallTime now, const std::function<void(const std::string& id)>& gone) {
  std::vector<std::string> stale;
  for (const auto& [id, upload] : uploads_)
    if (upload.heard + limits_.patience <= now) stale.push_back(id);
  for (const auto& id : stale) {
    give_up(id);
    gone(id);
  }
}

bool FirmwareFiles::present(const std::string& sha256, std::uint64_t bytes) const {
  std::error_code fault;
  return http::is_sha256(sha256) && fs::file_size(folder_ / sha256, fault) == bytes && !fault;
}

void FirmwareFiles::remove(const std::string& sha256) {
  if (!http::is_sha256(sha256) || unsettled_.contains(sha256)) return;
  std::error_code ignored;
  fs::remove(folder_ / sha256, ignored);
}

}  // namespace roamdesk::core
