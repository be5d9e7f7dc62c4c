#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <string>

#include "pbx-core/store/store.hpp"

namespace roamdesk::test {

// A directory that goes away with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "roamdesk-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A database of its own, written behind at once.
class StoreTest : public testing::Test {
 protected:
  store::Store::Options options() const {
    return {.file = directory_.path() / "pbx-core.db", .vfs = {}, .write_behind = std::chrono::milliseconds{0}};
  }
  TemporaryDirectory directory_;
};

// Waits for the answer; for tests only.
inline Result<void, store::StoreFault> commit(store::Store& store, Changes changes) {
  std::promise<Result<void, store::StoreFault>> answer;
  store.commit(std::move(changes), [&](Result<void, store::StoreFault> r) { answer.set_value(r); });
  return answer.get_future().get();
}

inline WallTime at(std::int64_t ms) { return WallTime{std::chrono::milliseconds{ms}}; }
inline Mac mac(std::string_view text) { return Mac::parse(text).value(); }

inline Extension extension(const std::string& number) {
  return {ExtensionNumber{number}, "Person " + number, "scrypt$x", true, {{KeyType::blf, "102", "Bob"}}};
}
inline HotDesk desk(const std::string& id, const std::string& mac_text) {
  HotDesk d{
      HotDeskId{id}, mac(mac_text), phones::Vendor::yealink, "T46U", local_site(), {}, {}, {id, Secret{"idle-" + id}}};
  return d;
}
inline Session session(const std::string& id, const std::string& desk_id, const std::string& number) {
  return {SessionId{id}, HotDeskId{desk_id}, ExtensionNumber{number}, {"user-" + id, Secret{"password"}}, at(1000)};
}

}  // namespace roamdesk::test
