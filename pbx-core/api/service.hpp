#pragma once
#include <atomic>
#include <boost/json/object.hpp>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/base/places.hpp"
#include "common/http/event_stream.hpp"
#include "pbx-core/api/api.hpp"
#include "pbx-core/api/gate.hpp"
#include "pbx-core/api/jobs.hpp"
#include "pbx-core/api/problem.hpp"
#include "pbx-core/api/reader.hpp"
#include "pbx-core/api/second_factor.hpp"
#include "pbx-core/firmware/firmware_files.hpp"

namespace roamdesk::api {
struct Audience;  // sites.hpp
}

// What the calls of the API share. Everything in here runs on the API's thread; what runs elsewhere holds a shared_ptr.
namespace roamdesk::api {

// One request on its way to its answer.
struct Call {
  http::Request request;
  http::Respond respond;
  Principal who;
  std::vector<std::string> parameters;  // of the path, decoded: {number}, {mac}, {name}, {id}
  boost::json::object body;
  std::function<bool(const Domain&)> still{};  // Actor's, where the request has an If-Match

  void answer(unsigned status, const boost::json::value& json) const { respond(json_response(status, json)); }
  void no_content() const;
  void fail(Problem problem) const { respond(to_response(problem)); }
  // Fails where the reader has found a problem; then the caller returns.
  bool failed(const Reader& reader) const;
  // The parameter at `at`, as a MAC or a number; fails with 422 where it is none.
  std::optional<Mac> mac(std::size_t at = 0) const;
  std::optional<ExtensionNumber> number(std::size_t at = 0) const;
  Actor actor() const;
};
using CallPtr = std::shared_ptr<Call>;

// What the audit says of a change: "extension.created", "101", "hot_desking, keys".
struct Trace {
  std::string action, subject, detail;
};

// A second factor that its user has been shown and hasn't confirmed yet.
struct PendingFactor {
  crypto::Bytes secret;
  WallTime until{};
};

// The cookie of a console's log-in, or (with an empty token) its end.
std::string cookie_of(const std::string& token, const http::Request& request, std::chrono::seconds lifetime);
std::string_view cookie_name(const http::Request& request);
std::string bearer_token(const http::Request& request);
// Whether a browser sent this from a page of ours; `otherwise`: whether it counts as ours where it doesn't say.
bool from_our_page(const http::Request& request, bool otherwise);

class Service : public std::enable_shared_from_this<Service> {
 public:
  Service(Api::Options options, Domain& domain, store::Store& store, Hasher& hasher, std::vector<User> users,
          std::vector<ApiToken> tokens);

  void handle(http::Request request, http::Respond respond);
  bool is_listened_to() const { return *open_streams_ > 0; }
  void post_event(Event event);

  // Asks the domain on its thread, and hands the answer to `then` on ours.
  template <class Ask, class Then>
  void read(Ask ask, Then then) {
    options_.post_domain([self = shared_from_this(), ask = std::move(ask), then = std::move(then)]() mutable {
      using Value = std::decay_t<std::invoke_result_t<Ask&, const Domain&>>;
      auto value = std::make_shared<Value>(ask(std::as_const(self->domain_)));
      self->options_.post_api([self, value, then = std::move(then)]() mutable { then(std::move(*value)); });
    });
  }
  // What is asked of the domain; the Actor carries the audit's record of it.
  using Command = std::function<void(Domain&, const Actor&, Done)>;
  using KeyCommand = std::function<void(Domain&, const Actor&, Domain::KeyDone)>;
  // Has the domain change something, with the audit's record of it; then calls `then`; fails the call else.
  void command(const CallPtr& call, Trace trace, Command change, std::function<void(Outcome)> then);
  void command_for_key(const CallPtr& call, Trace trace, KeyCommand change, std::function<void(Secret)> then);
  // Reads one thing and answers with it; 404 where it has gone.
  template <class Ask>
  void answer_with(const CallPtr& call, unsigned status, Ask ask, std::string location = {});

  // Stores, then calls `then`; where that fails, calls `undo` and fails the call with 503.
  void commit(const CallPtr& call, Changes changes, std::function<void()> then, std::function<void()> undo);
  void hash(const CallPtr& call, crypto::Kind kind, Secret secret, std::function<void(std::string)> then);
  AuditRecord audit_of(const Call& call, Trace trace) const { return audit_of(call.actor(), std::move(trace)); }
  AuditRecord audit_of(const Actor& actor, Trace trace) const;
  // The actor with the record of the change, where `trace` says one.
  Actor with_record(Actor actor, const Trace& trace) const;
  WallTime now() const { return options_.now(); }
  const Api::Options& options() const { return options_; }

  // auth.cpp: who the request is from; false (and an answer was given) where the caller may not. `account`: nothing
  // for API tokens.
  bool admit(Call& call, Role needed, bool account);
  // log_in.cpp
  void log_in(const CallPtr& call);
  void log_out(const CallPtr& call);
  // Counts an attempt at a user's password; false (and an answer was given) where there have been too many.
  bool begin_attempt(const CallPtr& call, const std::string& name);
  // Whether `password` is the caller's own; else an answer is given. Counts as a log-in does.
  void confirm_password(const CallPtr& call, Secret password, std::string_view field, std::function<void()> then);

