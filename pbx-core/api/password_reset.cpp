#include "pbx-core/api/password_reset.hpp"

#include <algorithm>
#include <future>
#include <memory>

#include "common/crypto/random.hpp"
#include "pbx-core/api/service.hpp"

namespace roamdesk::api {
namespace {

Secret make_up() { return Secret{crypto::random_token(15)}; }

Changes changes_of(const User& user, WallTime now) {
  return {PutUser{user},
          AppendAudit{{0, now, "pbx-core", "command line", "user.changed", user.name, "password (reset)"}}};
}

std::string unknown(const std::string& name) { return "There is no user " + name; }

void store_reset(Service& service, const std::string& name, std::string hash, const Secret& password,
                 const PasswordResetDone& done) {
  const auto found = service.users().find(name);
  if (found == service.users().end()) return done({{}, unknown(name)});
  if (hash.empty()) return done({{}, "Too many passwords are being worked on; try again"});
  const User before = found->second;
  found->second.password_hash = std::move(hash);
  found->second.must_change_password = true;
  service.store().commit(changes_of(found->second, service.now()), [self = service.shared_from_this(), before, password,
                                                                    done](Result<void, store::StoreFault> stored) {
    self->on_api([self, before, password, done, stored] {
      if (stored.has_error()) {
        self->users().insert_or_assign(before.name, before);
        return done({{}, "It can't be stored: " + store::to_string(stored.error())});
      }
      self->end_logins_of(before.name);
      self->tell_change("user.changed", "");
      done({password, {}});
    });
  });
}

}  // namespace

void reset_password(Service& service, const std::string& name, PasswordResetDone done) {
  if (!service.users().contains(name)) return done({{}, unknown(name)});
  const Secret password = make_up();
  service.hasher().hash(
      crypto::Kind::password, password, [self = service.shared_from_this(), name, password, done](std::string hash) {
        self->on_api(
            [self, name, password, done, hash = std::move(hash)] { store_reset(*self, name, hash, password, done); });
      });
}

PasswordReset reset_password(store::Store& store, const Hasher& hasher, const std::string& name, WallTime now) {
  const auto users = store.load().users;
  const auto found = std::find_if(users.begin(), users.end(), [&](const User& user) { return user.name == name; });
  if (found == users.end()) return {{}, unknown(name)};
  const Secret password = make_up();
  User user = *found;
  user.password_hash = hasher.hash_now(crypto::Kind::password, password);
  user.must_change_password = true;
  std::promise<Result<void, store::StoreFault>> stored;
  store.commit(changes_of(user, now), [&](Result<void, store::StoreFault> result) { stored.set_value(result); });
  const Result<void, store::StoreFault> result = stored.get_future().get();
  if (result.has_error()) return {{}, "It can't be stored: " + store::to_string(result.error())};
  return {password, {}};
}

}  // namespace roamdesk::api
