#include <fmt/format.h>

#include <fstream>

#include "common/crypto/hash.hpp"
#include "fixture.hpp"
#include "pbx-core/firmware/firmware_files.hpp"

// Firmware of phones: put in piece by piece, pinned for a model, and by nobody who may not.
namespace roamdesk::test {
namespace {
using testing::HasSubstr;

class FirmwareApi : public ApiTest {
 protected:
  FirmwareApi() {
    options_.firmware = folder = directory_ / "firmware";
    start();
    bytes.resize(700'000);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 + i / 251);
  }
  static std::string announced(const std::string& changes = {}, std::size_t size = 700'000) {
    return fmt::format(
        R"({{"vendor":"yealink","name":"T46U-108.86.0.90.rom","version":"108.86.0.90","models":["T46U"],"bytes":{}{}}})",
        size, changes);
  }
  std::string begin(const std::string& body = announced()) {
    const JsonAnswer begun = admin("POST", "/firmware-uploads", body);
    EXPECT_EQ(begun.status, 201) << json::serialize(begun.body);
    return begun.status == 201 ? std::string(begun.body.at("id").as_string()) : "";
  }
  JsonAnswer piece(const std::string& id, std::size_t offset, const std::string& text, const std::string& token = {}) {
    const std::string path = fmt::format("/firmware-uploads/{}?offset={}", id, offset);
    return token.empty() ? admin("PUT", path, text) : call("PUT", path, text, token);
  }
  // The whole file; its SHA-256.
  std::string put_in() {
    const std::string id = begin();
    const std::size_t half = 400'000;
    EXPECT_EQ(piece(id, 0, bytes.substr(0, half)).body.at("received").as_int64(), 400'000);
    const JsonAnswer made = piece(id, half, bytes.substr(half));
    EXPECT_EQ(made.status, 201);
    return made.status == 201 ? std::string(made.body.at("sha256").as_string()) : "";
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
  }
  std::filesystem::path folder;
  std::string bytes;
  static constexpr const char* pin = R"({"model":"yealink:T46U","version":"108.86.0.90"})";
};

TEST_F(FirmwareApi, TakesAFileInPieces) {
  const std::string sha256 = put_in();
  EXPECT_EQ(sha256, crypto::sha256_hex(bytes));
  std::ifstream stored{folder / sha256, std::ios::binary};
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>{stored}, {}}), bytes);
  const JsonAnswer all = admin("GET", "/firmware");
  ASSERT_EQ(all.body.as_array().size(), 1u);
  EXPECT_EQ(all.body.at(0).at("name"), "T46U-108.86.0.90.rom");
  EXPECT_TRUE(all.body.at(0).at("present").as_bool());
  EXPECT_EQ(admin("GET", "/firmware/" + sha256).body, all.body.at(0));
  EXPECT_EQ(admin("GET", "/audit?action=firmware.added").body.at("records").as_array().size(), 1u);
  std::filesystem::remove(folder / sha256);
  EXPECT_FALSE(admin("GET", "/firmware/" + sha256).body.at("present").as_bool()) << "as after a restored backup";
  EXPECT_EQ(put_in(), sha256) << "the same file again";
  EXPECT_TRUE(admin("GET", "/firmware/" + sha256).body.at("present").as_bool());
}

TEST_F(FirmwareApi, RefusesWhatCantBeFirmwareBeforeItComes) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({"vendor":"yealink","name":"../T46U.rom","version":"108.86.0.90","models":["T46U"],"bytes":5})", "name"},
      {R"({"vendor":"yealink","name":"T46U.cfg","version":"108.86.0.90","models":["T46U"],"bytes":5})", "name"},
      {R"({"vendor":"snom","name":"T46U.rom","version":"108.86.0.90","models":["D785"],"bytes":5})", "name"},
      {R"({"vendor":"nobody","name":"T46U.rom","version":"108.86.0.90","models":["T46U"],"bytes":5})", "vendor"},
      {R"({"vendor":"gigaset","name":"T46U.rom","version":"108.86.0.90","models":["T46U"],"bytes":5})", "vendor"},
      {R"({"vendor":"yealink","name":"T46U.rom","version":"latest","models":["T46U"],"bytes":5})", "version"},
      {R"({"vendor":"yealink","name":"T46U.rom","version":"96.86.0.90","models":["T46U"],"bytes":5})", "version"},
      {R"({"vendor":"yealink","name":"T46U.rom","version":"108.86.0.90","models":["D785"],"bytes":5})", "models"},
      {R"({"vendor":"yealink","name":"T46U.rom","version":"108.86.0.90","models":[],"bytes":5})", "models"},
      {R"({"vendor":"yealink","name":"T46U.rom","version":"108.86.0.90","models":["T46U"],"bytes":0})", "bytes"},
      {R"({"vendor":"yealink","name":"T46U.rom","version":"108.86.0.90","models":["T46U"],"bytes":536870913})",
       "bytes"},
      {R"({"vendor":"yealink","name":"T46U.rom","version":"108.86.0.90","models":["T46U"],"bytes":5,"sha256":"x"})",
       "sha256"},
  };
  for (const auto& [body, field] : wrong) {
    const JsonAnswer answer = admin("POST", "/firmware-uploads", body);
    EXPECT_EQ(answer.status, 422) << body;
    EXPECT_EQ(answer.body.at("field"), field) << json::serialize(answer.body);
  }
  EXPECT_EQ(admin("POST", "/firmware-uploads", R"({"vendor":"yealink"})").status, 400);
  EXPECT_THAT(admin("POST", "/firmware-uploads", wrong[6].first).detail(), HasSubstr("begins with 108"));
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(FirmwareApi, TakesPiecesInTheirOrderAndNoMoreThanWasAnnounced) {
  const std::string id = begin();
  EXPECT_EQ(piece(id, 1, "x").status, 409);
  EXPECT_EQ(piece(id, 0, std::string(524'289, 'x')).status, 422) << "more than a piece";
  EXPECT_EQ(piece(id, 0, "").status, 422);
  EXPECT_EQ(admin("PUT", "/firmware-uploads/" + id, "x").status, 400);
  EXPECT_EQ(admin("PUT", "/firmware-uploads/" + id + "?offset=-1", "x").status, 400);
  EXPECT_EQ(piece(id, 0, bytes.substr(0, 500'000)).status, 200);
  EXPECT_EQ(piece(id, 0, bytes.substr(0, 500'000)).status, 409) << "again: it says where the next one begins";
  EXPECT_THAT(piece(id, 5, "x").detail(), HasSubstr("500000"));
  EXPECT_EQ(piece(id, 500'000, std::string(200'001, 'x')).status, 422) << "more than is left";
  EXPECT_EQ(piece(id, 500'000, bytes.substr(500'000)).status, 201);
  EXPECT_EQ(piece(id, 700'000, "x").status, 404) << "it is over";
}

TEST_F(FirmwareApi, ThrowsAwayAFileThatIsAnotherThanWasSaid) {
  const std::string wanted(64, '0');
  const std::string id = begin(announced(R"(,"sha256":")" + wanted + "\"", 10));
  const JsonAnswer answer = piece(id, 0, "0123456789");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(files(), 0u);
  EXPECT_TRUE(admin("GET", "/firmware").body.as_array().empty());
}

TEST_F(FirmwareApi, ThrowsAwayAFileWhoseRecordIsRefused) {
  const std::string first = begin(announced({}, 10)), second = begin(announced({}, 10));
  EXPECT_EQ(piece(first, 0, "0123456789").status, 201);
  EXPECT_EQ(piece(second, 0, "9876543210").status, 409) << "of the same name and version";
  EXPECT_EQ(files(), 1u);
  EXPECT_TRUE(admin("GET", "/firmware/" + crypto::sha256_hex("0123456789")).body.at("present").as_bool());
}

TEST_F(FirmwareApi, ThrowsAwayAFileThatTheStoreDoesntTakeUnlessItHasARecordAlready) {
  domain_.store_fails = true;
  EXPECT_EQ(piece(begin(announced({}, 10)), 0, "0123456789").status, 503);
  EXPECT_EQ(files(), 0u);
  domain_.store_fails = false;
  EXPECT_EQ(piece(begin(announced({}, 10)), 0, "0123456789").status, 201) << "it can be put in again";
  std::filesystem::remove(folder / crypto::sha256_hex("0123456789"));
  domain_.store_fails = true;
  EXPECT_EQ(piece(begin(announced({}, 10)), 0, "0123456789").status, 503);
  EXPECT_EQ(files(), 1u) << "the record that it had before has its file again";
}

TEST_F(FirmwareApi, RemovesAtTheStartWhatAPowerCutLeftWithoutARecord) {
  const std::string known = put_in(), unknown = std::string(64, 'a');
  for (const std::string& name : {unknown, std::string{"upload-0123"}, std::string{"somebody's notes"}})
    std::ofstream{folder / name} << "x";
  start();
  token_.clear();  // log-ins are the program's
  EXPECT_TRUE(admin("GET", "/firmware/" + known).body.at("present").as_bool());
  EXPECT_FALSE(std::filesystem::exists(folder / unknown));
  EXPECT_FALSE(std::filesystem::exists(folder / "upload-0123"));
  EXPECT_TRUE(std::filesystem::exists(folder / "somebody's notes")) << "no name of ours";
}

TEST(FirmwareFiles, LeaveAFileThatWaitsForARecordOfItsOwn) {
  std::string name = (std::filesystem::temp_directory_path() / "roamdesk-XXXXXX").string();
  const std::filesystem::path at = mkdtemp(name.data());
  core::FirmwareFiles files{at};
  const auto whole = [&](const std::string& id) {
    EXPECT_FALSE(files.begin(id, 1, {}));
    EXPECT_EQ(std::get<std::uint64_t>(files.append(id, 0, "x", {})), 1u);
    return std::get<std::string>(files.finish(id));
  };
  const std::string sha256 = whole("1");
  EXPECT_EQ(whole("2"), sha256);
  files.settle(sha256, false);
  EXPECT_TRUE(files.present(sha256, 1)) << "the second one's";
  files.remove(sha256);
  EXPECT_TRUE(files.present(sha256, 1)) << "an old record goes, the new one isn't there yet";
  files.keep_only({});
  EXPECT_TRUE(files.present(sha256, 1)) << "it wasn't there at the start";
  files.settle(sha256, false);
  EXPECT_FALSE(files.present(sha256, 1));
  std::filesystem::remove_all(at);
}

TEST_F(FirmwareApi, BearsFourUploadsAndForgetsThoseThatStop) {
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(begin());
  EXPECT_EQ(admin("POST", "/firmware-uploads", announced()).status, 409);
  EXPECT_EQ(admin("DELETE", "/firmware-uploads/" + ids[0]).status, 204);
  EXPECT_EQ(piece(ids[0], 0, "x").status, 404);
  begin();
  now_ms_ += 11 * 60 * 1000;
  EXPECT_FALSE(begin().empty());
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(piece(ids[1], 0, "x").status, 404);
}

TEST_F(FirmwareApi, IsAnAdministratorsAndAnUploadItsUsersOwn) {
  const std::string reader = user("rita", "reader"), op = user("otto", "operator"),
                    other = user("anna", "administrator");
  const std::string id = begin();
  for (const auto& token : {reader, op}) {
    EXPECT_EQ(call("POST", "/firmware-uploads", announced(), token).status, 403);
    EXPECT_EQ(piece(id, 0, "x", token).status, 403);
    EXPECT_EQ(call("POST", "/firmware-pins", pin, token).status, 403);
    EXPECT_EQ(call("DELETE", "/firmware/" + std::string(64, 'a'), "", token).status, 403);
    EXPECT_EQ(call("GET", "/firmware", "", token).status, 200);
  }
  EXPECT_EQ(piece(id, 0, "x", other).status, 404) << "another administrator's";
  EXPECT_EQ(call("GET", "/firmware").status, 401);
  EXPECT_EQ(call("PUT", "/firmware-uploads/" + id + "?offset=0", "x").status, 401);
  EXPECT_EQ(piece(id, 0, "x").status, 200);
}

TEST_F(FirmwareApi, PinsAVersionWhoseFileIsThere) {
  EXPECT_EQ(admin("POST", "/firmware-pins", pin).status, 409) << "there is no file";
  const std::string sha256 = put_in();
  const JsonAnswer made = admin("POST", "/firmware-pins", pin);
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.body.at("from"), "20:00");
  EXPECT_EQ(made.body.at("until"), "05:00");
  EXPECT_EQ(made.body.at("state").at("phones").as_int64(), 0);
  EXPECT_EQ(admin("GET", "/firmware/" + sha256).body.at("pinned").at(0), "yealink:T46U");
  EXPECT_EQ(admin("DELETE", "/firmware/" + sha256).status, 409) << "it is pinned";
  EXPECT_EQ(admin("PATCH", "/firmware-pins/yealink:T46U", R"({"from":"22:30","paused":true})").status, 200);
  EXPECT_EQ(admin("PATCH", "/firmware-pins/yealink:T46U", R"({"version":"108.86.0.91"})").status, 409);
  for (const char* bad : {R"({"from":"25:00"})", R"({"until":"8"})", R"({"version":"newest"})"})
    EXPECT_EQ(admin("PATCH", "/firmware-pins/yealink:T46U", bad).status, 422) << bad;
  EXPECT_EQ(admin("POST", "/firmware-pins", R"({"model":"T46U","version":"108.86.0.90"})").status, 422);
  EXPECT_EQ(admin("POST", "/firmware-pins", R"({"model":"yealink:D785","version":"108.86.0.90"})").status, 409);
  EXPECT_EQ(admin("POST", "/firmware-pins/yealink:T46U/retry").status, 204);
  EXPECT_EQ(admin("POST", "/firmware-pins/yealink:T99/retry").status, 404);
  EXPECT_EQ(admin("DELETE", "/firmware-pins/yealink:T46U").status, 204);
  EXPECT_EQ(admin("DELETE", "/firmware/" + sha256).status, 204);
  EXPECT_EQ(files(), 0u);
}

TEST_F(FirmwareApi, TakesNoSecondFileOfTheSameNameAndVersion) {
  put_in();
  bytes[0] = static_cast<char>(~bytes[0]);
  EXPECT_EQ(admin("POST", "/firmware-uploads", announced()).status, 409);
}

}  // namespace
}  // namespace roamdesk::test
