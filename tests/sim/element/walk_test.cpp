#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "tests/sim/element/simulation.hpp"

// Anything at any time: people, administrators, phones, lines, the core and its store. After each step what must always
// hold is looked at; when all is calm again, every desk has to be what it should be.
namespace roamdesk::sim {
namespace {

constexpr unsigned desks = 5, people = 6;

class Walk {
 public:
  Walk(std::uint64_t seed, bool move) : sim_(settings(seed, move)) {
    for (unsigned n = 0; n < people; ++n) sim_.add_extension(number(n));
    for (unsigned n = 0; n < desks; ++n) sim_.add_desk(n + 1, n < 3 ? branch() : local_site());
    // A dedicated phone, so that a person has two kinds.
    own_ = &sim_.add_phone(desks + 1, local_site());
    own_->power_on();
    sim_.run_for(30s);
    sim_.assign(*own_, number(0));
    sim_.run_for(30s);
  }

  std::string step() {
    ++steps_;
    const auto what = pick(100);
    auto& phone = this->phone();
    const auto who = number(pick(people));
    if (what < 10) {
      said("console logs in " + who, phone);
      sim_.console().log_in(phone.mac(), ExtensionNumber{who}, Simulation::admin(), [](api::Answer) {});
    } else if (what < 20) {
      said("console logs out", phone);
      sim_.console().log_out(phone.mac(), Simulation::admin(), [](api::Answer) {});
    } else if (what < 30) {
      said("dials the code for " + who, phone);
      const auto call = phone.dial("*77*" + who + "*");
      const bool right = pick(4) > 0;
      sim_.after(900ms, [&phone, call, who, right] {
        if (phone.call(call)) phone.press(call, (right ? Simulation::pin_of(who) : "0001") + "#");
      });
    } else if (what < 34) {
      said("dials the logout code", phone);
      phone.dial("*77*5*");
    } else if (what < 44) {
      said("calls " + who, phone);
      phone.habits.answers = pick(2) == 0;
      phone.dial(who);
    } else if (what < 52) {
      said("hangs up", phone);
      phone.hang_up();
    } else if (what < 60) {
      said(phone.on() ? "is switched off" : "is switched on", phone);
      phone.on() ? phone.power_off() : phone.power_on();
    } else if (what < 64) {
      said("reboots", phone);
      phone.reboot();
    } else if (what < 68) {
      said(sim_.line(branch()) ? "the line dies" : "the line is back", phone);
      sim_.line(branch()) ? sim_.line_down(branch()) : sim_.line_up(branch());
    } else if (what < 71) {
      said("changes its habits", phone);
      phone.habits.heeds_resync = pick(3) > 0;
      phone.habits.fetch_works = pick(3) > 0;
      phone.habits.fetches_at_boot = pick(2) > 0;
      phone.habits.unregisters_first = pick(2) > 0;
    } else if (what < 73) {
      said("the core restarts", phone);
      sim_.restart_core();
    } else if (what < 75) {
      store_fails_ = !store_fails_;
      said(store_fails_ ? "the store fails" : "the store works", phone);
      sim_.fail_store(store_fails_);
    } else if (what < 77) {
      said("its desk is deleted", phone);
      sim_.console().delete_desk(phone.mac(), Simulation::admin(), done());
    } else if (what < 80) {
      said("its desk is defined", phone);
      define(phone);
    } else if (what < 82) {
      said("it is provisioned again", phone);
      sim_.console().provision_phone(phone.mac(), Simulation::admin(), [](api::Answer) {});
    } else if (what < 83) {
      said("it is restarted from afar", phone);
      sim_.console().restart_phone(phone.mac(), Simulation::admin(), [](api::Answer) {});
    } else if (what < 84) {
      said(who + " is changed", phone);
      api::ExtensionPatch patch;
      patch.keys = std::vector<Key>(pick(3), Key{KeyType::blf, "102", "Bob"});
      if (pick(4) == 0) patch.hot_desking = pick(3) > 0;
      sim_.console().change_extension(ExtensionNumber{who}, patch, Simulation::admin(), [](api::Answer) {});
    } else if (what < 85) {
      said(who + " is deleted", phone);
      sim_.console().delete_extension(ExtensionNumber{who}, Simulation::admin(), done());
    } else if (what < 87) {
      said(who + " is made", phone);
      make(who);
    }
    constexpr Duration pauses[] = {1ms, 20ms, 100ms, 500ms, 1s, 3s, 10s, 40s, 90s, 6min};
    sim_.run_for(pauses[pick(std::size(pauses))]);
    return fault();
  }

  std::string fault() {
    const auto& element = sim_.element();
    const auto& machine = element.desks().machine();
    if (const auto wrong = machine.inconsistency(); !wrong.empty()) return wrong;
    std::map<std::string, std::string> at;
    for (const auto& [id, session] : element.directory().sessions()) {
      if (session.desk != id || !element.directory().desk(id)) return "a session at no desk";
      if (!element.directory().extension(session.extension)) return "a session of nobody";
      if (!at.emplace(session.extension.value(), id.value()).second)
        return session.extension.value() + " is at two desks";
    }
    for (unsigned n = 0; n < people; ++n) {
      const auto bound = machine.desk_of(ExtensionNumber{number(n)});
      if (!bound) continue;
      const auto found = at.find(number(n));
      if (found == at.end() || found->second != bound->value()) return "calls ring where nobody sits";
    }
    if (!sim_.wrong_rings.empty()) return sim_.wrong_rings.front();
    return refused_;
  }

