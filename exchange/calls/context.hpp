#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/timers.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/host.hpp"
#include "exchange/calls/options.hpp"

namespace roamdesk::calls {

enum class TimerKind : std::uint8_t {
  call_waiting,  // Times::hold
  call_expires,  // the caller's Expires
  call_ringing,  // Times::no_answer
  call_announcing,
  leg_silent,   // Times::silence
  leg_again,    // Times::line_free
  leg_ending,   // Times::reply, Times::transferor
  leg_refresh,  // our turn to refresh
  leg_expiry,   // theirs, and it didn't come
  leg_lost,     // Times::lost_flow
  leg_probe,    // of the last process: whether its peer knows its dialog still
  leg_rekey,    // new keys, and its phone doesn't know them yet
  exchange_reply,
  exchange_retry,  // after a 491
};

// What all parts of calls have in common: the way out, the time of this visit, and what is due.
struct Context {
  sip::TransactionLayer& transactions;
  Host& host;
  std::function<std::string()> unique;
  Options options;
  TimePoint now{};
  Timers<std::pair<TimerKind, std::uint64_t>> timers{};
  std::deque<Event> events{};

  // A Warning of ours (RFC 3261 §20.43).
  std::string warning(std::string_view text) const {
    return "399 " + options.domain + " \"" + std::string{text} + "\"";
  }

  template <class Id>
  void set_timer(TimerKind kind, Id id, Duration in) {
    timers.set({kind, id.value()}, now + in);
  }
  template <class Id>
  void clear_timer(TimerKind kind, Id id) {
    timers.clear({kind, id.value()});
  }
};

}  // namespace roamdesk::calls
