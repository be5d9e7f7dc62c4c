#pragma once
#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/engine.hpp"
#include "exchange/element/emergency.hpp"
#include "exchange/element/emergency_ways.hpp"
#include "exchange/element/handover.hpp"
#include "exchange/element/repeated_audit.hpp"
#include "exchange/element/speakers.hpp"
#include "exchange/emergency/admission.hpp"
#include "exchange/emergency/callback_book.hpp"
#include "exchange/routing/route.hpp"

namespace roamdesk::element {

// Calls for help (docs/contract.md §4: never refused, and without credentials): told apart, sent by the trunks of the
// location, answered by an announcement where no route is there, and written down with where they came from; and help
// that calls back.
class EmergencyCalls {
 public:
  EmergencyCalls(Context& context, const Registrations& registrations, const Speakers& speakers, calls::Engine& calls,
                 Outside& outside, TrunkCalls& trunk_calls)
      : context_(context),
        registrations_(registrations),
        speakers_(speakers),
        calls_(calls),
        outside_(outside),
        trunk_calls_(trunk_calls),
        ways_(context, outside, trunk_calls) {}

  // What was stored of numbers that help calls back.
  void start();
  // What an INVITE outside of all dialogs asks for help with; nullopt if it is no such call.
  std::optional<routing::ToEmergency> help_of(const sip::RequestReceived& e) const;
  void answer(const sip::RequestReceived& e, const routing::ToEmergency& help);
  // Help calls back: the desk rings that has called. False if it is no such call: then nothing was done.
  bool take_callback(trunks::TrunkNumber trunk, const sip::RequestReceived& e, const calls::Caller& caller);
  // A phone's transfer to help: with its desk's place and callback number. Refused: a diversion, which nobody decides
  // at that moment, and a party that isn't at a phone of ours: help would come to where our phone stands.
  calls::Route send_on(const routing::ToEmergency& help, const calls::Errand& errand);
  // A transfer to help that couldn't leave, of which therefore no call tells. Each is given once.
  std::optional<EmergencyPlace> poll_stranded() {
    return stranded_.empty() ? std::nullopt : std::optional{stranded_.extract(stranded_.begin()).mapped()};
  }
  // Somebody calls for help, now: the moment to tell of it.
  bool begins(const calls::CallChanged& changed);
  void handle(const calls::CallChanged& changed);
  void handle(const calls::HelpHandedOn& handed);

  // Of a call for help that goes on in the next process; nullopt where it is none.
  std::optional<CarriedHelp> carried(const calls::CallId& call) const;
  // Goes on with one of the last process: it was told of when it began.
  void adopt(const calls::CallId& call, CarriedHelp help);

  // The number that a call for help shows, and at which help calls back; "" for none.
  std::string callback_of(const calls::CallId& call) const {
    const auto found = left_.find(call);
    return found == left_.end() ? std::string{} : found->second.callback;
  }
  // nullopt if it is no emergency call.
  std::optional<EmergencyPlace> place_of(const calls::CallInfo& call) const;
  // Calls for help of the phone that is registered there which are under way: what makes it boot has to wait.
  std::size_t calls_of(const Mac& phone) const;
  void handle_timeout() {
    repeats_.handle_timeout();
    refused_.handle_timeout();
  }
  std::optional<TimePoint> deadline() const {
    const auto one = repeats_.deadline(), other = refused_.deadline();
    return one && other ? std::min(one, other) : one ? one : other;
  }

 private:
  EmergencyPlace place_of(const sip::FlowAddress& address, const std::optional<Mac>& phone, std::string number) const;
  // Where a call for help can go, admitted: it is counted until it has ended.
  struct Way {
    std::vector<calls::Target> targets;
    bool takes_line = false;
    emergency::Source source;
    std::string callback;  // the number that it shows; "" for none
    std::chrono::seconds window;
  };
  struct Outcome {
    std::optional<Way> way{};  // nullopt: it can't leave
    std::string words;         // by which trunks, or why not
  };
  // `from`: where help calls back to. `stranger`: no phone is registered there.
  Outcome find_way(const std::string& number, const EmergencyPlace& place, const emergency::Caller& from,
                   bool stranger);
  Outcome leave(const sip::RequestReceived& e, const routing::ToEmergency& help, const EmergencyPlace& place,
                calls::Caller caller);
  // The phone that is registered where the request comes from, or was so, as who the request is from.
  std::optional<Mac> phone_at(const sip::RequestReceived& e) const;
  // Log and audit.
  void write_down(const routing::ToEmergency& help, const EmergencyPlace& place, const Outcome& outcome, bool quiet,
                  std::string more = {});
  void store(const EmergencyCallback& record);
  std::optional<calls::Target> target_of(const EmergencyCallback& record) const;

  // A call that has left.
  struct Left {
    emergency::Source source;
    emergency::Caller caller;
    std::string callback;  // "" for none
    std::chrono::seconds window;
    EmergencyPlace place;
    bool begun = false;
    bool handed_on = false;  // its caller isn't in it any more
  };

  Context& context_;
  const Registrations& registrations_;
  const Speakers& speakers_;
  calls::Engine& calls_;
  Outside& outside_;
  TrunkCalls& trunk_calls_;
  EmergencyWays ways_;
  RepeatedAudit repeats_{context_, "emergency_call"}, refused_{context_, "emergency_refused"};
  EmergencyAllowance told_;
  emergency::Admission admission_;
  emergency::CallbackBook book_;
  std::map<calls::CallId, Left> left_;
  std::map<std::string, EmergencyPlace> stranded_;  // by the phone, so that there are no more than phones
};

}  // namespace roamdesk::element
