#include "exchange/hotdesk/delivery.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::hotdesk {
namespace {

constexpr unsigned ways = 3;  // resync, resync again, reboot

}  // namespace

const char* to_string(Delivery::State state) {
  switch (state) {
    case Delivery::State::settled:
      return "settled";
    case Delivery::State::away:
      return "away";
    case Delivery::State::busy:
      return "busy";
    case Delivery::State::pausing:
      return "pausing";
    case Delivery::State::told:
      return "told";
    case Delivery::State::fetched:
      return "fetched";
  }
  return "";
}

bool Delivery::is_as_wanted() const { return present_ && registered_as_ == wanted_ && !fetch_needed_; }

void Delivery::enter(State state, std::optional<TimePoint> deadline) {
  state_ = state;
  deadline_ = deadline;
}

void Delivery::start_over() {
  tries_ = rests_ = 0;
  exhausted_ = false;
}

void Delivery::restore(Identity wanted, bool fetch_needed) {
  wanted_ = std::move(wanted);
  fetch_needed_ = fetch_needed;
}

void Delivery::idle_renewed(const SessionId& before) {
  if (present_ && !registered_as_) registered_as_ = before;
}

Delivery::Output Delivery::settle() {
  enter(State::settled);
  lost_ = false;
  start_over();
  if (!std::exchange(reported_, false)) return {};
  return {std::nullopt, DeskProblem::none};
}

Delivery::Output Delivery::advance(TimePoint now) {
  if (!present_ || lost_) {
    enter(State::away);
    return {};
  }
  if (is_as_wanted()) return settle();
  if (busy_) {
    enter(State::busy);
    return {};
  }
  return tries_ < ways || exhausted_ ? tell(now) : rest(now);
}

Delivery::Output Delivery::tell(TimePoint now) {
  if (last_told_ && now < *last_told_ + times_.gap) {
    enter(State::pausing, *last_told_ + times_.gap);
    return {};
  }
  // Rebooting is the last way of a round; once all have failed a phone isn't rebooted again and again.
  last_way_ = tries_ + 1 < ways || exhausted_ ? Telling::resync : Telling::reboot;
  ++tries_;
  last_told_ = now;
  enter(State::told, now + (last_way_ == Telling::reboot ? times_.reboot : times_.fetch));
  return {last_way_, std::nullopt};
}

Delivery::Output Delivery::repair(TimePoint now) {
  if (!present_ || busy_) {
    // It didn't fetch because it is in a call: that is no failure of the way.
    if (tries_ > 0) --tries_;
    return advance(now);
  }
  return tries_ < ways && !exhausted_ ? tell(now) : rest(now);
}

Delivery::Output Delivery::rest(TimePoint now) {
  exhausted_ = true;
  const Duration pause = std::min<Duration>(times_.rest * (1U << std::min(rests_, 8U)), times_.longest_rest);
  ++rests_;
  enter(State::pausing, now + pause);
  if (std::exchange(reported_, true)) return {};
  return {std::nullopt, fetch_needed_ ? DeskProblem::not_fetching : DeskProblem::not_registering};
}

Delivery::Output Delivery::want(Identity wanted, TimePoint now) {
  wanted_ = std::move(wanted);
  identity_generation_ = ++generation_;
  fetch_needed_ = true;
  lost_ = false;
  start_over();
  return advance(now);
}

Delivery::Output Delivery::content_changed(TimePoint now) {
  ++generation_;
  fetch_needed_ = true;
  lost_ = false;
  start_over();
  return advance(now);
}

Delivery::Output Delivery::fetched(Generation generation, TimePoint now) {
  if (generation != generation_) return {};  // an older one was on its way: it is told of the newer one anyway
  fetch_needed_ = false;
  if (is_as_wanted()) return state_ == State::settled ? Output{} : settle();
  if (state_ == State::away || state_ == State::fetched) return {};
  const bool rebooting = state_ == State::told && last_way_ == Telling::reboot;
  enter(State::fetched, now + (rebooting ? times_.reboot : times_.registration));
  return {};
}

