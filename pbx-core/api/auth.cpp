#include <fmt/format.h>

#include "common/crypto/bytes.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "pbx-core/api/service.hpp"

namespace roamdesk::api {
namespace {

constexpr std::string_view cookie_name = "roamdesk";
constexpr std::size_t longest_token = 128;

std::string bearer_token(const http::Request& request) {
  const auto field = request.field("Authorization");
  // RFC 9110 §11.1: the scheme's case doesn't matter.
  constexpr std::string_view scheme = "bearer ";
  if (!field || field->size() <= scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if (std::tolower(static_cast<unsigned char>((*field)[i])) != scheme[i]) return {};
  return std::string(field->substr(scheme.size()));
}

// Whether a browser sent this from a page of ours. A cookie goes with requests that other pages cause; SameSite=Strict
// stops most of them, this stops the rest (another port of the same host is the same site).
bool from_our_page(const http::Request& request, bool without_origin) {
  const auto origin = request.field("Origin");
  if (!origin) {
    if (const auto site = request.field("Sec-Fetch-Site")) return *site == "same-origin";
    return without_origin;
  }
  return *origin == fmt::format("{}://{}", request.tls ? "https" : "http", request.field("Host").value_or(""));
}

std::string cookie_of(const std::string& token, const http::Request& request, std::chrono::seconds lifetime) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", cookie_name, token, lifetime.count(),
                     request.tls ? "; Secure" : "");
}

}  // namespace

std::optional<Principal> Service::principal_of(const std::string& token, bool by_cookie) {
  if (token.empty() || token.size() > longest_token) return std::nullopt;
  const std::string hash = crypto::sha256_hex(token);
  if (const auto name = sessions_.touch(hash, now())) {
    const auto user = users_.find(*name);
    if (user == users_.end()) return std::nullopt;
    return Principal{*name, parse_role(user->second.role).value_or(Role::reader), by_cookie};
  }
  if (by_cookie) return std::nullopt;  // API tokens are for scripts
  for (const auto& [id, candidate] : tokens_) {
    if (!crypto::equal_constant_time(candidate.token_hash, hash)) continue;
    if (candidate.expires && *candidate.expires <= now()) return std::nullopt;
    const auto user = users_.find(candidate.user);
    if (user == users_.end()) return std::nullopt;
    // Never more than its user may by now.
    const Role scope = parse_role(candidate.scope).value_or(Role::reader);
    return Principal{candidate.user, std::min(scope, parse_role(user->second.role).value_or(Role::reader)), false};
  }
  return std::nullopt;
}

bool Service::admit(Call& call, Role needed) {
  const http::Request& request = call.request;
  std::optional<Principal> who;
  if (request.field("Authorization"))
    who = principal_of(bearer_token(request), false);
  else if (const auto cookie = request.cookie(cookie_name))
    who = principal_of(std::string(*cookie), true);
  if (!who) {
    call.fail({401,
               "Nobody is logged in with this; a token of POST /api/v1/login, or an API token, is expected in "
               "\"Authorization: Bearer …\"",
               ""});
    return false;
  }
  const bool safe = request.method == "GET" || request.method == "HEAD";
  if (who->by_cookie && !safe && !from_our_page(request, false)) {
    call.fail({403, "This came from another page than the console; use a token in \"Authorization: Bearer …\"", ""});
    return false;
  }
  if (who->role < needed) {
    call.fail({403,
               fmt::format("{} may not do this; the role \"{}\" is needed", who->user,
                           needed == Role::administrator ? "administrator" : "operator"),
               ""});
    return false;
  }
  call.who = *who;
  return true;
}

void Service::log_in(const CallPtr& call) {
  if (!from_our_page(call->request, true)) return call->fail({403, "This came from another page than the console", ""});
  Reader reader(call->body, {"username", "password"});
  const std::string name = reader.required("username", "admin");
  const Secret password{reader.required("password", "…")};
  if (call->failed(reader)) return;
  if (name.size() > 64 || password.reveal().size() > 1024)
    return call->fail({401, "The user or the password is wrong", ""});
  if (const auto wait = guard_.begin(name, call->request.peer.address, now())) {
    http::Response response =
        to_response({429, fmt::format("Too many failed log-ins; the next is possible in {} s", wait->count()), ""});
    response.fields.push_back({"Retry-After", std::to_string(wait->count())});
    return call->respond(std::move(response));
  }
  const auto user = users_.find(name);
  // Somebody who doesn't exist costs the same time.
  const std::string stored = user == users_.end() ? "" : user->second.password_hash;
  hasher_.verify(
      crypto::Kind::password, password, stored, [self = shared_from_this(), call, name](Hasher::Verdict verdict) {
        self->options_.post_api([self, call, name, verdict] { self->password_checked(call, name, verdict); });
      });
}

void Service::password_checked(const CallPtr& call, const std::string& name, Hasher::Verdict verdict) {
  const std::string peer = to_string(call->request.peer.address);
  const auto user = users_.find(name);
  if (verdict == Hasher::Verdict::busy) {
    guard_.succeeded(name, call->request.peer.address);  // nothing was tried
    return call->fail({503, "Too many log-ins at once; try again", ""});
  }
  if (verdict == Hasher::Verdict::wrong || user == users_.end()) {
    // A name that isn't one of ours may be a password in the wrong field: it is told to nobody.
    const std::string known = user == users_.end() ? "" : name;
    store_.commit({AppendAudit{{0, now(), known, peer, "console.login_failed", known, ""}}}, [](auto) {});
    tell("login.failed",
         {{"user", known.empty() ? boost::json::value(nullptr) : boost::json::value(known)}, {"peer", peer}});
    return call->fail({401, "The user or the password is wrong", ""});
  }
  guard_.succeeded(name, call->request.peer.address);
  const std::string token = crypto::random_token(32);
  sessions_.add(crypto::sha256_hex(token), name, now());
  store_.commit({AppendAudit{{0, now(), name, peer, "console.login", name, ""}}}, [](auto) {});
  http::Response response = json_response(200, boost::json::object{{"token", token}});
  response.fields.push_back({"Set-Cookie", cookie_of(token, call->request, options_.login_lifetime)});
  call->respond(std::move(response));
}

void Service::log_out(const CallPtr& call) {
  const http::Request& request = call->request;
  const auto cookie = request.cookie(cookie_name);
  const std::string token = request.field("Authorization") ? bearer_token(request) : std::string(cookie.value_or(""));
  sessions_.remove(crypto::sha256_hex(token));
  store_.commit({AppendAudit{audit_of(*call, {"console.logout", call->who.user, ""})}}, [](auto) {});
  http::Response response;
  response.status = 204;
  response.fields.push_back({"Set-Cookie", cookie_of("", request, std::chrono::seconds{0})});
  call->respond(std::move(response));
}

}  // namespace roamdesk::api
