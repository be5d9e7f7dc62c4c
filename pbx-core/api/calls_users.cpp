#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <filesystem>

#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "pbx-core/api/conditions.hpp"
#include "pbx-core/api/differences.hpp"
#include "pbx-core/api/render_accounts.hpp"
#include "pbx-core/api/routes.hpp"

// Users and tokens are the API's own: memory is changed first, so that of two changes at once the second sees the
// first, and put back where the store fails.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

constexpr std::size_t most_sites = 100;

bool administers_all(const User& user) {
  return user.role == Role::administrator && !user.disabled && user.sites.empty();
}

bool last_administrator(Service& service, const std::string& name) {
  const auto& users = service.users();
  const auto others = std::count_if(users.begin(), users.end(), [&](const auto& entry) {
    return administers_all(entry.second) && entry.first != name;
  });
  const auto found = users.find(name);
  return others == 0 && found != users.end() && administers_all(found->second);
}

Problem last_one() {
  return {409, "This is the last administrator of the whole company; another one has to be there first", "name"};
}

// Sites to which a user is to be bound, each once; null or none: the whole company.
std::optional<std::vector<std::string>> read_sites(Reader& reader) {
  if (reader.null("sites")) return std::vector<std::string>{};
  auto sites = reader.texts("sites", most_sites);
  if (!sites) return std::nullopt;
  for (const std::string& site : *sites)
    if (site != local_site().value()) reader.refuse("sites", check_sbc_name(site));
  std::sort(sites->begin(), sites->end());
  sites->erase(std::unique(sites->begin(), sites->end()), sites->end());
  return sites;
}

// Does `then` where each site is there.
void with_sites(Service& service, const CallPtr& call, std::vector<std::string> sites, std::function<void()> then) {
  if (sites.empty()) return then();
  service.read(
      [sites](const Domain& domain) {
        for (const std::string& site : sites)
          if (site != local_site().value() && !domain.sbc(site)) return site;
        return std::string{};
      },
      [call, then = std::move(then)](const std::string& missing) {
        if (!missing.empty())
          return call->fail({422, "There is no SBC " + missing + "; \"local\" and SBCs' names are expected", "sites"});
        then();
      });
}

struct UserPatch {
  std::optional<std::string> password;
  std::optional<Role> role;
  std::optional<bool> disabled, must_change_password;
  std::optional<std::vector<std::string>> sites;
};

std::string version_of(const User& user) { return tag_of(to_json(user), user.password_hash); }

// For the password that the first start has made up: it is good for nothing any more.
void forget_first_password(const Service& service, const std::string& user) {
  std::error_code ignored;
  if (user == "admin" && !service.options().first_password.empty())
    std::filesystem::remove(service.options().first_password, ignored);
}

std::string in_words(const std::vector<std::string>& sites) {
  return sites.empty() ? "the whole company" : fmt::format("sites {}", fmt::join(sites, " "));
}

// What the change named, for the audit.
std::string detail_of(const UserPatch& patch) {
  std::vector<std::string> parts;
  if (patch.password) parts.emplace_back("password");
  if (patch.role) parts.push_back(fmt::format("role {}", word_of(*patch.role)));
  if (patch.disabled) parts.emplace_back(*patch.disabled ? "disabled" : "enabled");
  if (patch.must_change_password) parts.emplace_back("must_change_password");
  if (patch.sites) parts.push_back(in_words(*patch.sites));
  return fmt::format("{}", fmt::join(parts, ", "));
}

