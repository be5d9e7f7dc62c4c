#include <fmt/format.h>

#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "pbx-core/api/render_accounts.hpp"
#include "pbx-core/api/service.hpp"
#include "pbx-core/api/sites.hpp"

namespace roamdesk::api {
namespace {

constexpr std::size_t longest_agent = 256;

// What a browser calls itself goes into lists: bounded, and without anything but ASCII.
std::string agent_of(const http::Request& request) {
  std::string agent(request.field("User-Agent").value_or("").substr(0, longest_agent));
  for (char& c : agent)
    if (c < ' ' || c > '~') c = '?';
  return agent;
}

Problem wrong() { return {401, "The user or the password is wrong", ""}; }

http::Response locked(std::chrono::seconds wait) {
  http::Response response =
      to_response({429, fmt::format("Too many failed log-ins; the next is possible in {} s", wait.count()), ""});
  response.fields.push_back({"Retry-After", std::to_string(wait.count())});
  return response;
}

}  // namespace

struct Service::Attempt {
  Places::Id place;
  std::string name;
  std::optional<std::string> code;
  bool cookie = false;
};

bool Service::begin_attempt(const CallPtr& call, const std::string& name) {
  const auto wait = guard_.begin(name, call->request.peer.address, now());
  if (wait) call->respond(locked(*wait));
  return !wait;
}

void Service::log_in(const CallPtr& call) {
  if (!from_our_page(call->request, true)) return call->fail({403, "This came from another page than the console", ""});
  Reader reader(call->body, {"username", "password", "code", "cookie"});
  Attempt attempt;
  attempt.name = reader.required("username", "admin");
  const Secret password{reader.required("password", "…")};
  attempt.code = reader.text("code");
  attempt.cookie = reader.boolean("cookie").value_or(false);
  if (call->failed(reader)) return;
  if (attempt.code && attempt.code->empty()) attempt.code.reset();
  if (attempt.name.size() > 64 || password.reveal().size() > 1024 || attempt.code.value_or("").size() > 64)
    return call->fail(wrong());
  if (!begin_attempt(call, attempt.name)) return;
  const IpAddress peer = call->request.peer.address;
  const auto place = tries_.enter(peer, peer.is_loopback(), std::chrono::steady_clock::now());
  if (!place) {
    guard_.turned_away(attempt.name, peer);
    return call->fail({503, "Too many log-ins at once; try again", ""});
  }
  tries_.set_standing(place->place, Places::Standing::stays);
  attempt.place = place->place;
  const auto user = users_.find(attempt.name);
  // A user who doesn't exist costs the same time.
  const std::string stored = user == users_.end() ? "" : user->second.password_hash;
  hasher_.verify(
      crypto::Kind::password, password, stored, [self = shared_from_this(), call, attempt](Hasher::Verdict verdict) {
        self->options_.post_api([self, call, attempt, verdict] { self->password_checked(call, attempt, verdict); });
      });
}

void Service::refuse_login(const CallPtr& call, const std::string& known, Problem problem, bool second_factor) {
  const std::string peer = to_string(call->request.peer.address);
  store_.commit(
      {AppendAudit{{0, now(), known, peer, "console.login_failed", known, second_factor ? "second factor" : ""}}},
      [](auto) {});
  tell("login.failed",
       {{"user", known.empty() ? boost::json::value(nullptr) : boost::json::value(known)}, {"peer", peer}},
       {Audience::Who::not_bound, {}, {}});
  if (options_.login_failed) options_.post_domain([told = options_.login_failed, peer] { told(peer); });
  call->respond(second_factor ? to_response_for_code(problem) : to_response(problem));
}

void Service::password_checked(const CallPtr& call, const Attempt& attempt, Hasher::Verdict verdict) {
  tries_.leave(attempt.place);
  const auto user = users_.find(attempt.name);
  if (verdict == Hasher::Verdict::busy) {
    guard_.turned_away(attempt.name, call->request.peer.address);
    return call->fail({503, "Too many log-ins at once; try again", ""});
  }
  // A name that isn't one of ours may be a password in the wrong field: it is shown to no one.
  if (user == users_.end()) return refuse_login(call, "", wrong(), false);
  if (verdict == Hasher::Verdict::wrong || user->second.disabled)
    return refuse_login(call, attempt.name, wrong(), false);
  if (!user->second.second_factor) return welcome(call, attempt);
  if (attempt.code) return check_code(call, attempt, user->second);
  guard_.withdraw(attempt.name, call->request.peer.address);
  call->respond(to_response_for_code(
      {401, "The authenticator app's code is needed too; six digits, or a recovery code, are expected", "code"}));
}

void Service::check_code(const CallPtr& call, const Attempt& attempt, const User& user) {
  if (const auto wait = code_guard_.begin(user.name, IpAddress{}, now())) return call->respond(locked(*wait));
  const User before = user;
  User after = user;
  const auto verdict = second_factor_.check(user.name, *attempt.code, now(), *after.second_factor);
  if (verdict == SecondFactor::Verdict::wrong)
    return refuse_login(call, user.name, {401, "The code is wrong, or has been used", "code"}, true);
  code_guard_.succeeded(user.name, IpAddress{});
  users_.insert_or_assign(after.name, after);  // at once: of two log-ins with one code the second fails
  if (verdict == SecondFactor::Verdict::code) {
    store_.commit({PutUser{after}}, [](auto) {});
    return welcome(call, attempt);
  }
  const std::string left = fmt::format("{} left", after.second_factor->recovery_hashes.size());
  const AuditRecord record{
      0, now(), after.name, to_string(call->request.peer.address), "console.recovery_code", after.name, left};
  commit(
      call, {PutUser{after}, AppendAudit{record}},
      [self = shared_from_this(), call, attempt] { self->welcome(call, attempt); },
      [self = shared_from_this(), before] {
        if (self->users_.contains(before.name)) self->users_.insert_or_assign(before.name, before);
      });
}

void Service::welcome(const CallPtr& call, const Attempt& attempt) {
  const IpAddress peer = call->request.peer.address;
  guard_.succeeded(attempt.name, peer);
  tries_.remember(peer, std::chrono::steady_clock::now());
  const User& user = users_.at(attempt.name);
  const std::string token = crypto::random_token(32);
  LoginSessions::Session session{.user = user.name,
                                 .via = attempt.cookie ? Via::cookie : Via::token,
                                 .agent = agent_of(call->request),
                                 .created = now(),
                                 .last_used = now(),
                                 .peer = peer};
  sessions_.add(crypto::sha256_hex(token), std::move(session));
  store_.commit({AppendAudit{{0, now(), user.name, to_string(peer), "console.login", user.name, ""}}}, [](auto) {});
  // What a page can read, a script that got into it could: it gets no token.
  http::Response response = attempt.cookie ? json_response(200, me_to_json(user, user.role))
                                           : json_response(200, boost::json::object{{"token", token}});
  response.vouches_for_peer = true;
  if (!attempt.cookie) return call->respond(std::move(response));
  response.fields.push_back({"Set-Cookie", cookie_of(token, call->request, options_.login_lifetime)});
  call->respond(std::move(response));
}

void Service::log_out(const CallPtr& call) {
  if (call->who.via == Via::api_token)
    return call->fail({403, "An API token isn't logged out; DELETE /tokens/{id} ends it", ""});
  end_session(call->who.credential);
  store_.commit({AppendAudit{audit_of(*call, {"console.logout", call->who.user, ""})}}, [](auto) {});
  http::Response response;
  response.status = 204;
  if (call->who.via == Via::cookie)
    response.fields.push_back({"Set-Cookie", cookie_of("", call->request, std::chrono::seconds{0})});
  call->respond(std::move(response));
}

void Service::confirm_password(const CallPtr& call, Secret password, std::string_view field,
                               std::function<void()> then) {
  const std::string name = call->who.user;
  const auto user = users_.find(name);
  if (user == users_.end()) return call->fail({404, "There is no user " + name, ""});
  if (password.reveal().size() > 1024) return call->fail({422, "The password is too long", std::string(field)});
  if (!begin_attempt(call, name)) return;
  hasher_.verify(crypto::Kind::password, std::move(password), user->second.password_hash,
                 [self = shared_from_this(), call, name, field = std::string(field),
                  then = std::move(then)](Hasher::Verdict verdict) {
                   self->options_.post_api([self, call, name, field, then, verdict] {
                     const IpAddress peer = call->request.peer.address;
                     if (verdict == Hasher::Verdict::busy) {
                       self->guard_.withdraw(name, peer);
                       return call->fail({503, "Too many log-ins at once; try again", ""});
                     }
                     if (verdict == Hasher::Verdict::wrong)
                       return call->fail({422, "This isn't your present password", field});
                     self->guard_.succeeded(name, peer);
                     then();
                   });
                 });
}

}  // namespace roamdesk::api