  void stream_events(const CallPtr& call);
  void tell(const std::string& event, const boost::json::object& data, const Audience& audience);
  // "changed", of something of the whole company.
  void tell_change(const std::string& action, const std::string& subject, const std::string& site = {});
  void end_logins_of(const std::string& user);
  void end_session(const std::string& id);
  // Ends the event streams that were opened with a log-in or an API token.
  void close_streams_of(const std::string& credential);

  std::map<std::string, User>& users() { return users_; }
  const LoginSessions& sessions() const { return sessions_; }
  const SecondFactor& second_factor() const { return second_factor_; }
  std::map<std::string, PendingFactor>& pending_factors() { return pending_factors_; }
  std::chrono::seconds login_lifetime() const { return options_.login_lifetime; }
  const std::string& domain_name() const { return options_.domain_name; }
  std::map<std::string, ApiToken>& tokens() { return tokens_; }
  bool& backup_under_way() { return backup_under_way_; }
  // nullptr where no firmware can be put in.
  core::FirmwareFiles* firmware() { return firmware_ ? &*firmware_ : nullptr; }
  struct Upload {
    FirmwareFile file;
    std::string sha256, by;  // what it has to come to, "" for anything; whose it is
  };
  std::map<std::string, Upload>& firmware_uploads() { return firmware_uploads_; }
  // A backup that is put in, to be restored; nullptr where none can be.
  core::FirmwareFiles* restore_files() { return restore_files_ ? &*restore_files_ : nullptr; }
  struct BackupUpload {
    std::string by;
    std::uint64_t bytes = 0;
  };
  std::map<std::string, BackupUpload>& restore_uploads() { return restore_uploads_; }
  Jobs& jobs() { return jobs_; }
  Hasher& hasher() { return hasher_; }
  // As command(), of a job: `then` alone waits for the answer.
  void command_of_job(const Actor& actor, Trace trace, Command change, std::function<void(Answer)> then);
  // Ends the job, audits that, tells everybody. Nothing where it has ended already.
  void end_job(const std::string& id, JobState how, const Actor& by);
  // Tells that a job has moved on, twice a second at most.
  void tell_of(Job& job);
  store::Store& store() { return store_; }
  void on_api(std::function<void()> task) { options_.post_api(std::move(task)); }

 private:
  // Counts a stream from its admission, before its header is out, to its end.
  struct Ticket {
    explicit Ticket(std::shared_ptr<std::atomic<std::size_t>> open) : open_(std::move(open)) { ++*open_; }
    ~Ticket() { --*open_; }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

   private:
    std::shared_ptr<std::atomic<std::size_t>> open_;
  };
  struct Listener {
    http::EventStream stream;
    Principal who;
    std::shared_ptr<Ticket> ticket;
  };

  // `site`: where the subject of the change is.
  void finish(const CallPtr& call, const Trace& trace, const std::string& site, const Answer& answer,
              std::function<void()> then);
  std::optional<Principal> principal_of(const std::string& token, bool by_cookie, IpAddress peer);
  bool still_good(const Principal& who) const;
  struct Attempt;
  void password_checked(const CallPtr& call, const Attempt& attempt, Hasher::Verdict verdict);
  void check_code(const CallPtr& call, const Attempt& attempt, const User& user);
  void refuse_login(const CallPtr& call, const std::string& known, Problem problem, bool second_factor);
  void welcome(const CallPtr& call, const Attempt& attempt);

  Api::Options options_;
  Domain& domain_;
  store::Store& store_;
  Hasher& hasher_;
  std::map<std::string, User> users_;
  std::map<std::string, ApiToken> tokens_;  // by id
  bool backup_under_way_ = false;
  std::optional<core::FirmwareFiles> firmware_;
  std::map<std::string, Upload> firmware_uploads_;
  std::optional<core::FirmwareFiles> restore_files_;
  std::map<std::string, BackupUpload> restore_uploads_;
  Jobs jobs_;
  LoginGuard guard_;
  LoginGuard code_guard_;  // of one user's codes, wherever they are tried: who tries knows the password
  // Log-ins whose password is being looked at; addresses that have logged in have a share that strangers can't take.
  Places tries_{{.in_all = 16, .reserved = 8, .per_address = 4, .per_known_address = 8}};
  SecondFactor second_factor_;
  std::map<std::string, PendingFactor> pending_factors_;  // by user
  LoginSessions sessions_;
  std::list<Listener> listeners_;
  std::shared_ptr<std::atomic<std::size_t>> open_streams_ = std::make_shared<std::atomic<std::size_t>>(0);
  std::uint64_t next_event_ = 1;
};

// calls_firmware.cpp: at the start, files of firmware that have no record go.
void drop_unrecorded_firmware(Service& service);

// An error of the domain as a status.
unsigned status_of(Outcome outcome);
// The form, and whether this machine's time zone database has it.
Fault time_zone_fault(const std::string& name);

template <class Ask>
void Service::answer_with(const CallPtr& call, unsigned status, Ask ask, std::string location) {
  read(std::move(ask), [call, status, location = std::move(location)](auto view) {
    if (!view) return call->fail({404, "This was deleted in the meantime", ""});
    http::Response response = json_response(status, *view);
    if (!location.empty()) response.fields.push_back({"Location", location});
    call->respond(std::move(response));
  });
}

}  // namespace roamdesk::api
