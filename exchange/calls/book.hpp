#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/sip/message.hpp"
#include "common/sip/refer.hpp"
#include "exchange/calls/call.hpp"
#include "exchange/calls/leg.hpp"

namespace roamdesk::calls {

// All legs and calls, and how they are found. Nothing is keyed by a peer's words: a dialog is found by our own tag.
// References last until their leg or call is removed; across a function that may do that, keep the id.
class Book {
 public:
  Leg* leg(LegId id);
  const Leg* leg(LegId id) const;
  Leg* leg(std::optional<LegId> id) { return id ? leg(*id) : nullptr; }
  const Leg* leg(std::optional<LegId> id) const { return id ? leg(*id) : nullptr; }
  Call* call(Serial serial);
  const Call* call(Serial serial) const;
  Call* call(const CallId& id);
  Call* call(DialogueId id);
  const std::unordered_map<LegId, Leg>& legs() const { return legs_; }
  const std::unordered_map<Serial, Call>& calls() const { return calls_; }
  const std::set<Serial>& announcements() const { return announcements_; }
  const std::set<Serial>& alerts() const { return alerts_; }

  // The leg at the other end of a call that is up.
  Leg* other_party(const Leg& leg);
  // For whom a call rings: the party that stays of a transfer, else the caller.
  Leg* waiting_party(const Call& call);
  // The dialog that a request names: our tag, then its Call-ID, tag and site must fit.
  Leg* find_dialog(const SiteId& site, const sip::Message& request);
  // The dialog that a Replaces names: as the person's lamp shows it, or as its peer has it; with the tags either way
  // round, since watchers write them as they read them.
  Leg* find_replaced(const sip::Replaces& replaces);
  // The legs of that person's phones. Empty for a number without any. Not those of trunks: what an outside party calls
  // itself is no one's lamp.
  const std::set<LegId>& legs_of(const std::string& number) const;
  // How many dialogs a peer has.
  std::size_t dialogs_of(PeerId peer) const;
  std::size_t dialogs_of(const std::optional<PeerId>& peer) const { return peer ? dialogs_of(*peer) : 0; }
  // Those of a trunk that we have begun.
  std::size_t calls_to(PeerId trunk) const;

  LegId next_leg_id() { return LegId{++last_leg_}; }
  DialogueId next_dialogue_id() { return DialogueId{++last_dialogue_}; }
  // Whether none has one of these names.
  bool has_room_for(LegId id, const std::string& local_tag, const std::string& alias) const {
    return !legs_.contains(id) && !by_tag_.contains(local_tag) && !by_alias_.contains(alias);
  }
  // Its tag, alias and `who` are final from here on, but for rename().
  Leg& add(Leg leg);
  void rename(Leg& leg, std::string local_tag);
  void remove(LegId id);
  // Gives it its serial.
  Call& add(Call call);
  // It becomes one with no party at the other end.
  void announce(Call& call, Announcement what);
  // It must be there.
  Call remove(Serial serial);

  bool empty() const;
  // "" or what is wrong; for tests and fuzzers.
  std::string inconsistency() const;

 private:
  std::uint64_t last_leg_ = 0, last_call_ = 0, last_dialogue_ = 0;
  std::unordered_map<LegId, Leg> legs_;
  std::unordered_map<Serial, Call> calls_;
  std::unordered_map<std::string, Serial> by_call_id_;
  std::unordered_map<std::string, LegId> by_tag_, by_alias_;  // Leg::dialog.local_tag, Leg::alias.call_id
  std::unordered_map<std::string, std::set<LegId>> by_number_;
  std::unordered_map<DialogueId, Serial> by_dialogue_;
  std::set<Serial> announcements_, alerts_;
  std::unordered_map<PeerId, std::size_t> by_peer_, to_trunk_;
};

}  // namespace roamdesk::calls
