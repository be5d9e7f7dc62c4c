#include <fmt/format.h>

#include "common/crypto/bytes.hpp"
#include "common/crypto/hash.hpp"
#include "pbx-core/api/service.hpp"

namespace roamdesk::api {
namespace {

constexpr std::size_t longest_token = 128;

}  // namespace

std::string bearer_token(const http::Request& request) {
  const auto field = request.field("Authorization");
  // RFC 9110 §11.1: the scheme's case doesn't matter.
  constexpr std::string_view scheme = "bearer ";
  if (!field || field->size() <= scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if (std::tolower(static_cast<unsigned char>((*field)[i])) != scheme[i]) return {};
  return std::string(field->substr(scheme.size()));
}

// A cookie goes with requests that other pages cause; SameSite=Strict stops most of them, this stops the rest (another
// port of the same host is the same site).
bool from_our_page(const http::Request& request, bool otherwise) {
  const auto origin = request.field("Origin");
  if (!origin) {
    if (const auto site = request.field("Sec-Fetch-Site")) return *site == "same-origin";
    return otherwise;
  }
  return *origin == fmt::format("{}://{}", request.tls ? "https" : "http", request.field("Host").value_or(""));
}

// Over TLS the prefix keeps other servers from setting it (RFC 6265bis §4.1.3.2). Two names, since cookies don't know
// ports: with one, the log-in in the clear on port 5000 couldn't replace the Secure cookie of port 5001.
std::string_view cookie_name(const http::Request& request) { return request.tls ? "__Host-roamdesk" : "roamdesk"; }

std::string cookie_of(const std::string& token, const http::Request& request, std::chrono::seconds lifetime) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", cookie_name(request), token,
                     token.empty() ? 0 : lifetime.count(), request.tls ? "; Secure" : "");
}

std::optional<Principal> Service::principal_of(const std::string& token, bool by_cookie, IpAddress peer) {
  if (token.empty() || token.size() > longest_token) return std::nullopt;
  const auto find_user = [this](const std::string& name) -> const User* {
    const auto user = users_.find(name);
    return user == users_.end() || user->second.disabled ? nullptr : &user->second;
  };
  const std::string hash = crypto::sha256_hex(token);
  if (const LoginSessions::Session* session = sessions_.touch(hash, peer, now())) {
    // A log-in by cookie is good in the cookie only, and the other way round.
    const User* user = find_user(session->user);
    if (!user || by_cookie != (session->via == Via::cookie)) return std::nullopt;
    return Principal{session->user, user->role, session->via, session->id, user->sites};
  }
  if (by_cookie) return std::nullopt;  // API tokens are for scripts
  for (const auto& [id, candidate] : tokens_) {
    if (!crypto::equal_constant_time(candidate.token_hash, hash)) continue;
    const User* user = find_user(candidate.user);
    if (!user || (candidate.expires && *candidate.expires <= now())) return std::nullopt;
    // Never more than its user may by now.
    return Principal{candidate.user, std::min(candidate.scope, user->role), Via::api_token, id, user->sites};
  }
  return std::nullopt;
}

bool Service::still_good(const Principal& who) const {
  if (who.via != Via::api_token) return sessions_.find(who.credential, now()) != nullptr;
  const auto token = tokens_.find(who.credential);
  return token != tokens_.end() && (!token->second.expires || now() < *token->second.expires);
}

bool Service::admit(Call& call, Role needed, bool account) {
  const http::Request& request = call.request;
  const IpAddress peer = request.peer.address;
  std::optional<Principal> who;
  if (request.field("Authorization"))
    who = principal_of(bearer_token(request), false, peer);
  else if (const auto cookie = request.cookie(cookie_name(request)))
    who = principal_of(std::string(*cookie), true, peer);
  if (!who) {
    call.fail({401,
               "Nobody is logged in with this; a token of POST /api/v1/login, or an API token, is expected in "
               "\"Authorization: Bearer …\"",
               ""});
    return false;
  }
  const bool safe = request.method == "GET" || request.method == "HEAD";
  if (who->via == Via::cookie && !safe && !from_our_page(request, false)) {
    call.fail({403, "This came from another page than the console; use a token in \"Authorization: Bearer …\"", ""});
    return false;
  }
  if (who->role < needed) {
    call.fail({403, fmt::format("{} may not do this; the role \"{}\" is needed", who->user, word_of(needed)), ""});
    return false;
  }
  if (account && who->via == Via::api_token) {
    call.fail(
        {403,
         "An API token may not do this, whatever its scope; a log-in (the console, or POST /api/v1/login with the "
         "password and the second factor) is needed",
         ""});
    return false;
  }
  call.who = *who;
  return true;
}

}  // namespace roamdesk::api
