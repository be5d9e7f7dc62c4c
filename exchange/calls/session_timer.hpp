#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "common/sip/message.hpp"

namespace roamdesk::calls {

// The session timer of one leg (RFC 4028): what both ends have agreed on, and whose turn it is. It holds no clock: it
// says what is due and after which time.
//
// A peer that knows no session timers is refreshed all the same: that is how one is noticed that has vanished.
class SessionTimer {
 public:
  struct Terms {
    std::chrono::seconds interval{1800};  // Session-Expires that we ask for
    std::chrono::seconds least{90};       // Min-SE
  };
  explicit SessionTimer(Terms terms) : terms_(terms) {}

  // What a later process goes on with. `interval` is 0 where nothing is agreed.
  struct State {
    std::chrono::seconds interval{0}, asked_least{0};
    bool we_refresh = false;
  };
  State state() const { return {interval_, asked_least_, we_refresh_}; }
  // Within what a peer may ask for.
  void resume(const State& state);

  // The request asks for less than we take: 422 with Min-SE `least()` (§8). A peer that doesn't support timers can't
  // repeat it, and isn't refused.
  bool is_too_brief(const sip::Message& request) const;
  std::chrono::seconds least() const { return terms_.least; }

  // Session-Expires and Min-SE of a request of ours. `established`: who refreshes has been agreed, and is said again.
  void ask(sip::Message& request, bool established) const;
  // Takes what `request` asks for, and says so in our 2xx.
  void answer(const sip::Message& request, sip::Message& response);
  // Takes what the 2xx to a request of ours says.
  void agree(const sip::Message& response);

  // The first INVITE was refused with 422. True: ask() asks for what the peer wants, which is tried once (§7.3).
  bool bids_again(const sip::Message& refusal);

  // A later request was refused with 422. True: ask() asks for what the peer wants, which is more than before.
  bool raises(const sip::Message& refusal);

  // What becomes of the session after an answer to our refresh.
  enum class Refreshed : std::uint8_t {
    agreed,          // 2xx: taken; due() has the next time
    stands,          // refused, but the peer is there: we go on refreshing
    again,           // once more, after again_in()
    without_update,  // likewise, and by re-INVITE: it doesn't know UPDATE
    gone,            // it isn't there any more, or doesn't know the dialog
  };
  // `response`: nullptr if none came; `status` is 408 or 503 then.
  Refreshed refreshed(int status, const sip::Message* response);
  std::chrono::seconds again_in() const { return again_in_; }

  struct Due {
    bool refresh = false;  // ours; else theirs: the session is over if none came (§10)
    std::chrono::seconds in{0};
  };
  // nullopt before anything is agreed.
  std::optional<Due> due() const;

 private:
  Terms terms_;
  std::chrono::seconds interval_{0};     // 0: not agreed
  std::chrono::seconds asked_least_{0};  // of the peer's 422; 0: none
  std::chrono::seconds again_in_{0};
  bool we_refresh_ = false;
};

}  // namespace roamdesk::calls