// A phone that was away gets all its tries again, but neither one that comes and goes all the time nor one that only
// does what it was told: reboot.
Delivery::Output Delivery::came_back(TimePoint now) {
  const bool rebooted = last_way_ == Telling::reboot && last_told_ && now < *last_told_ + times_.reboot;
  if (!rebooted && (!last_start_ || now >= *last_start_ + times_.fresh_start)) {
    last_start_ = now;
    start_over();
  } else if (exhausted_ && last_told_ && now < *last_told_ + times_.fresh_start && !busy_) {
    enter(State::pausing, *last_told_ + times_.fresh_start);
    return {};
  }
  return advance(now);
}

Delivery::Output Delivery::registered(const Identity& as, TimePoint now, bool elsewhere) {
  if (elsewhere && present_) {
    enter(State::away);
    if (!last_move_ || now >= *last_move_ + times_.fresh_start) {
      last_move_ = now;
      last_way_ = Telling::resync;
      start_over();
    }
  }
  present_ = true;
  lost_ = false;
  last_seen_ = now;
  registered_as_ = as;
  hold_until_.reset();
  // A session's credentials are only in the configuration made for it: who shows them has fetched that.
  if (as && as == wanted_ && generation_ == identity_generation_) fetch_needed_ = false;
  if (is_as_wanted()) return state_ == State::settled ? Output{} : settle();
  switch (state_) {
    case State::away:
      return came_back(now);
    case State::settled:
      return advance(now);
    case State::busy:
    case State::pausing:
    case State::told:
    case State::fetched:
      return {};  // a refresh under way: the step's deadline stands
  }
  return {};
}

Delivery::Output Delivery::unregistered(TimePoint now) {
  if (!present_) return {};
  present_ = lost_ = false;
  if (state_ == State::told || state_ == State::fetched)
    hold_until_ = now + times_.hold;  // it does so before it registers again; the state stands meanwhile
  else
    enter(State::away);
  return {};
}

Delivery::Output Delivery::binding_expired(TimePoint) {
  present_ = lost_ = false;
  hold_until_.reset();
  enter(State::away);
  return {};
}

Delivery::Output Delivery::busy(TimePoint) {
  busy_ = true;
  if (state_ == State::pausing) enter(State::busy);
  return {};
}

Delivery::Output Delivery::free(TimePoint now) {
  busy_ = false;
  return state_ == State::busy ? advance(now) : Output{};
}

Delivery::Output Delivery::tell_failed(bool unanswered, TimePoint now) {
  if (state_ != State::told) return {};
  // It wasn't heard, and the phone hasn't been heard since: the phone has lost its power or its line, and the binding
  // has yet to run out. Its next registration is its return. (The try counts all the same: one that registers and hears
  // nothing is to be reported in the end.)
  if (unanswered && present_ && last_told_ && (!last_seen_ || *last_seen_ < *last_told_)) {
    lost_ = true;
    last_way_ = Telling::resync;
    enter(State::away);
    return {};
  }
  return repair(now);
}

Delivery::Output Delivery::within_reach(TimePoint now) {
  if (!present_ || !std::exchange(lost_, false)) return {};
  return came_back(now);
}

Delivery::Output Delivery::handle_timeout(TimePoint now) {
  if (hold_until_ && now >= *hold_until_) {
    hold_until_.reset();
    if (!present_) enter(State::away);
  }
  if (!deadline_ || now < *deadline_) return {};
  switch (state_) {
    case State::told:
    case State::fetched:  // it has the configuration and doesn't use it: from the start, as if it hadn't
      return repair(now);
    case State::pausing:
      return advance(now);
    case State::settled:
    case State::away:
    case State::busy:
      break;
  }
  return {};
}

std::optional<TimePoint> Delivery::deadline() const {
  if (deadline_ && hold_until_) return std::min(*deadline_, *hold_until_);
  return deadline_ ? deadline_ : hold_until_;
}

bool Delivery::consistent() const {
  if (is_as_wanted() != (state_ == State::settled)) return false;
  if (hold_until_ && present_) return false;
  switch (state_) {
    case State::settled:
      return !deadline_;
    case State::away:
      return (!present_ || lost_) && !deadline_;
    case State::busy:
      return present_ && busy_ && !deadline_;
    case State::pausing:
      return present_ && !busy_ && deadline_;
    case State::told:
    case State::fetched:
      return deadline_ && (present_ || hold_until_);
  }
  return false;
}

}  // namespace roamdesk::hotdesk
