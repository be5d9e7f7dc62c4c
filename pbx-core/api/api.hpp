#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/http/message.hpp"
#include "common/media_orders/orders.hpp"
#include "exchange/model/records.hpp"
#include "pbx-core/api/backups.hpp"
#include "pbx-core/api/domain.hpp"
#include "pbx-core/api/events.hpp"
#include "pbx-core/api/installer.hpp"
#include "pbx-core/api/notices.hpp"
#include "pbx-core/api/password_reset.hpp"
#include "pbx-core/pin_pool/hasher.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::api {

class Service;  // service.hpp

// The HTTP API of contract §3. It lives on the HTTP server's thread (JSON and log-ins never stall SIP) and hands what
// it asks of the domain to the signalling thread and back. It owns users, API tokens and log-ins; the domain owns the
// rest.
class Api {
 public:
  using Task = std::function<void()>;
  struct Options {
    std::function<void(Task)> post_api;     // to the thread on which handle() is called: http::Server::post
    std::function<void(Task)> post_domain;  // to the signalling thread
    std::function<void(std::chrono::milliseconds, Task)> post_api_after;  // to the API's thread, later
    Secret pepper;                                                 // store::load_or_make_pepper: seals second factors
    std::string domain_name;                                       // "pbx.example.com", for authenticator apps
    std::function<WallTime()> now;                                 // for expiries and the audit; a test gives its own
    std::chrono::seconds login_lifetime = std::chrono::hours{12};  // since its last use
    // Log-in lock-out: this many failures of one user from one peer in `window` lock the pair for `lock`.
    unsigned login_failures = 5;
    std::chrono::seconds login_window = std::chrono::minutes{5};
    std::chrono::seconds login_lock = std::chrono::minutes{15};
    std::size_t event_streams = 64;  // more are answered 503
    // The file with the password that the first start made up; it goes once that is changed. "": there is none.
    std::filesystem::path first_password{};
    BackupWays backups{};
    std::filesystem::path firmware{};  // the folder of phones' firmware; "": none can be put in (503)
    // Between two phones of POST /phones/provision. Each fetches about 10 kB, registers and subscribes to up to a
    // hundred lamps, all of it perhaps over one branch's line: four a second leave 2 Mbit/s room for calls.
    std::chrono::milliseconds provision_pace{250};
    // What GET /system shows: versions, listeners, the certificate. Called on the API's thread; null: 503.
    std::function<boost::json::object()> system{};
    // What GET /trunk-presets shows.
    std::vector<boost::json::object> trunk_presets{};
    // What GET /notices shows; sends one message, and calls what it is given once, on any thread (null: 503).
    NoticeWays notice_ways{};
    std::function<void(const TestMessage&, std::function<void(TestResult)>)> test_notice{};
    // Called on the signalling thread with the address of each wrong password or code at a log-in; null: not at all.
    std::function<void(const std::string& peer)> login_failed{};
    // What has been heard until now on these streams: calls what it is given once, on any thread. Null: nothing is
    // known.
    std::function<void(const std::vector<media::StreamId>&, std::function<void(std::vector<media::StreamQuality>)>)>
        look_at_media{};
    std::function<Installer()> installer{};  // what GET /installer shows; null: there is none
  };

  // `users` and `tokens` are the store's at the start. `domain`, `store` and `hasher` outlive the Api.
  Api(Options options, Domain& domain, store::Store& store, Hasher& hasher, std::vector<User> users,
      std::vector<ApiToken> tokens);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // Everything under /api/v1; the front (below) has let it in. On the API's thread.
  void handle(http::Request request, http::Respond respond);

  // Whether a GET /events stream is open or being opened: where none is, no event needs to be made. Any thread.
  bool is_listened_to() const;
  // `pbx-core user reset-password`. Any thread; `done` is called once, on the API's.
  void reset_password(std::string name, PasswordResetDone done);

  // Tells all GET /events streams. Any thread.
  void post_event(Event event);

 private:
  std::shared_ptr<Service> service_;
};

// Who gets what on the listeners (contract §3, end): /provision/ goes to `provisioning` from everybody; the API and the
// console answer loopback peers, and everybody over TLS; else 404 with a problem that says where they are.
// `packages` (below /packages/) and `console` may be null: 404. `proxies` are believed for whom they ask, once they
// have got in themselves.
http::Handler front(http::Handler api, http::Handler provisioning, http::Handler console,
                    std::vector<IpAddress> proxies = {}, http::Handler packages = {});
// What needs no body to be refused: strangers' bodies aren't waited for.
std::optional<http::Response> gate(const http::Request& head);

}  // namespace roamdesk::api