// `hash`: of the new password; empty where it stays.
void change_user(Service& service, const CallPtr& call, const std::string& name, const UserPatch& patch,
                 std::string hash) {
  const auto found = service.users().find(name);
  if (found == service.users().end()) return call->fail({404, "There is no user " + name, "name"});
  if (!may_change(call, version_of(found->second))) return;
  const bool steps_down = (patch.role && *patch.role != Role::administrator) || patch.disabled.value_or(false) ||
                          (patch.sites && !patch.sites->empty());
  if (steps_down && last_administrator(service, name)) return call->fail(last_one());
  const User before = found->second;
  User after = before;
  if (!hash.empty()) after.password_hash = std::move(hash);
  if (patch.role) after.role = *patch.role;
  if (patch.disabled) after.disabled = *patch.disabled;
  if (patch.sites) after.sites = *patch.sites;
  // Whoever chooses a password for oneself needs no other.
  if (patch.password && name == call->who.user) after.must_change_password = false;
  if (patch.must_change_password) after.must_change_password = *patch.must_change_password;
  found->second = after;
  AuditRecord record = service.audit_of(*call, {"user.changed", name, detail_of(patch)});
  record.changes = differences(to_json(before), to_json(after));
  service.commit(
      call, {PutUser{after}, AppendAudit{std::move(record)}},
      [&service, call, after, password = patch.password.has_value()] {
        if (password) forget_first_password(service, after.name);
        service.end_logins_of(after.name);  // a log-in by the old password ends
        call->answer(200, to_json(after));
      },
      [&service, before] { service.users().insert_or_assign(before.name, before); });
}

}  // namespace

void show_me(Service& service, const CallPtr& call) {
  const User& user = service.users().at(call->who.user);  // admitted a moment ago
  http::Response response = json_response(200, me_to_json(user, call->who.role));
  // A page that is opened again and again keeps its cookie, as the log-in behind it lives on.
  if (call->who.via == Via::cookie)
    response.fields.push_back({"Set-Cookie", cookie_of(std::string(*call->request.cookie(cookie_name(call->request))),
                                                       call->request, service.login_lifetime())});
  call->respond(std::move(response));
}

void list_users(Service& service, const CallPtr& call) {
  json::array all;
  for (const auto& [name, user] : service.users()) all.push_back(to_json(user));
  call->answer(200, all);
}

void show_user(Service& service, const CallPtr& call) {
  const auto found = service.users().find(call->parameters[0]);
  if (found == service.users().end()) return call->fail({404, "There is no user " + call->parameters[0], "name"});
  http::Response response = json_response(200, to_json(found->second));
  response.fields.push_back({"ETag", version_of(found->second)});
  call->respond(std::move(response));
}

void create_user(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"name", "password", "role", "must_change_password", "sites"});
  const std::string name = reader.required("name", "alice"), password = reader.required("password", "…");
  const Role role = reader.required_word<Role>("role");
  const bool must_change = reader.boolean("must_change_password").value_or(false);
  const auto sites = read_sites(reader).value_or(std::vector<std::string>{});
  reader.refuse("name", check_user_name(name));
  reader.refuse("password", check_password(password, name));
  if (call->failed(reader)) return;
  if (service.users().contains(name))
    return call->fail({409, "The user " + name + " is there already; another name, or PATCH, is expected", "name"});
  with_sites(service, call, sites, [&service, call, name, role, must_change, sites, secret = Secret{password}] {
    service.hash(
        call, crypto::Kind::password, secret, [&service, call, name, role, must_change, sites](std::string hash) {
          User user{name, std::move(hash), role};
          user.must_change_password = must_change;
          user.sites = sites;
          if (!service.users().emplace(name, user).second)
            return call->fail({409, "The user " + name + " is there already", "name"});
          const std::string detail =
              fmt::format("role {}{}", word_of(role), sites.empty() ? "" : ", " + in_words(sites));
          service.commit(
              call, {PutUser{user}, AppendAudit{service.audit_of(*call, {"user.created", name, detail})}},
              [call, user] { call->answer(201, to_json(user)); }, [&service, name] { service.users().erase(name); });
        });
  });
}

