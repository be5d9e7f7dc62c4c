#include "pbx-core/api/service.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <limits>

#include "exchange/model/site_of.hpp"
#include "pbx-core/api/conditions.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/sites.hpp"

namespace roamdesk::api {

void Call::no_content() const {
  http::Response response;
  response.status = 204;
  respond(std::move(response));
}

bool Call::failed(const Reader& reader) const {
  if (!reader.problem()) return false;
  fail(*reader.problem());
  return true;
}

std::optional<Mac> Call::mac(std::size_t at) const {
  const std::optional<Mac> mac = Mac::parse(parameters[at]);
  if (!mac) fail({422, "The MAC in the path " + check_mac(parameters[at]).value_or(""), "mac"});
  return mac;
}

std::optional<ExtensionNumber> Call::number(std::size_t at) const {
  if (const Fault fault = check_number(parameters[at])) {
    fail({422, "The number in the path " + *fault, "number"});
    return std::nullopt;
  }
  return ExtensionNumber{parameters[at]};
}

Actor Call::actor() const {
  return {who.user,
          to_string(request.peer.address) + (who.via == Via::cookie ? " console" : ""),
          who.via == Via::cookie ? Surface::console : Surface::program,
          {},
          still};
}

unsigned status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return 200;
    case Outcome::later:
      return 202;
    case Outcome::unknown:
      return 404;
    case Outcome::clash:
      return 409;
    case Outcome::refused:
      return 422;
    case Outcome::unavailable:
      return 503;
    case Outcome::stale:
      return 412;
  }
  return 500;
}

Fault time_zone_fault(const std::string& name) {
  if (Fault fault = check_time_zone(name)) return fault;
  static const std::filesystem::path zones = "/usr/share/zoneinfo";
  std::error_code ignored;
  if (std::filesystem::exists(zones, ignored) && !std::filesystem::is_regular_file(zones / name, ignored))
    return "is unknown to this machine's time zone database; a name like \"Europe/Berlin\" is expected";
  return std::nullopt;
}

Service::Service(Api::Options options, Domain& domain, store::Store& store, Hasher& hasher, std::vector<User> users,
                 std::vector<ApiToken> tokens)
    : options_(std::move(options)),
      domain_(domain),
      store_(store),
      hasher_(hasher),
      guard_({options_.login_failures, 4 * options_.login_failures, options_.login_window, options_.login_lock}),
      code_guard_({2 * options_.login_failures, std::numeric_limits<unsigned>::max(), options_.login_window,
                   options_.login_lock}),
      second_factor_(options_.pepper),
      sessions_(options_.login_lifetime) {
  if (!options_.firmware.empty()) firmware_.emplace(options_.firmware);
  if (const auto& uploads = options_.backups.restore.uploads; !uploads.empty())
    restore_files_.emplace(uploads,
                           core::FirmwareFiles::Limits{.file = 2ull << 30, .in_all = 4ull << 30, .uploads = 1});
  for (User& user : users) users_.emplace(user.name, user);
  for (ApiToken& token : tokens) tokens_.emplace(token.id, token);
}

void Service::handle(http::Request request, http::Respond respond) {
  auto call = std::make_shared<Call>();
  call->request = std::move(request);
  call->respond = std::move(respond);
  const Match match = find_route(call->request.method, call->request.target);
  const bool open = match.route && !match.route->role;
  if (!open && !admit(*call, match.route ? *match.route->role : Role::reader, match.route && match.route->account))
    return;
  if (!open)  // it has shown that it is one of us
    call->respond = [respond = std::move(call->respond)](http::Response response) {
      response.vouches_for_peer = true;
      respond(std::move(response));
    };
  if (!match.route && match.allowed.empty())
    return call->fail({404, "There is no such call; /api/v1/openapi.json lists all of them", ""});
  if (!match.route) {
    http::Response response = to_response({405, "This path takes " + match.allowed, ""});
    response.fields.push_back({"Allow", match.allowed});
    return call->respond(std::move(response));
  }
  call->parameters = match.parameters;
  const std::string& text = call->request.body;
  if (!text.empty() && !match.route->sheet) {
    boost::system::error_code ec;
    boost::json::value body = boost::json::parse(text, ec);
    if (ec) return call->fail({400, "The body isn't JSON: " + ec.message() + "; a JSON object is expected", ""});
    if (!body.is_object()) return call->fail({400, "The body isn't a JSON object; {…} is expected", ""});
    call->body = std::move(body.as_object());
  }
  if (call->request.method == "PATCH" && call->body.empty())
    return call->fail(
        {400, "The body names nothing to change; a JSON object with at least one member is expected", ""});
  within_sites(*this, call, *match.route,
               [self = shared_from_this(), call, route = match.route] { with_condition(*self, call, *route); });
}

