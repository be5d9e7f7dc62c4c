#include <fmt/format.h>

#include <deque>

#include "bench/load/line.hpp"
#include "tests/support/phone/registration.hpp"
#include "tests/support/phone/text.hpp"

// Phones that refresh their registration: REGISTER, 401, REGISTER with the answer, 200. They stay for `linger` after
// the last one, and answer what they are asked.
namespace roamdesk::load {
namespace {

class Registering {
 public:
  explicit Registering(const Options& options) : options_(options), fan_(options.port) {
    // The next run of the same phone goes on counting, as a phone does that wasn't restarted.
    const auto cseq = std::chrono::duration_cast<std::chrono::seconds>(Clock::now().time_since_epoch()).count();
    for (std::size_t i = 0; i < options.accounts.size(); ++i) {
      const auto address = options.base + static_cast<std::uint32_t>(i);
      auto& phone = phones_.emplace_back(options, options.accounts[i], address, fan_, agenda_);
      phone.line.agent.self.allow = allow;
      phone.line.agent.self.more = allow_events;
      phone.registration.call_id = fmt::format("0_{}@{}", 1000000 + i, dotted(address));
      phone.registration.cseq = static_cast<std::uint32_t>(cseq) * 16;
    }
  }

  Report run() {
    const Fan::Take to_phone = [this](std::uint32_t to, const sockaddr_in&, std::string_view bytes) {
      take(to, bytes);
    };
    pace(
        options_, fan_, agenda_, report_, [this] { return begin(); }, to_phone);
    for (const auto leaving = Clock::now() + options_.linger; Clock::now() < leaving;) {
      agenda_.run(Clock::now());
      fan_.receive(milliseconds{1}, to_phone);
    }
    for (auto& phone : phones_) report_.retransmitted += phone.line.agent.transactions().repeated();
    return report_;
  }

 private:
  struct Phone {
    Phone(const Options& options, const Account& account, std::uint32_t address, Fan& fan, Agenda& agenda)
        : line(options, account, address, fan, agenda), registration(line.agent) {}
    Line line;
    phone::Registration registration;
    bool busy = false;
  };

  bool begin() {
    auto& phone = phones_[next_++ % phones_.size()];
    if (phone.busy) return false;
    phone.busy = true;
    phone.line.agent.credentials.forget();  // each time it is challenged
    phone.registration.send(3600, Clock::now(),
                            [this, &phone](std::string_view response, auto) { end(phone, response); });
    phone.line.touched();
    return true;
  }

  void take(std::uint32_t to, std::string_view bytes) {
    if (to < options_.base || to - options_.base >= phones_.size()) return;
    auto& line = phones_[to - options_.base].line;
    line.take(bytes);
    line.touched();
  }

  // What both servers have to say: our contact, and for how long.
  void end(Phone& phone, std::string_view response) {
    phone.busy = false;
    const bool kept = phone::header(response, "Contact").find(dotted(phone.line.address)) != std::string_view::npos;
    const bool right = phone::status_of(response) == 200 && phone.registration.challenged && kept;
    ++(right ? report_.done : report_.failed);
  }

  const Options& options_;
  Fan fan_;
  Agenda agenda_;
  Report report_;
  std::deque<Phone> phones_;
  std::size_t next_ = 0;
};

}  // namespace

Report register_phones(const Options& options) { return Registering{options}.run(); }

}  // namespace roamdesk::load