void patch_user(Service& service, const CallPtr& call) {
  const std::string name = call->parameters[0];
  Reader reader(call->body, {"password", "current_password", "role", "disabled", "must_change_password", "sites"});
  const UserPatch patch{reader.text("password"), reader.word<Role>("role"), reader.boolean("disabled"),
                        reader.boolean("must_change_password"), read_sites(reader)};
  const auto current = reader.text("current_password");
  const bool own = name == call->who.user;
  const bool own_password = own && !patch.role && !patch.disabled && !patch.must_change_password && !patch.sites;
  if (!call->who.administers_all() && !own_password)
    return call->fail({403, "Only an administrator may change somebody else, or a role", ""});
  // Who finds a browser open must not be able to change the lock.
  const bool ask = own && patch.password && call->who.via == Via::cookie;
  if (ask && !current) reader.malformed("current_password", "is missing; your present password is expected");
  if (patch.password) reader.refuse("password", check_password(*patch.password, name));
  if (call->failed(reader)) return;
  if (!service.users().contains(name)) return call->fail({404, "There is no user " + name, "name"});
  const auto change = [&service, call, name, patch] {
    if (!patch.password) return change_user(service, call, name, patch, "");
    service.hash(
        call, crypto::Kind::password, Secret{*patch.password},
        [&service, call, name, patch](std::string hash) { change_user(service, call, name, patch, std::move(hash)); });
  };
  with_sites(service, call, patch.sites.value_or(std::vector<std::string>{}), [&service, call, ask, current, change] {
    if (ask)
      service.confirm_password(call, Secret{*current}, "current_password", change);
    else
      change();
  });
}

void delete_user(Service& service, const CallPtr& call) {
  const std::string name = call->parameters[0];
  const auto found = service.users().find(name);
  if (found == service.users().end()) return call->fail({404, "There is no user " + name, "name"});
  if (!may_change(call, version_of(found->second))) return;
  if (last_administrator(service, name)) return call->fail(last_one());
  const User before = found->second;
  service.users().erase(found);
  service.commit(
      call, {DeleteUser{name}, AppendAudit{service.audit_of(*call, {"user.deleted", name, ""})}},
      [&service, call, name] {
        service.end_logins_of(name);
        forget_first_password(service, name);
        std::erase_if(service.tokens(), [&](const auto& entry) { return entry.second.user == name; });
        call->no_content();
      },
      [&service, before] { service.users().emplace(before.name, before); });
}

void list_tokens(Service& service, const CallPtr& call) {
  json::array all;
  for (const auto& [id, token] : service.tokens())
    if (call->who.administers_all() || token.user == call->who.user) all.push_back(to_json(token));
  call->answer(200, all);
}

void create_token(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"name", "scope", "expires"});
  ApiToken token;
  token.name = reader.required("name", "backup script");
  token.scope = reader.required_word<Role>("scope");
  const auto expires = reader.text("expires");
  reader.refuse("name", check_label(token.name, 64));
  if (expires) {
    token.expires = parse_rfc3339(*expires);
    if (!token.expires)
      reader.refuse("expires", Fault{"is not a time; RFC 3339 is expected, like \"2027-01-31T12:00:00Z\""});
    else if (*token.expires <= service.now())
      reader.refuse("expires", Fault{"has passed; a time in the future is expected"});
  }
  if (call->failed(reader)) return;
  if (token.scope > call->who.role)
    return call->fail({403, "The scope is more than you may yourself; your own role or less is expected", "scope"});
  const std::string secret = crypto::random_token(32);
  token.id = crypto::random_hex(8);
  token.user = call->who.user;
  token.token_hash = crypto::sha256_hex(secret);
  service.tokens().emplace(token.id, token);
  service.commit(
      call,
      {PutToken{token}, AppendAudit{service.audit_of(
                            *call, {"token.created", token.id, fmt::format("scope {}", word_of(token.scope))})}},
      [call, token, secret] {
        json::object body = to_json(token);
        body["token"] = secret;
        call->answer(201, body);
      },
      [&service, id = token.id] { service.tokens().erase(id); });
}

void delete_token(Service& service, const CallPtr& call) {
  const auto found = service.tokens().find(call->parameters[0]);
  // An API token ends itself only.
  const bool may =
      found != service.tokens().end() &&
      (call->who.via == Via::api_token ? found->first == call->who.credential
                                       : call->who.administers_all() || found->second.user == call->who.user);
  if (!may) return call->fail({404, "There is no token of this id", "id"});
  const ApiToken before = found->second;
  service.tokens().erase(found);
  service.commit(
      call, {DeleteToken{before.id}, AppendAudit{service.audit_of(*call, {"token.deleted", before.id, ""})}},
      [&service, call, id = before.id] {
        service.close_streams_of(id);
        call->no_content();
      },
      [&service, before] { service.tokens().emplace(before.id, before); });
}

}  // namespace roamdesk::api
