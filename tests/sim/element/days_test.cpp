#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "tests/sim/element/simulation.hpp"

// Working days, one like the other, and the nights between them: what the element keeps when everybody has gone home is
// the same each night.
namespace roamdesk::sim {
namespace {

constexpr unsigned desks = 6, people = 10;

class Company {
 public:
  Company() : sim_(settings()) {
    for (unsigned n = 0; n < people; ++n) sim_.add_extension(number(n));
    for (unsigned n = 0; n < desks; ++n) sim_.add_desk(n + 1, n < 4 ? branch() : local_site());
  }

  // From seven in the morning until three at night, when the last log-out and the last registration of the day are long
  // over.
  void day() {
    const auto begins = sim_.now().wall;
    while (sim_.now().wall < begins + 11h) {
      something();
      sim_.run_for(std::chrono::milliseconds{pick(120'000)});
    }
    for (const auto& phone : sim_.phones()) {
      phone->power_on();
      if (!phone->idle()) phone->hang_up();
    }
    sim_.line_up(branch());
    sim_.run_to(begins + 20h);
  }
  void sleep_on() { sim_.run_for(4h); }

  // What is wrong at night; "" if nothing is.
  std::string left() const {
    if (!sim_.element().calls().empty()) return "a call is up";
    if (sim_.stored_dialogs() > 0) return std::to_string(sim_.stored_dialogs()) + " dialogs are in the store";
    if (!sim_.directory().sessions().empty()) return "somebody is logged in";
    for (const auto& phone : const_cast<Simulation&>(sim_).phones())
      if (!sim_.is_idle_desk(*phone)) return phone->mac().text() + " is no idle desk";
    return sim_.wrong_rings.empty() ? "" : sim_.wrong_rings.front();
  }

  std::size_t heap() { return sim_.core_heap(); }
  std::size_t calls() const { return sim_.records.size(); }
  std::size_t log_ins() const { return log_ins_; }

 private:
  static Simulation::Settings settings() {
    Simulation::Settings settings;
    settings.start = Simulation::date(2026, 11, 23, 6, 0);
    settings.branch_zone = settings.local_zone = "Europe/Berlin";
    settings.automatic_logout = "20:00";
    settings.loss = 0.01;
    return settings;
  }
  static std::string number(std::size_t n) { return std::to_string(101 + n); }
  std::size_t pick(std::size_t n) { return sim_.random()() % n; }

  void something() {
    auto& phone = *sim_.phones()[pick(desks)];
    const auto who = number(pick(people));
    const auto what = pick(100);
    if (what < 35) {
      phone.habits.answers = pick(3) > 0;
      phone.dial(who);
      sim_.after(std::chrono::seconds{5 + pick(90)}, [&phone] { phone.hang_up(); });
    } else if (what < 60) {
      log_in(phone, who);
    } else if (what < 75) {
      phone.dial("*77*5*");
    } else if (what < 80) {
      sim_.console().log_out(phone.mac(), Simulation::admin(), [](api::Answer) {});
    } else if (what < 90) {
      phone.on() ? phone.reboot() : phone.power_on();
    } else if (what < 93) {
      phone.power_off();
    } else if (what < 96) {
      sim_.line(branch()) ? sim_.line_down(branch()) : sim_.line_up(branch());
    } else {
      api::ExtensionPatch patch;
      patch.keys = std::vector<Key>(pick(3), Key{KeyType::blf, "102", "Bob"});
      sim_.console().change_extension(ExtensionNumber{who}, patch, Simulation::admin(), [](api::Answer) {});
    }
  }
  void log_in(DeskPhone& phone, const std::string& who) {
    ++log_ins_;
    const auto call = phone.dial("*77*" + who + "*");
    const bool right = pick(6) > 0;
    sim_.after(900ms, [&phone, call, who, right] {
      if (phone.call(call)) phone.press(call, (right ? Simulation::pin_of(who) : "0001") + "#");
    });
  }

  Simulation sim_;
  std::size_t log_ins_ = 0;
};

std::size_t median(std::vector<std::size_t> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// ROAMDESK_DAYS makes more of them. On the first day all that has a bound fills; a night has what the day before it
// left there: messages of the last calls, for one.
TEST(WorkingDays, LeaveNothingBehindAndKeepNoMoreEachNight) {
  const char* asked = std::getenv("ROAMDESK_DAYS");
  const auto days = static_cast<unsigned>(std::max(5, asked ? std::atoi(asked) : 0));
  Company company;
  std::vector<std::size_t> nights;
  for (unsigned day = 0; day < days; ++day) {
    company.day();
    ASSERT_EQ(company.left(), "") << "in night " << day + 1;
    nights.push_back(company.heap());
    company.sleep_on();
    if (asked)
      std::printf("night %u: %zu bytes, after %zu log-ins and %zu calls\n", day + 1, nights.back(), company.log_ins(),
                  company.calls());
  }
  EXPECT_GT(company.calls(), 30u * days);
  EXPECT_GT(company.log_ins(), 20u * days);
  const auto middle = nights.begin() + (days + 1) / 2;
  const auto early = median({nights.begin() + 1, middle}), late = median({middle, nights.end()});
  EXPECT_LT(late, early + early / 8) << "bytes that the core holds at night";
}

}  // namespace
}  // namespace roamdesk::sim
