#include "exchange/calls/engine.hpp"

#include "exchange/calls/impl.hpp"

namespace roamdesk::calls {

Engine::Engine(sip::TransactionLayer& transactions, Host& host, std::function<std::string()> unique, Options options)
    : impl_(std::make_unique<Impl>(transactions, host, std::move(unique), std::move(options))) {}
Engine::~Engine() = default;

std::optional<CallId> Engine::start_call(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                         Caller caller, Party callee, std::vector<Target> targets, bool hold,
                                         TimePoint now) {
  impl_->now_ = now;
  return impl_->start_call(tx, flow, invite, std::move(caller), std::move(callee), std::move(targets), hold);
}
std::optional<DialogueId> Engine::start_dialogue(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                                 Caller caller, TimePoint now) {
  impl_->now_ = now;
  return impl_->start_dialogue(tx, flow, invite, std::move(caller));
}
void Engine::announce_and_refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                                 std::string prompt, int status, TimePoint now) {
  impl_->now_ = now;
  impl_->announce(tx, flow, invite, std::move(caller), std::move(prompt), status);
}
void Engine::refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller,
                    Party callee, int status, TimePoint now) {
  impl_->now_ = now;
  impl_->refuse(tx, flow, invite, caller, std::move(callee), status);
}
void Engine::add_target(const CallId& call, Target target, TimePoint now) {
  impl_->now_ = now;
  impl_->add_target(call, std::move(target));
}
std::vector<CallId> Engine::waiting_for(std::string_view number) const {
  std::vector<CallId> result;
  for (const auto& [serial, call] : impl_->calls_)
    if (call.waiting && call.to.number == number) result.push_back(call.id);
  return result;
}
void Engine::hang_up(const CallId& id, TimePoint now) {
  impl_->now_ = now;
  if (const auto* call = impl_->call(id)) impl_->end_call(call->serial, 480);
}

void Engine::play(DialogueId dialogue, std::vector<std::string> prompts) {
  const auto* call = impl_->find(dialogue);
  if (auto* leg = call ? impl_->leg(call->a) : nullptr) impl_->play(*leg, std::move(prompts));
}
void Engine::stop(DialogueId dialogue) {
  const auto* call = impl_->find(dialogue);
  auto* leg = call ? impl_->leg(call->a) : nullptr;
  if (leg) impl_->hush(*leg);
}
void Engine::collect(DialogueId dialogue, bool on) {
  auto* call = impl_->find(dialogue);
  const auto* leg = call ? impl_->leg(call->a) : nullptr;
  if (!leg || !leg->stream) return;
  call->collecting = on;
  impl_->host_.media(media::Collect{*leg->stream, on, true});
}
void Engine::hang_up(DialogueId dialogue, TimePoint now) {
  impl_->now_ = now;
  if (const auto* call = impl_->find(dialogue)) impl_->end_call(call->serial, 480);
}

bool Engine::handle(const sip::TransactionEvent& event, TimePoint now) {
  impl_->now_ = now;
  return impl_->handle(event);
}
void Engine::handle_request(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request, TimePoint now) {
  impl_->now_ = now;
  impl_->handle_request(tx, flow, request);
}
void Engine::handle_media(const media::Event& event, TimePoint now) {
  impl_->now_ = now;
  impl_->handle_media(event);
}
void Engine::handle_flow_closed(sip::FlowId flow, TimePoint now) {
  impl_->now_ = now;
  impl_->handle_flow_closed(flow);
}
std::size_t Engine::end_ringing(TimePoint now) {
  impl_->now_ = now;
  return impl_->end_ringing();
}
void Engine::end_across(const SiteId& site, TimePoint now) {
  impl_->now_ = now;
  impl_->end_across(site);
}
void Engine::probe(PeerId peer, TimePoint now) {
  impl_->now_ = now;
  impl_->probe(peer);
}
void Engine::handle_timeout(TimePoint now) {
  impl_->now_ = now;
  while (const auto key = impl_->timers_.pop_due(now)) impl_->handle_timer(*key);
}
std::optional<TimePoint> Engine::deadline() const { return impl_->timers_.earliest(); }
std::optional<Event> Engine::poll_event() {
  if (impl_->events_.empty()) return std::nullopt;
  Event event = std::move(impl_->events_.front());
  impl_->events_.pop_front();
  return event;
}

std::vector<CallInfo> Engine::calls() const { return impl_->calls(); }
std::vector<presence::DialogInfo> Engine::dialogs(std::string_view number) const { return impl_->dialogs(number); }
bool Engine::empty() const { return impl_->empty(); }
std::string Engine::inconsistency() const { return impl_->inconsistency(); }

}  // namespace roamdesk::calls
