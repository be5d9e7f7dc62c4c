#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exchange/hotdesk/machine.hpp"

namespace roamdesk::hotdesk {

using namespace std::chrono_literals;

template <class E>
std::vector<E> all(const Effects& effects) {
  std::vector<E> found;
  for (const Effect& effect : effects)
    if (const E* e = std::get_if<E>(&effect)) found.push_back(*e);
  return found;
}
// The faults of the logins that were refused; how many were granted.
inline std::vector<LoginFault> refused(const Effects& effects) {
  std::vector<LoginFault> faults;
  for (const auto& login : all<LoginEnded>(effects))
    if (const auto* how = std::get_if<Refused>(&login.how)) faults.push_back(how->fault);
  return faults;
}
inline std::size_t granted(const Effects& effects) { return all<LoginEnded>(effects).size() - refused(effects).size(); }
template <class E>
std::size_t index_of(const Effects& effects) {
  for (std::size_t i = 0; i < effects.size(); ++i)
    if (std::holds_alternative<E>(effects[i])) return i;
  return effects.size();
}

// Two branches' worth of desks and people, and a clock that the test moves.
class HotDesks : public ::testing::Test {
 protected:
  HotDesks() {
    for (const HotDeskId& desk : {desk_a, desk_b}) submit(DeskDefined{desk, local_site(), idle_of(desk)});
    submit(DeskDefined{far_desk, SiteId{"branch-1"}, idle_of(far_desk)});
    for (const ExtensionNumber& person : {alice, bob}) submit(ExtensionChanged{person, true, "admin"});
    submit(ExtensionChanged{clerk, false, "admin"});
  }
  Effects submit(const Event& event) {
    Effects effects = machine.handle(event, now);
    EXPECT_EQ(machine.inconsistency(), "");
    return effects;
  }
  Effects pass(Duration time) {
    now += time;
    Effects effects = machine.handle_timeout(now);
    EXPECT_EQ(machine.inconsistency(), "");
    EXPECT_TRUE(machine.handle_timeout(now).empty()) << "a spurious timeout does nothing";
    return effects;
  }
  // Dials the code and types a PIN; answers with what the PIN check is asked.
  CheckPin dial(const HotDeskId& desk, const ExtensionNumber& person) {
    const auto checks = all<CheckPin>(submit(LoginRequested{AttemptId{++attempts}, desk, person, Secret{"4711"},
                                                            LoginBy::code, "extension:" + person.value(), "desk"}));
    EXPECT_EQ(checks.size(), 1U);
    return checks.empty() ? CheckPin{} : checks.front();
  }
  Effects type_pin(const HotDeskId& desk, const ExtensionNumber& person, bool right) {
    return submit(PinChecked{dial(desk, person).attempt, right});
  }
  // With which a desk begins.
  static Credentials idle_of(const HotDeskId& desk) { return {"idle-" + desk.value(), Secret{"password"}}; }
  static StoreChange change_in(const Effects& effects) {
    const auto changes = all<StoreChange>(effects);
    EXPECT_EQ(changes.size(), 1U);
    return changes.empty() ? StoreChange{} : changes.front();
  }
  Effects log_in(const HotDeskId& desk, const ExtensionNumber& person) {
    return submit(Stored{change_in(type_pin(desk, person, true)).ticket});
  }
  Effects log_out(const HotDeskId& desk, EndReason reason = EndReason::code) {
    return submit(
        Stored{change_in(submit(LogoutRequested{RequestId{++requests}, desk, reason, "someone", "desk"})).ticket});
  }
  // The phone does what it was told: fetches, un-registers, registers as what it should be.
  void phone_follows(const HotDeskId& desk) {
    submit(PhoneFetched{desk, machine.view(desk)->generation});
    submit(PhoneUnregistered{desk});
    submit(PhoneRegistered{desk, wanted(desk)});
  }
  Identity wanted(const HotDeskId& desk) const {
    const auto session = machine.view(desk)->session;
    return session ? Identity{session->id} : std::nullopt;
  }
  Identity session_at(const HotDeskId& desk) const { return wanted(desk); }

  const HotDeskId desk_a{"HD0001"}, desk_b{"HD0002"}, far_desk{"HD0003"};
  const ExtensionNumber alice{"101"}, bob{"102"}, clerk{"103"}, nobody{"199"};
  TimePoint now{100h};
  std::uint64_t attempts = 0, requests = 0, identities = 0;
  Machine machine{Rules{}, [this] {
                    const std::string id = "session-" + std::to_string(++identities);
                    return FreshIdentity{SessionId{id}, Credentials{"user-" + id, Secret{"password"}}};
                  }};
};

}  // namespace roamdesk::hotdesk