AuditRecord Service::audit_of(const Actor& actor, Trace trace) const {
  return {
      0, now(), actor.name, actor.origin, std::move(trace.action), std::move(trace.subject), std::move(trace.detail)};
}

Actor Service::with_record(Actor actor, const Trace& trace) const {
  if (!trace.action.empty()) actor.change = audit_of(actor, trace);
  return actor;
}

void Service::finish(const CallPtr& call, const Trace& trace, const std::string& site, const Answer& answer,
                     std::function<void()> then) {
  if (answer.outcome != Outcome::ok && answer.outcome != Outcome::later)
    return call->fail({status_of(answer.outcome), answer.message, ""});
  if (!trace.action.empty()) tell_change(trace.action, trace.subject, site);
  then();
}

namespace {

// A phone that nobody has assigned is in no directory.
std::string site_of_subject(const Domain& domain, const Trace& trace) {
  if (trace.action.empty()) return {};
  std::string site = site_named(domain.directory(), trace.action, trace.subject);
  if (!site.empty()) return site;
  const auto mac = Mac::parse(trace.subject);
  const auto phone = mac ? domain.phone(*mac) : std::nullopt;
  return phone ? phone->site.value() : std::string{};
}

// Before the change, or what it has made.
std::string site_of_change(std::string before, const Domain& domain, const Trace& trace) {
  return before.empty() ? site_of_subject(domain, trace) : before;
}

Actor at_site(Actor actor, const std::string& site) {
  if (actor.change) actor.change->site = site;
  return actor;
}

}  // namespace

void Service::command(const CallPtr& call, Trace trace, Command change, std::function<void(Outcome)> then) {
  options_.post_domain([self = shared_from_this(), call, actor = with_record(call->actor(), trace), trace,
                        change = std::move(change), then = std::move(then)] {
    const std::string before = site_of_subject(self->domain_, trace);
    change(self->domain_, at_site(actor, before), [self, call, trace, before, then](Answer answer) {
      const std::string site = site_of_change(before, self->domain_, trace);
      self->options_.post_api([self, call, trace, site, then, answer = std::move(answer)] {
        self->finish(call, trace, site, answer, [then, outcome = answer.outcome] { then(outcome); });
      });
    });
  });
}

void Service::command_for_key(const CallPtr& call, Trace trace, KeyCommand change, std::function<void(Secret)> then) {
  options_.post_domain([self = shared_from_this(), call, actor = with_record(call->actor(), trace), trace,
                        change = std::move(change), then = std::move(then)] {
    const std::string before = site_of_subject(self->domain_, trace);
    change(self->domain_, at_site(actor, before), [self, call, trace, before, then](Answer answer, Secret key) {
      const std::string site = site_of_change(before, self->domain_, trace);
      self->options_.post_api([self, call, trace, site, then, answer = std::move(answer), key = std::move(key)] {
        self->finish(call, trace, site, answer, [then, key] { then(key); });
      });
    });
  });
}

