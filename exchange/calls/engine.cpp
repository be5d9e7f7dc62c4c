#include "exchange/calls/engine.hpp"

#include <utility>

#include "exchange/calls/rooms.hpp"

namespace roamdesk::calls {

Engine::Engine(sip::TransactionLayer& transactions, Host& host, std::function<std::string()> unique, Options options)
    : rooms_(std::make_unique<Rooms>(transactions, host, std::move(unique), std::move(options))) {}
Engine::~Engine() = default;

template <class Visit>
auto Engine::enter(TimePoint now, Visit visit) {
  rooms_->context.now = now;
  return visit(*rooms_);
}

std::optional<CallId> Engine::start_call(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                         Caller caller, Party callee, std::vector<Target> targets, bool hold,
                                         TimePoint now) {
  return enter(now, [&](Rooms& rooms) {
    return rooms.machine.start(tx, flow, invite, std::move(caller), std::move(callee), std::move(targets), hold);
  });
}
std::optional<DialogueId> Engine::start_dialogue(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                                 Caller caller, TimePoint now) {
  return enter(now, [&](Rooms& rooms) { return rooms.dialogues.start(tx, flow, invite, std::move(caller)); });
}
void Engine::announce_and_refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                                 std::string prompt, int status, TimePoint now) {
  enter(now, [&](Rooms& rooms) {
    rooms.announcements.start(tx, flow, invite, std::move(caller), std::move(prompt), status);
  });
}
std::optional<CallId> Engine::alert(Party from, std::vector<Target> targets, std::vector<std::string> prompts,
                                    TimePoint now) {
  return enter(
      now, [&](Rooms& rooms) { return rooms.alerts.start(std::move(from), std::move(targets), std::move(prompts)); });
}
void Engine::refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller,
                    Party callee, Refusal refusal, TimePoint now) {
  enter(now, [&](Rooms& rooms) {
    rooms.announcements.refuse(tx, flow, invite, caller, std::move(callee), std::move(refusal));
  });
}
void Engine::add_target(const CallId& id, Target target, TimePoint now) {
  enter(now, [&](Rooms& rooms) {
    if (Call* call = rooms.book.call(id)) rooms.ringing.add(*call, std::move(target));
  });
}
std::vector<CallId> Engine::waiting_for(std::string_view number) const {
  std::vector<CallId> result;
  for (const auto& [serial, call] : rooms_->book.calls())
    if (call.fork.waiting && call.to.number == number) result.push_back(call.id);
  return result;
}
void Engine::hang_up(const CallId& id, TimePoint now) {
  enter(now, [&](Rooms& rooms) {
    if (const Call* call = rooms.book.call(id)) rooms.machine.end_call(call->serial, 480, {});
  });
}

void Engine::play(DialogueId dialogue, std::vector<std::string> prompts) {
  rooms_->dialogues.play(dialogue, std::move(prompts));
}
void Engine::stop(DialogueId dialogue) { rooms_->dialogues.stop(dialogue); }
void Engine::collect(DialogueId dialogue, bool on) { rooms_->dialogues.collect(dialogue, on); }
void Engine::hang_up(DialogueId dialogue, TimePoint now) {
  enter(now, [&](Rooms& rooms) {
    if (const Call* call = rooms.book.call(dialogue)) rooms.machine.end_call(call->serial, 480, {});
  });
}

std::optional<CallId> Engine::call_of(DialogueId dialogue) {
  const Call* call = rooms_->book.call(dialogue);
  return call ? std::optional{call->id} : std::nullopt;
}

bool Engine::handle(const sip::TransactionEvent& event, TimePoint now) {
  return enter(now, [&](Rooms& rooms) { return rooms.dispatch.handle(event); });
}
void Engine::handle_request(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request, TimePoint now) {
  enter(now, [&](Rooms& rooms) { rooms.dispatch.handle_request(tx, flow, request); });
}
void Engine::handle_media(const media::Event& event, TimePoint now) {
  enter(now, [&](Rooms& rooms) { rooms.dispatch.handle_media(event); });
}
void Engine::handle_flow_closed(sip::FlowId flow, TimePoint now) {
  enter(now, [&](Rooms& rooms) { rooms.machine.lose_flow(flow); });
}
std::size_t Engine::end_ringing(TimePoint now) {
  return enter(now, [](Rooms& rooms) { return rooms.machine.end_ringing(); });
}
std::vector<CarriedCall> Engine::carried(TimePoint now) {
  return enter(now, [](Rooms& rooms) { return rooms.carrying.carried(); });
}
bool Engine::is_settling() const { return rooms_->carrying.is_settling(); }
bool Engine::adopt(CarriedCall call, TimePoint now) {
  return enter(now, [&](Rooms& rooms) { return rooms.carrying.adopt(std::move(call)); });
}
void Engine::end_across(const SiteId& site, TimePoint now) {
  enter(now, [&](Rooms& rooms) { rooms.machine.end_across(site); });
}
void Engine::reached(PeerId peer, TimePoint now) {
  enter(now, [&](Rooms& rooms) { rooms.machine.reached(peer); });
}
void Engine::probe(PeerId peer, TimePoint now) {
  enter(now, [&](Rooms& rooms) { rooms.machine.probe(peer); });
}
void Engine::handle_timeout(TimePoint now) {
  enter(now, [&](Rooms& rooms) {
    while (const auto due = rooms.context.timers.pop_due(now)) rooms.dispatch.handle_timer(due->first, due->second);
  });
}
std::optional<TimePoint> Engine::deadline() const { return rooms_->context.timers.earliest(); }
std::optional<Event> Engine::poll_event() {
  auto& events = rooms_->context.events;
  if (events.empty()) return std::nullopt;
  Event event = std::move(events.front());
  events.pop_front();
  return event;
}

std::size_t Engine::dialogs_of(PeerId peer) const { return rooms_->book.dialogs_of(peer); }
std::vector<CallInfo> Engine::calls() const { return rooms_->notices.calls(); }
std::optional<std::vector<PartyMedia>> Engine::media(const CallId& call) const { return rooms_->notices.media(call); }
std::vector<presence::DialogInfo> Engine::dialogs(std::string_view number) const {
  return rooms_->notices.dialogs(number);
}
bool Engine::empty() const { return rooms_->empty(); }
std::string Engine::inconsistency() const { return rooms_->inconsistency(); }

}  // namespace roamdesk::calls
