#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/media_orders/orders.hpp"
#include "common/sip/message.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/carried.hpp"
#include "exchange/calls/host.hpp"
#include "exchange/calls/options.hpp"
#include "exchange/calls/types.hpp"
#include "exchange/presence/dialog_info.hpp"

namespace roamdesk::calls {

struct Rooms;

// All calls: a B2BUA over the transaction layer, with a dialog and a media stream of its own towards each phone.
// Pure, owned by the signalling thread. README.md has the table of states.
//
// After each call of a function with `now`: drain poll_event(), and the transaction layer.
class Engine {
 public:
  // `unique` gives an unguessable token (tags, Call-IDs, call ids) at each call.
  Engine(sip::TransactionLayer& transactions, Host& host, std::function<std::string()> unique, Options options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // ---- new calls. `tx` is an INVITE without To tag, already authenticated; the engine answers it from here on ----

  // Rings `targets` all at once; the first 2xx wins. Without targets: 480, or, if `hold`, 180 and Times::hold of
  // waiting for add_target(). An INVITE with Replaces (RFC 3891: pick-up, attended transfer) takes the place of the
  // dialog it names instead. nullopt if it was refused.
  std::optional<CallId> start_call(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                                   Party callee, std::vector<Target> targets, bool hold, TimePoint now);
  // Answers with G.711 and telephone-event, and gives the call to the voice dialogue. nullopt if it was refused
  // (488: no G.711 in the offer; 503: no port).
  std::optional<DialogueId> start_dialogue(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                           Caller caller, TimePoint now);
  // 183 with early media, the prompt, then the final response `status` (300..699). Where early media isn't possible, or
  // too many listen already (Limits): the response at once. `tx` needs no credentials here.
  void announce_and_refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                           std::string prompt, int status, TimePoint now);
  // A call of ours: the targets ring (Priority: emergency), showing `from`; the first that answers hears the prompts
  // twice, and the call ends. It rings for Times::alert. nullopt: no phone rings.
  std::optional<CallId> alert(Party from, std::vector<Target> targets, std::vector<std::string> prompts, TimePoint now);
  // A call that leads nowhere. Where the refusal has a prompt it is said in early media first; at once, where that
  // isn't possible or too many listen (Limits).
  void refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller, Party callee,
              Refusal refusal, TimePoint now);
  void refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller, Party callee,
              int status, TimePoint now) {
    refuse(tx, flow, invite, caller, std::move(callee), Refusal{status}, now);
  }

  // A phone that has just registered for a call which is held for it. Unknown or no longer ringing: nothing.
  void add_target(const CallId& call, Target target, TimePoint now);
  // Calls that wait with no phone to ring for this number.
  std::vector<CallId> waiting_for(std::string_view number) const;
  void hang_up(const CallId& call, TimePoint now);

  // ---- the voice dialogue; unknown ids: nothing ----
  void play(DialogueId dialogue, std::vector<std::string> prompts);
  void stop(DialogueId dialogue);
  void collect(DialogueId dialogue, bool on);
  void hang_up(DialogueId dialogue, TimePoint now);
  // nullopt where it is over.
  std::optional<CallId> call_of(DialogueId dialogue);

  // ---- in ----
  // False: not the engine's (no dialog or transaction of its own); nothing was done.
  bool handle(const sip::TransactionEvent& event, TimePoint now);
  // An in-dialog request of a method that only calls know; 481 where the dialog is unknown. ACK is never answered.
  void handle_request(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request, TimePoint now);
  void handle_media(const media::Event& event, TimePoint now);
  void handle_flow_closed(sip::FlowId flow, TimePoint now);
  // This process ends: callers whose calls ring hear 503, phones that ring get a CANCEL. How many calls that were.
  std::size_t end_ringing(TimePoint now);
  // The calls that the next process can go on with.
  std::vector<CarriedCall> carried(TimePoint now);
  // Something is on its way in a call that could go on without it.
  bool is_settling() const;
  // Goes on with a call of the last process; before any other call begins. False: it doesn't fit, and nothing of it is
  // here.
  bool adopt(CarriedCall call, TimePoint now);
  // The line to `site` is dead: what is up across it, or between it and us, ends; calls at home go on.
  void end_across(const SiteId& site, TimePoint now);
  // The peer can be reached again, over another flow than before: it is told of new keys that wait for it.
  void reached(PeerId peer, TimePoint now);
  // The peer may have lost its calls (its registration ran out, or it has booted): each is refreshed now, and a peer
  // that knows nothing of it, or doesn't answer, is hung up.
  void probe(PeerId peer, TimePoint now);
  void handle_timeout(TimePoint now);  // spurious calls do nothing
  std::optional<TimePoint> deadline() const;
  std::optional<Event> poll_event();

  // ---- state ----
  std::vector<CallInfo> calls() const;
  // The parties' voice; nullopt where there is no such call.
  std::optional<std::vector<PartyMedia>> media(const CallId& call) const;
  // How many dialogs this peer has, early ones included.
  std::size_t dialogs_of(PeerId peer) const;
  // Dialogs of everybody who is `number` in a call now, as RFC 4235 shows them.
  std::vector<presence::DialogInfo> dialogs(std::string_view number) const;
  // Nothing left: no call, leg, stream, port or timer.
  bool empty() const;
  // Invariants; for tests and fuzzers. "" or what is wrong.
  std::string inconsistency() const;

 private:
  // A visit: everything that happens in it happens at `now`.
  template <class Visit>
  auto enter(TimePoint now, Visit visit);

  std::unique_ptr<Rooms> rooms_;
};

}  // namespace roamdesk::calls