void Service::commit(const CallPtr& call, Changes changes, std::function<void()> then, std::function<void()> undo) {
  std::string action;
  for (const Change& change : changes)
    if (const auto* audit = std::get_if<AppendAudit>(&change)) action = audit->record.action;
  store_.commit(std::move(changes), [self = shared_from_this(), call, action, then = std::move(then),
                                     undo = std::move(undo)](Result<void, store::StoreFault> result) {
    self->options_.post_api([self, call, action, then, undo, result] {
      // Not whom it is about: users and their tokens aren't everybody's business who hears the events.
      if (result.has_value() && !action.empty()) self->tell_change(action, "");
      if (result.has_value()) return then();
      undo();
      call->fail({503, "It can't be stored at the moment: " + store::to_string(result.error()) + "; try again", ""});
    });
  });
}

void Service::hash(const CallPtr& call, crypto::Kind kind, Secret secret, std::function<void(std::string)> then) {
  hasher_.hash(kind, std::move(secret), [self = shared_from_this(), call, then = std::move(then)](std::string hash) {
    self->options_.post_api([call, then, hash = std::move(hash)] {
      if (hash.empty()) return call->fail({503, "Too many passwords are being worked on; try again", ""});
      then(hash);
    });
  });
}

void Service::post_event(Event event) {
  options_.post_api([self = shared_from_this(), event = std::move(event)] {
    if (self->listeners_.empty()) return;
    const RenderedEvent rendered = to_json(event);
    self->tell(rendered.name, rendered.data, audience_of(event));
  });
}

void Service::tell(const std::string& event, const boost::json::object& data, const Audience& audience) {
  const std::string text = boost::json::serialize(data), id = std::to_string(next_event_++);
  for (const Listener& listener : listeners_) {
    if (!still_good(listener.who))
      listener.stream.close();  // no user has ended it: its time has come
    else if (hears(audience, listener.who))
      listener.stream.send(
          event, listener.who.is_bound() ? boost::json::serialize(cut_event(event, data, listener.who)) : text, id);
  }
}

void Service::tell_change(const std::string& action, const std::string& subject, const std::string& site) {
  tell("changed", {{"action", action}, {"subject", subject}}, audience_of_change(action, site));
}

void Service::stream_events(const CallPtr& call) {
  if (*open_streams_ >= options_.event_streams)
    return call->fail({503, "Too many event streams are open; close one, or try later", ""});
  http::Response response;
  auto ticket = std::make_shared<Ticket>(open_streams_);
  response.stream = [self = shared_from_this(), who = call->who, ticket](http::EventStream stream) {
    const auto at = self->listeners_.insert(self->listeners_.end(), Listener{stream, who, ticket});
    stream.on_close([weak = std::weak_ptr(self), at] {
      if (const auto alive = weak.lock()) alive->listeners_.erase(at);
    });
    // So that a reader knows where it begins: what it reads of the other calls from now on is not older.
    stream.send("", "{}", std::to_string(self->next_event_ - 1));
  };
  call->respond(std::move(response));
}

void Service::end_logins_of(const std::string& user) {
  sessions_.remove_user(user);
  for (const Listener& listener : listeners_)
    if (listener.who.user == user) listener.stream.close();
}

void Service::end_session(const std::string& id) {
  sessions_.remove(id);
  close_streams_of(id);
}

void Service::close_streams_of(const std::string& credential) {
  for (const Listener& listener : listeners_)
    if (listener.who.credential == credential) listener.stream.close();
}

Api::Api(Options options, Domain& domain, store::Store& store, Hasher& hasher, std::vector<User> users,
         std::vector<ApiToken> tokens)
    : service_(
          std::make_shared<Service>(std::move(options), domain, store, hasher, std::move(users), std::move(tokens))) {
  drop_unrecorded_firmware(*service_);
}
Api::~Api() = default;
void Api::handle(http::Request request, http::Respond respond) {
  service_->handle(std::move(request), std::move(respond));
}
bool Api::is_listened_to() const { return service_->is_listened_to(); }
void Api::reset_password(std::string name, PasswordResetDone done) {
  service_->on_api([service = service_, name = std::move(name), done = std::move(done)] {
    api::reset_password(*service, name, done);
  });
}
void Api::post_event(Event event) { service_->post_event(std::move(event)); }

}  // namespace roamdesk::api
