#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>

#include "bench/load/line.hpp"
#include "bench/load/provider.hpp"
#include "bench/load/talk.hpp"
#include "tests/support/phone/call.hpp"
#include "tests/support/phone/text.hpp"

// Phone 2n calls phone 2n+1: INVITE (challenged once), 180, 200, ACK, BYE. No RTP. Both have to be registered from
// here. Where there is a provider, each phone calls a number outside in place of another phone.
namespace roamdesk::load {
namespace {

class Calling {
 public:
  explicit Calling(const Options& options)
      : options_(options), fan_(options.port), apart_(options.callees != 0 || options.provider != 0) {
    if (options.provider != 0) {
      provider_.emplace(options, fan_, agenda_);
      for (std::size_t i = 0; i < options.accounts.size(); ++i)
        add_caller(options.accounts[i], static_cast<std::uint32_t>(i), options.trunk.number);
      return;
    }
    for (std::size_t i = 0; i + 1 < options.accounts.size(); i += 2) {
      const auto first = static_cast<std::uint32_t>(options.callees ? i / 2 : i);
      const auto second = options.callees ? options.callees + first : options.base + first + 1;
      add_caller(options.accounts[i], first, options.accounts[i + 1].number);
      callees_.emplace_back(options, options.accounts[i + 1], second, fan_, agenda_);
    }
  }

  Report run() {
    pace(
        options_, fan_, agenda_, report_, [this] { return begin(); },
        [this](std::uint32_t to, const sockaddr_in& from, std::string_view bytes) { take(to, from, bytes); });
    let_callees_end();
    return counted();
  }

