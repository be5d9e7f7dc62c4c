#include <boost/json/array.hpp>

#include "common/crypto/totp.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

constexpr std::chrono::minutes time_to_confirm{15};

// Writes what `name` has from now on; `then` once that is stored.
void change(Service& service, const CallPtr& call, const std::string& name,
            std::optional<User::SecondFactor> second_factor, Trace trace, std::function<void()> then) {
  const auto found = service.users().find(name);
  if (found == service.users().end()) return call->fail({404, "There is no user " + name, "name"});
  const User before = found->second;
  found->second.second_factor = std::move(second_factor);
  service.commit(call, {PutUser{found->second}, AppendAudit{service.audit_of(*call, std::move(trace))}},
                 std::move(then), [&service, before] {
                   const auto present = service.users().find(before.name);
                   if (present != service.users().end()) present->second.second_factor = before.second_factor;
                 });
}

}  // namespace

void begin_second_factor(Service& service, const CallPtr& call) {
  const std::string& name = call->who.user;
  if (service.users().at(name).second_factor)
    return call->fail({409, "There is a second factor already; DELETE /me/totp first", ""});
  const crypto::Bytes secret = SecondFactor::make_secret();
  service.pending_factors()[name] = {secret, service.now() + time_to_confirm};
  call->answer(200, json::object{{"secret", crypto::to_base32(secret)},
                                 {"uri", SecondFactor::uri("Roamdesk " + service.domain_name(), name, secret)}});
}

void confirm_second_factor(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"code"});
  const std::string code = reader.required("code", "123456");
  if (call->failed(reader)) return;
  const std::string name = call->who.user;
  const auto pending = service.pending_factors().find(name);
  if (pending == service.pending_factors().end() || pending->second.until <= service.now())
    return call->fail({409, "No second factor is waiting to be confirmed; POST /me/totp first", ""});
  const auto step = crypto::totp_match(pending->second.secret, code, service.now(), 0);
  if (!step)
    return call->fail(
        {422, "This isn't the app's present code; check the telephone's clock, and try the next", "code"});
  User::SecondFactor factor{service.second_factor().seal(name, pending->second.secret), *step, {}};
  service.pending_factors().erase(pending);
  json::array codes;
  for (const std::string& recovery : SecondFactor::make_recovery_codes()) {
    factor.recovery_hashes.push_back(service.second_factor().recovery_hash(recovery));
    codes.emplace_back(recovery);
  }
  change(service, call, name, std::move(factor), {"user.second_factor_on", name, ""}, [call, codes] {
    call->answer(200, json::object{{"recovery_codes", codes}});
  });
}

void end_second_factor(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"password"});
  const Secret password{reader.required("password", "…")};
  if (call->failed(reader)) return;
  // Who finds a browser open must not be able to leave a door open.
  service.confirm_password(call, password, "password", [&service, call] {
    service.pending_factors().erase(call->who.user);
    change(service, call, call->who.user, std::nullopt, {"user.second_factor_off", call->who.user, ""},
           [call] { call->no_content(); });
  });
}

void reset_second_factor(Service& service, const CallPtr& call) {
  const std::string name = call->parameters[0];
  // One's own goes by DELETE /me/totp, with the password.
  if (name == call->who.user)
    return call->fail({409, "This is your own second factor; DELETE /me/totp with the password is expected", "name"});
  change(service, call, name, std::nullopt, {"user.second_factor_off", name, ""}, [&service, call, name] {
    service.end_logins_of(name);
    call->no_content();
  });
}

}  // namespace roamdesk::api
