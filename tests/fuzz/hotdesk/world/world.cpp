#include "tests/fuzz/hotdesk/world/world.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::hotdesk {

World::World() {
  for (unsigned n = 0; n < 4; ++n) people_[ExtensionNumber{std::to_string(101 + n)}] = n != 3;
  for (unsigned n = 0; n < 3; ++n) define(HotDeskId{"HD000" + std::to_string(++last_desk_)});
  crash(false);
}

void World::define(const HotDeskId& id) {
  phones_[id] = {};
  idle_rows_[id] = Credentials{id.value(), Secret{"x"}};
}

HotDeskId World::desk(unsigned n) const {
  if (phones_.empty() || n % 16 == 15) return HotDeskId{"HD9999"};
  auto it = phones_.begin();
  std::advance(it, n % phones_.size());
  return it->first;
}

ExtensionNumber World::extension(unsigned n) const { return ExtensionNumber{std::to_string(101 + n % 5)}; }

void World::fail(std::string what) {
  if (fault_.empty()) fault_ = std::move(what);
}

void World::submit(const Event& event) {
  look_at(machine_->handle(event, now_));
  check();
}

void World::look_at(const Effects& effects) {
  for (const Effect& effect : effects) std::visit([this](const auto& e) { see(e); }, effect);
}

void World::log_in(unsigned d, unsigned e, LoginBy by, bool right_pin) {
  const AttemptId attempt{++last_attempt_};
  tries_[attempt] = {desk(d), extension(e)};
  pins_[attempt] = right_pin;
  const auto from = by == LoginBy::code ? std::optional{flow_of(desk(d))} : std::nullopt;
  submit(LoginRequested{attempt, desk(d), extension(e), Secret{"1"}, by, "someone", "here", from});
}

void World::pass(Duration time) {
  const TimePoint until = now_ + time;
  for (int i = 0; i < 200; ++i) {
    const auto deadline = machine_->deadline();
    if (!deadline || *deadline > until) break;
    now_ = std::max(now_, *deadline);
    look_at(machine_->handle_timeout(now_));
    check();
    if (machine_->deadline() && *machine_->deadline() <= now_) return fail("a deadline that doesn't pass");
    if (!machine_->handle_timeout(now_).empty()) return fail("a spurious timeout did something");
  }
  now_ = std::max(now_, until);
  look_at(machine_->handle_timeout(now_));
  check();
}

void World::step(unsigned what, unsigned a, unsigned b) {
  switch (what % 24) {
    case 0:
    case 1:
      log_in(a, b, LoginBy::code, b % 3 != 0);
      break;
    case 2:
      log_in(a, b, LoginBy::admin, true);
      break;
    case 3:
    case 4:
      if (!checks_.empty()) {
        const AttemptId attempt = checks_[a % checks_.size()];
        checks_.erase(checks_.begin() + a % checks_.size());
        submit(PinChecked{attempt, pins_[attempt]});
      }
      break;
    case 5: {
      const RequestId request{++last_request_};
      requests_[request] = desk(a);
      submit(LogoutRequested{request, desk(a), EndReason::code, "someone", "here"});
      break;
    }
    case 6:
    case 7:
    case 8:
      answer_store(true);
      break;
    case 9:
      answer_store(false);
      break;
    case 10:
      crash(a % 2 == 0);
      break;
    case 11:
      for (unsigned n = 0; n < 4; ++n) {  // by the clock
        const RequestId request{++last_request_};
        requests_[request] = desk(n);
        submit(LogoutRequested{request, desk(n), EndReason::automatic, "clock", ""});
      }
      break;
    case 12:
      policy_.move = a % 2 == 0;
      policy_.max_session = b % 3 == 0 ? std::optional{std::chrono::seconds{b * 60 + 60}} : std::nullopt;
      submit(PolicyChanged{policy_});
      break;
    case 13:
      people_[extension(a)] = b % 2 == 0;
      submit(ExtensionChanged{extension(a), b % 2 == 0, "admin"});
      break;
    case 14: {  // deleted as the store demands: its session ends in the same transaction; refused where a login comes
                // in between
      const auto where = machine_->desk_of(extension(a));
      if (!commits_.empty()) return;
      if (where) apply(StoreChange{{}, {{rows_.at(*where), EndReason::deleted}}, {}});
      people_.erase(extension(a));
      if (where) bound_.erase(*where);
      const auto effects = machine_->handle(ExtensionDeleted{extension(a), "admin"}, now_);
      for (const Effect& effect : effects)
        if (!std::holds_alternative<Unbind>(effect)) std::visit([this](const auto& e) { see(e); }, effect);
      check();
      break;
    }
    case 15:
      submit(ContentChanged{desk(a)});
      break;
    case 16:
      submit(Unlocked{extension(a), "admin"});
      break;
    case 17:
      if (b % 8 == 0 && commits_.empty() && phones_.size() > 1) {
        const HotDeskId gone = desk(a);
        if (!phones_.contains(gone)) return;
        rows_.erase(gone);
        old_rows_.erase(gone);
        idle_rows_.erase(gone);
        bound_.erase(gone);
        phones_.erase(gone);
        const auto effects = machine_->handle(DeskRemoved{gone, "admin"}, now_);
        for (const Effect& effect : effects)
          if (!std::holds_alternative<Unbind>(effect)) std::visit([this](const auto& e) { see(e); }, effect);
        check();
      } else if (b % 8 == 1 && phones_.size() < 5) {
        const HotDeskId made{"HD000" + std::to_string(++last_desk_)};
        define(made);
        submit(DeskDefined{made, local_site(), idle_rows_.at(made)});
      }
      break;
    case 18:
    case 19:
    case 20:
      phone_does(desk(a), b);
      break;
    case 21:
      pass(std::chrono::milliseconds{a * 40 + b});
      break;
    case 22:
      pass(std::chrono::seconds{a + b});
      break;
    case 23:
      pass(std::chrono::minutes{a});
      break;
  }
}

void World::let_all_settle() {
  policy_.max_session.reset();
  submit(PolicyChanged{policy_});
  for (int i = 0; i < 200 && !commits_.empty(); ++i) answer_store(true);
  for (const AttemptId& attempt : std::exchange(checks_, {})) submit(PinChecked{attempt, false});
  pass(std::chrono::hours{2});
  for (int i = 0; i < 200 && !commits_.empty(); ++i) answer_store(true);
  for (auto& [id, phone] : phones_) {
    phone.busy = false;
    submit(DeskFree{id});
    phone_does(id, phone.holds.empty() ? 0 : 1);
  }
  for (int round = 0; round < 20 && fault_.empty(); ++round) {
    for (auto& [id, phone] : phones_) {
      if (!std::exchange(phone.told, false)) continue;
      phone_does(id, 6);
      phone_does(id, 2);
      phone_does(id, 7);
    }
    pass(std::chrono::minutes{10});
    // Phones refresh.
    for (auto& [id, phone] : phones_) phone_does(id, 1);
  }
  for (const auto& [id, phone] : phones_)
    if (const auto view = machine_->view(id); !view || !view->settled) fail("stranded at last: " + id.value());
  for (const auto& [attempt, one] : tries_)
    if (!one.answered) fail("a try without an answer");
  if (!requests_.empty()) fail("a logout without an answer");
  if (!commits_.empty()) fail("the store is asked without end");
}

}  // namespace roamdesk::hotdesk