  Report run(Talk& talk) {
    talk_ = &talk;
    bool talking = false;
    const auto turn = [this, &talking] {
      agenda_.run(Clock::now());
      fan_.receive(
          std::chrono::milliseconds{talking ? 0 : 1},
          [this](std::uint32_t to, const sockaddr_in& from, std::string_view bytes) { take(to, from, bytes); });
    };
    const auto begun = Clock::now();
    for (std::size_t i = 0; i < callers_.size(); turn())
      if (Clock::now() >= begun + std::chrono::duration<double>(static_cast<double>(i) / options_.rate)) {
        begin();
        ++i;
      }
    const auto patience = Clock::now() + milliseconds{10'000};
    while (up_ < callers_.size() && report_.failed == 0 && Clock::now() < patience) turn();
    fmt::print("{}\n", up_ == callers_.size() && talk.size() == 2 * up_ ? "up" : "failed");
    std::fflush(stdout);
    talking = true;
    talk.obey(turn);  // a server may ask meanwhile whether a phone is there still
    talking = false;
    for (auto& caller : callers_)
      if (caller.up) hang_up(caller);
    while (report_.done + report_.failed < up_) turn();
    report_.failed += callers_.size() - up_;
    let_callees_end();
    return counted();
  }

 private:
  struct Caller {
    Caller(const Options& options, const Account& account, std::uint32_t address, Fan& fan, Agenda& agenda)
        : line(options, account, address, fan, agenda) {}
    Line line;
    std::string target;
    std::unique_ptr<phone::Call> call;
    bool busy = false, up = false;
  };
  struct Callee {
    Callee(const Options& options, const Account& account, std::uint32_t address, Fan& fan, Agenda& agenda)
        : line(options, account, address, fan, agenda) {}
    Line line;
    std::unordered_map<std::string, phone::Call> calls;
  };

  void add_caller(const Account& account, std::uint32_t place, const std::string& calls) {
    auto& caller = callers_.emplace_back(options_, account, options_.base + place, fan_, agenda_);
    caller.target = fmt::format("sip:{}@{}", calls, options_.domain);
    caller.line.agent.self.allow = allow;
    caller.line.agent.self.more = std::string{allow_events} + "Supported: replaces\r\n";
    caller.line.look = [this, &caller] { look(caller); };
  }

  void take(std::uint32_t to, const sockaddr_in& from, std::string_view bytes) {
    if (provider_ && to == options_.provider) return provider_->take(bytes);
    if (options_.callees != 0 && to >= options_.callees && to - options_.callees < callees_.size())
      return at_callee(callees_[to - options_.callees], from, bytes);
    const auto index = to - options_.base;
    if (to < options_.base || index / (apart_ ? 1 : 2) >= callers_.size()) return;
    if (!apart_ && index % 2 != 0) return at_callee(callees_[index / 2], from, bytes);
    auto& line = callers_[apart_ ? index : index / 2].line;
    line.take(bytes);
    line.touched();
  }

  bool begin() {
    auto& caller = callers_[next_++ % callers_.size()];
    if (caller.busy) return false;
    caller.busy = true;
    caller.up = false;
    caller.line.agent.credentials.forget();  // each time it is challenged
    caller.call = std::make_unique<phone::Call>(caller.line.agent);
    caller.call->answered = [this, &caller](const std::string&, int status, auto) { end(caller, status == 200); };
    caller.call->dial(caller.target, Clock::now());
    caller.line.touched();
    return true;
  }

  void look(Caller& caller) {
    if (!caller.busy || caller.up) return;
    const auto& call = *caller.call;
    if (call.over) return end(caller, false);
    if (!call.up) return;
    caller.up = true;
    const auto media = phone::media_of(call.heard);
    const bool anchored = !provider_ || !media.starts_with(dotted(options_.provider) + ":");
    if (!call.challenged || media.empty() || !anchored) return end(caller, false);
    if (talk_) {
      talk_->add(caller.line.address, call.heard);
      ++up_;
      return;
    }
    agenda_.at(Clock::now() + options_.hold, [this, &caller] { hang_up(caller); });
  }

  void hang_up(Caller& caller) {
    caller.call->hang_up(Clock::now());
    caller.line.touched();
  }

  void end(Caller& caller, bool right) {
    caller.busy = false;
    ++(right ? report_.done : report_.failed);
  }

  // Those who are called may stand at another server than their callers.
  void at_callee(Callee& callee, const sockaddr_in& from, std::string_view bytes) {
    callee.line.server = from;
    if (callee.line.take(bytes)) {
      const auto now = Clock::now();
      const auto [place, is_new] =
          callee.calls.try_emplace(std::string{phone::header(bytes, "Call-ID")}, callee.line.agent, bytes);
      auto& call = place->second;
      if (!is_new) {
        call.handle(bytes, now);
      } else if (bytes.starts_with("INVITE ")) {
        if (talk_) talk_->add(callee.line.address, call.heard);
        call.ring(180, false, now);
        call.answer(now);
      }
      if (call.over || !call.up) callee.calls.erase(place);
    }
    callee.line.touched();
  }

  // A caller's BYE may be answered before the callee's comes; a server whose BYE finds nobody repeats it for 32 s, into
  // whatever is measured next.
  void let_callees_end() {
    const auto patience = Clock::now() + milliseconds{1000};
    const auto is_called = [](const Callee& callee) { return !callee.calls.empty(); };
    while (std::any_of(callees_.begin(), callees_.end(), is_called) && Clock::now() < patience) {
      agenda_.run(Clock::now());
      fan_.receive(milliseconds{1}, [this](std::uint32_t to, const sockaddr_in& from, std::string_view bytes) {
        take(to, from, bytes);
      });
    }
  }

  Report counted() {
    for (auto& caller : callers_) report_.retransmitted += caller.line.agent.transactions().repeated();
    for (auto& callee : callees_) report_.retransmitted += callee.line.agent.transactions().repeated();
    if (provider_) report_.retransmitted += provider_->repeated();
    return report_;
  }

  const Options& options_;
  Fan fan_;
  Agenda agenda_;
  Report report_;
  std::deque<Caller> callers_;
  std::deque<Callee> callees_;
  std::optional<Provider> provider_;
  const bool apart_;  // callers stand beside each other, without callees between them
  std::size_t next_ = 0;
  Talk* talk_ = nullptr;
  std::size_t up_ = 0;
};

}  // namespace

Report make_calls(const Options& options) { return Calling{options}.run(); }

Report talk(const Options& options) {
  Talk talk{options.rtp};
  return Calling{options}.run(talk);
}

}  // namespace roamdesk::load
