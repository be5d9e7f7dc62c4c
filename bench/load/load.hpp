#pragma once
#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "bench/load/fan.hpp"

namespace roamdesk::load {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Account {
  std::string user;  // of the digest
  std::string password;
  std::string number;  // of the address of record
};
// One account a line: user, password and number, separated by blanks. Throws std::runtime_error.
std::vector<Account> read_accounts(const std::string& file);

// What a Yealink says in its REGISTER and INVITE.
constexpr auto allow =
    "INVITE, INFO, PRACK, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REGISTER, SUBSCRIBE, REFER, PUBLISH, UPDATE, MESSAGE";
constexpr auto allow_events = "Allow-Events: talk,hold,conference,refer,check-sync\r\n";

struct Options {
  sockaddr_in server{};
  std::string server_text;  // address:port
  std::string domain;
  std::vector<Account> accounts;
  std::uint32_t base = 0;      // the first phone's address, host byte order; the others follow it
  std::uint32_t callees = 0;   // the first callee's, where they stand elsewhere; 0: beside its caller
  std::uint32_t provider = 0;  // the provider's address, where calls go outside by a trunk; 0: phones call each other
  Account trunk;               // what the provider challenges for; `number` is what the phones dial
  std::uint16_t port = 0;      // of all phones, and of the provider
  std::uint16_t rtp = 11780;   // the port at which all phones talk
  double rate = 100;           // begun a second
  std::uint64_t count = 0;     // begun in all
  milliseconds hold{200};      // from the ACK to the BYE
  milliseconds linger{0};      // that registered phones stay and answer
};

struct Report {
  std::uint64_t done = 0;           // registrations or calls that went as they should
  std::uint64_t retransmitted = 0;  // requests that we had to repeat, or that the server repeated to us
  std::uint64_t failed = 0;         // refused, or never answered
  std::uint64_t late = 0;           // couldn't begin in time: no phone was free
};

// When what: answers that are overdue, calls that have to end. Firing twice or too late does no harm.
class Agenda {
 public:
  void at(Clock::time_point when, std::function<void()> what) { queue_.push({when, ++serial_, std::move(what)}); }
  void run(Clock::time_point now) {
    while (!queue_.empty() && queue_.top().when <= now) {
      auto what = std::move(const_cast<Item&>(queue_.top()).what);
      queue_.pop();
      what();
    }
  }

 private:
  struct Item {
    Clock::time_point when;
    std::uint64_t serial;
    std::function<void()> what;
    bool operator<(const Item& other) const { return std::pair{other.when, other.serial} < std::pair{when, serial}; }
  };
  std::priority_queue<Item> queue_;
  std::uint64_t serial_ = 0;
};

// Begins options.count things evenly at options.rate, then waits until each has ended. `begin` gives false where no
// phone is free.
void pace(const Options& options, Fan& fan, Agenda& agenda, Report& report, const std::function<bool()>& begin,
          const Fan::Take& take);

Report register_phones(const Options& options);
Report make_calls(const Options& options);
// Every pair has one call, in which both talk as standard input orders (talk.hpp) once "up" was printed.
Report talk(const Options& options);

}  // namespace roamdesk::load
