#include "exchange/calls/rooms.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::calls {

Rooms::Rooms(sip::TransactionLayer& transactions, Host& host, std::function<std::string()> unique, Options options)
    : context{.transactions = transactions, .host = host, .unique = std::move(unique), .options = std::move(options)} {}

bool Rooms::empty() const {
  return book.empty() && requests.empty() && exchanges.empty() && streams.empty() && !context.timers.earliest();
}

std::string Rooms::inconsistency(const Leg& leg) const {
  const auto who = "leg " + std::to_string(leg.id.value()) + " ";
  if ((leg.outside != nullptr) != (leg.who.manner != nullptr)) return who + "is half a trunk's";
  if (leg.outside && !leg.who.peer) return who + "is of no trunk";
  if (leg.is<Ending>()) {
    if (leg.call != Serial{}) return who + "ends in a call";
    if (!leg.unanswered.empty()) return who + "ends with unanswered requests";
    if (!context.timers.of({TimerKind::leg_ending, leg.id.value()})) return who + "ends never";
    return {};
  }
  const Call* call = book.call(leg.call);
  if (!call) return who + "belongs to no call";
  const auto& branches = call->fork.branches;
  const bool party = call->caller == leg.id || call->callee == leg.id ||
                     (call->transfer && call->transfer->chosen == leg.id) ||
                     std::find(branches.begin(), branches.end(), leg.id) != branches.end();
  return party ? std::string{} : who + "is no party of its call";
}

std::string Rooms::inconsistency(const Call& call) const {
  const auto who = "call " + std::to_string(call.serial.value()) + " ";
  for (const auto& id : {call.caller, call.callee}) {
    const Leg* leg = book.leg(id);
    if (id && (!leg || leg->call != call.serial)) return who + "has a party that is elsewhere";
  }
  for (const auto id : call.fork.branches)
    if (const Leg* leg = book.leg(id); !leg || leg->call != call.serial) return who + "has a branch that is elsewhere";
  if (call.alert() && !call.answered) {
    if (call.fork.branches.empty()) return who + "rings nobody";
    if (!context.timers.of({TimerKind::call_ringing, call.serial.value()})) return who + "rings forever";
  }
  if (call.is_bridge()) {
    const bool whole = call.caller && (call.callee || !call.answered);
    if (!whole && !call.transfer && call.donates_to == Serial{}) return who + "has lost a party";
    const bool rings = !call.answered || (call.transfer && !call.transfer->chosen);
    if (rings && !call.fork.waiting && call.fork.branches.empty()) return who + "rings nobody";
    if (rings && !context.timers.of({TimerKind::call_ringing, call.serial.value()})) return who + "rings forever";
  }
  if (call.donates_to != Serial{} && !book.call(call.donates_to)) return who + "gives to nobody";
  return {};
}

std::string Rooms::inconsistency() const {
  for (auto fault :
       {book.inconsistency(), requests.inconsistency(), streams.inconsistency(), exchanges.inconsistency()})
    if (!fault.empty()) return fault;
  for (const auto& [id, leg] : book.legs())
    if (auto fault = inconsistency(leg); !fault.empty()) return fault;
  for (const auto& [serial, call] : book.calls())
    if (auto fault = inconsistency(call); !fault.empty()) return fault;
  return {};
}

}  // namespace roamdesk::calls
