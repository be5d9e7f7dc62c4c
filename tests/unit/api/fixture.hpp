#pragma once
#include <gmock/gmock.h>

#include <atomic>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include "common/http/server.hpp"
#include "pbx-core/api/api.hpp"
#include "pbx-core/api/first_administrator.hpp"
#include "pbx-core/store/pepper.hpp"
#include "tests/support/fake_domain.hpp"
#include "tests/support/http_client.hpp"

namespace roamdesk::test {

namespace json = boost::json;

inline constexpr const char* desk_body =
    R"({"mac":"001565AABBCC","vendor":"Yealink","model":"t46u","options":{"language":"de","codecs":["PCMA"]}})";

struct JsonAnswer {
  int status = 0;
  json::value body;
  std::map<std::string, std::string> fields;
  std::string text{};  // the body as it came
  std::string detail() const { return std::string(body.as_object().at("detail").as_string()); }
};

// The API over a real HTTP server on 127.0.0.1, a real store in a temporary directory, and a domain in memory. The
// domain's thread is the server's: the tasks take turns, as they would between two threads.
class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    std::string name = (std::filesystem::temp_directory_path() / "roamdesk-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    store_ = std::make_unique<store::Store>(store::Store::Options{.file = directory_ / "pbx-core.db", .vfs = {}});
    const Secret pepper = store::load_or_make_pepper(directory_);
    hasher_ = std::make_unique<api::Hasher>(api::Hasher::Options{pepper});
    api::make_first_administrator(users_, *store_, *hasher_, Secret{"administrator's"}, directory_, {});
    domain_.store_record = [this](AuditRecord record) {
      store_->commit({AppendAudit{std::move(record)}}, [](auto) {});
    };
    auto& options = options_;
    options.pepper = pepper;
    options.domain_name = "pbx.example.com";
    options.post_api = options.post_domain = [this](api::Api::Task task) { server_.post(std::move(task)); };
    options.post_api_after = [this](std::chrono::milliseconds delay, api::Api::Task task) {
      server_.post_after(delay, std::move(task));
    };
    options.provision_pace = std::chrono::milliseconds(1);
    options.now = [this] { return WallTime{std::chrono::milliseconds{now_ms_.load()}}; };
    options.event_streams = 2;
    start();
    const auto provisioning = [](http::Request, http::Respond respond) {
      http::Response response;
      response.body = "a phone's";
      respond(response);
    };
    at_ = server_
              .listen(Endpoint{IpAddress{}, 0}, {},
                      api::front([this](http::Request q, http::Respond r) { api_->handle(std::move(q), std::move(r)); },
                                 provisioning, nullptr))
              .value();
    at_.address = IpAddress{0x7f000001};
  }
  ~ApiTest() override {
    server_.stop(std::chrono::milliseconds(0));
    hasher_.reset();
    store_.reset();
    api_.reset();
    std::filesystem::remove_all(directory_);
  }

  // Before the first call; again where a test has changed options_.
  void start() {
    api_ = std::make_unique<api::Api>(options_, domain_, *store_, *hasher_, users_, std::vector<ApiToken>{});
  }
  JsonAnswer call(const std::string& method, const std::string& path, const std::string& body = {},
                  const std::string& token = {}, const std::string& fields = {}, Endpoint source = {}) {
    HttpClient client(at_, false, source);
    const std::string authorization = token.empty() ? "" : "Authorization: Bearer " + token + "\r\n";
    const auto answer = client.call(method, "/api/v1" + path, body, authorization + fields);
    JsonAnswer result;
    if (!answer) return result;
    result.status = answer->status;
    result.fields = answer->fields;
    result.text = answer->body;
    const auto type = result.fields.find("content-type");
    if (type != result.fields.end() && type->second.find("json") != std::string::npos)
      result.body = json::parse(answer->body);
    return result;
  }
  std::string log_in(const std::string& name, const std::string& password) {
    const JsonAnswer answer =
        call("POST", "/login", json::serialize(json::object{{"username", name}, {"password", password}}));
    return answer.status == 200 ? std::string(answer.body.at("token").as_string()) : "";
  }
  // The administrator's call.
  JsonAnswer admin(const std::string& method, const std::string& path, const std::string& body = {}) {
    if (token_.empty()) token_ = log_in("admin", "administrator's");
    return call(method, path, body, token_);
  }
  std::string user(const std::string& name, const std::string& role) {
    admin("POST", "/users",
          json::serialize(json::object{{"name", name}, {"password", "a good password"}, {"role", role}}));
    return log_in(name, "a good password");
  }
  void on_domain(std::function<void()> task) {
    std::promise<void> done;
    server_.post([&] {
      task();
      done.set_value();
    });
    done.get_future().get();
  }

  std::filesystem::path directory_;
  FakeDomain domain_;
  api::Api::Options options_;
  std::vector<User> users_;
  std::atomic<std::int64_t> now_ms_{1'700'000'000'000};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<api::Hasher> hasher_;
  std::unique_ptr<api::Api> api_;
  http::Server server_;
  Endpoint at_;
  std::string token_;
};

}  // namespace roamdesk::test