  // All phones on and well, the line up, the store working.
  std::string calm_down() {
    sim_.fail_store(false);
    store_fails_ = false;
    sim_.line_up(branch());
    sim_.run_for(40s);  // what failed is stored again
    for (const auto& phone : sim_.phones()) {
      phone->habits = Habits{};
      if (!phone->idle()) phone->hang_up();
    }
    for (unsigned n = 0; n < people; ++n)
      if (!sim_.element().directory().extension(ExtensionNumber{number(n)})) sim_.add_extension(number(n));
    for (unsigned n = 0; n < desks; ++n) {
      auto& phone = *sim_.phones()[n];
      if (!sim_.has_desk(phone)) {
        sim_.define_desk(phone);
        sim_.assign(phone);
      }
    }
    // A phone that was broken is unplugged for a moment, as the console says.
    for (const auto& phone : sim_.phones()) {
      if (phone->on() && phone.get() != own_ && !sim_.settled(*phone)) phone->power_off();
      phone->power_on();
    }
    const auto all = [&] {
      for (unsigned n = 0; n < desks; ++n)
        if (!sim_.settled(*sim_.phones()[n])) return false;
      return true;
    };
    const auto took = sim_.run_until(all, 10min);
    if (!took || *took > 60s) {
      std::string text = took ? "settled only after " + std::to_string(*took / 1s) + " s:" : "not settled:";
      for (unsigned n = 0; n < desks; ++n) {
        const auto& phone = *sim_.phones()[n];
        if (!took && sim_.settled(phone)) continue;
        const auto desk = sim_.desk(phone);
        text += " [" + desk.record.id.value() + " should be " + (desk.extension ? desk.extension->value() : "idle") +
                ", phone shows " + phone.shows() + (phone.registered() ? ", registered" : ", not registered") +
                ", core has " + desk.registered_as + "]";
      }
      return text;
    }
    if (!sim_.element().calls().empty()) {
      sim_.run_for(40s);
      if (!sim_.element().calls().empty()) return "a call that doesn't end";
    }
    return fault();
  }

  const std::string& history() const { return history_; }
  Simulation& simulation() { return sim_; }

 private:
  static Simulation::Settings settings(std::uint64_t seed, bool move) {
    Simulation::Settings settings;
    settings.seed = seed;
    settings.move = move;
    if (seed % 3 == 0) settings.loss = 0.05;
    if (seed % 5 == 0) settings.max_session = 1h;
    return settings;
  }
  // A deletion may find nothing; it may not fail while the store works.
  api::Done done() {
    return [this, working = !store_fails_](const api::Answer& answer) {
      if (answer.outcome == api::Outcome::unavailable && working && !store_fails_)
        refused_ = "the store refused a deletion as impossible";
    };
  }
  static std::string number(std::size_t n) { return std::to_string(101 + n); }
  std::size_t pick(std::size_t n) { return sim_.random()() % n; }
  DeskPhone& phone() { return *sim_.phones()[pick(desks)]; }
  void make(const std::string& who) {
    Extension extension;
    extension.number = ExtensionNumber{who};
    extension.pin_hash = "hash of " + Simulation::pin_of(who);
    extension.hot_desking = true;
    sim_.console().create_extension(extension, Simulation::admin(), [](api::Answer) {});
  }
  void define(DeskPhone& phone) {
    sim_.console().create_desk({phone.mac(), phones::Vendor::yealink, "T33G", phone.site(), std::nullopt, {}},
                               Simulation::admin(), [](api::Answer) {});
    sim_.console().assign_phone(phone.mac(), std::nullopt, std::nullopt, Simulation::admin(), [](api::Answer) {});
  }
  void said(const std::string& what, const DeskPhone& phone) {
    history_ += std::to_string(steps_) + ": " + phone.mac().text().substr(10) + " " + what + "\n";
    if (history_.size() > 20'000) history_.erase(0, history_.size() - 10'000);
  }

  Simulation sim_;
  bool store_fails_ = false;
  DeskPhone* own_ = nullptr;
  std::size_t steps_ = 0;
  std::string history_, refused_;
};

// ROAMDESK_WALK_SEED plays one walk again; ROAMDESK_WALKS makes more of them.
void walk(bool move) {
  std::uint64_t first = 1, last = 12;
  if (const char* seed = std::getenv("ROAMDESK_WALK_SEED")) first = last = std::strtoull(seed, nullptr, 10);
  if (const char* walks = std::getenv("ROAMDESK_WALKS")) last = std::strtoull(walks, nullptr, 10);
  for (auto seed = first; seed <= last; ++seed) {
    Walk walk{seed, move};
    for (int part = 0; part < 4; ++part) {
      for (int step = 0; step < 60; ++step)
        if (const auto fault = walk.step(); !fault.empty())
          FAIL() << "seed " << seed << ": " << fault << "\n" << walk.history();
      if (const auto fault = walk.calm_down(); !fault.empty())
        FAIL() << "seed " << seed << ", when calm: " << fault << "\n" << walk.history();
    }
  }
}

TEST(AnyDay, UnderMoveEndsWithEveryDeskAsItShouldBe) { walk(true); }
TEST(AnyDay, UnderRefuseEndsWithEveryDeskAsItShouldBe) { walk(false); }

}  // namespace
}  // namespace roamdesk::sim
