#pragma once
#include <optional>

#include "exchange/hotdesk/types.hpp"

namespace roamdesk::hotdesk {

struct DeliveryTimes {
  std::chrono::seconds fetch{15};         // from telling to the fetch
  std::chrono::seconds registration{30};  // from the fetch to the registration
  std::chrono::seconds reboot{150};       // from telling by reboot to either
  std::chrono::seconds hold{15};          // un-REGISTER on the way to a new identity: calls wait this long
  std::chrono::seconds gap{3};            // between two tellings, whatever happens
  std::chrono::seconds rest{300};         // after all ways were tried; doubles up to `longest_rest`
  std::chrono::seconds longest_rest{3600};
  std::chrono::seconds bridge{300};      // after a login or the last call since: what was dialled with acts no longer
  std::chrono::seconds fresh_start{60};  // a phone that comes back gets all its tries again, this often at most
};

// What one desk's phone should have (wanted) and what it was seen to have (observed), and the way between them:
// told -> fetched -> registered, each step with a deadline and a repair. README.md has the table.
class Delivery {
 public:
  enum class State : std::uint8_t {
    settled,  // registered as wanted, with the configuration that is wanted
    away,     // not registered, or registered and out of reach: told when it comes
    busy,     // has a dialog: told when it has none
    pausing,  // will be told at the deadline (`gap` since the last telling, or resting after all ways failed)
    told,     // asked to fetch; the fetch is awaited
    fetched,  // has the configuration; its registration is awaited
  };
  struct Output {
    std::optional<Telling> tell;
    std::optional<DeskProblem> report;
  };

  explicit Delivery(DeliveryTimes times) : times_(times) {}

  // After a restart. `fetch_needed`: old credentials are about, so that only a fetch tells what it has.
  void restore(Identity wanted, bool fetch_needed);
  // Other idle credentials: a phone that is registered under those of before is so under old ones. want() has to
  // follow.
  void idle_renewed(const SessionId& before);
  Output want(Identity wanted, TimePoint now);  // another identity: a new generation
  Output content_changed(TimePoint now);        // the same identity, another content: a new generation
  Output fetched(Generation generation, TimePoint now);
  // `elsewhere`: at another address than before. The phone that was told isn't the one that is there now.
  Output registered(const Identity& as, TimePoint now, bool elsewhere = false);
  Output unregistered(TimePoint now);
  Output binding_expired(TimePoint now);
  Output busy(TimePoint now);
  Output free(TimePoint now);
  Output tell_failed(bool unanswered, TimePoint now);
  // The line to it is back: what it couldn't hear needn't wait until it registers again.
  Output within_reach(TimePoint now);
  Output handle_timeout(TimePoint now);

  State state() const { return state_; }
  std::optional<TimePoint> deadline() const;
  bool settled() const { return state_ == State::settled; }
  bool is_registered() const { return present_; }
  const Identity& registered_as() const { return registered_as_; }  // meaningful while is_registered()
  const Identity& wanted() const { return wanted_; }
  // Registered under the identity that it should have; what it shows may be of yesterday.
  bool is_who_it_should_be() const { return present_ && registered_as_ == wanted_; }
  bool is_busy() const { return busy_; }
  bool gave_up() const { return exhausted_; }  // all ways of telling were used up
  Generation generation() const { return generation_; }
  bool hold_calls() const { return hold_until_.has_value(); }
  bool consistent() const;

 private:
  bool is_as_wanted() const;
  void enter(State state, std::optional<TimePoint> deadline = std::nullopt);
  Output advance(TimePoint now);  // chooses the state from what is wanted and observed
  Output settle();
  Output tell(TimePoint now);
  Output repair(TimePoint now);  // the step's deadline has passed, or the telling failed
  Output rest(TimePoint now);    // all ways were tried
  Output came_back(TimePoint now);
  void start_over();

  DeliveryTimes times_;
  State state_ = State::away;
  std::optional<TimePoint> deadline_, hold_until_, last_told_, last_start_, last_move_, last_seen_;
  Identity wanted_, registered_as_;
  Generation generation_ = 1, identity_generation_ = 1;
  bool fetch_needed_ = false;  // the wanted generation hasn't been seen to be fetched
  bool present_ = false, busy_ = false, reported_ = false;
  bool lost_ = false;       // registered, and didn't hear: believed when it registers again, or its line is back
  bool exhausted_ = false;  // every way was tried: only quiet retries from now on
  Telling last_way_ = Telling::resync;
  unsigned tries_ = 0, rests_ = 0;
};
const char* to_string(Delivery::State state);

}  // namespace roamdesk::hotdesk
