#pragma once
#include <optional>
#include <string>
#include <vector>

#include "common/sip/message.hpp"
#include "exchange/model/records.hpp"
#include "exchange/model/trunk.hpp"

// Who calls, as an INVITE to a trunk says it and as one from a trunk is believed. RFC 3261 §8.1.1.3 (From), RFC 3323
// and RFC 3325 (Privacy, P-Asserted-Identity, P-Preferred-Identity), RFC 5806 (Diversion), RFC 7044 (History-Info).
namespace roamdesk::routing {

// One party's number. Of an outside party it is E.164, of an extension without a number of its own it is the extension.
struct Identity {
  std::string number;
  std::string name{};
};

// Who calls through a trunk.
struct OutsideCaller {
  // A person of ours; else somebody outside, whose call is sent on.
  bool ours = true;
  Identity identity;
  // The number isn't to be seen by who is called.
  bool hidden = false;
};
// A person: with the own number, or none; hidden by the record or by the call's wish.
OutsideCaller caller_of(const Extension& person, bool hide);

struct ShownCaller {
  // Without tag.
  sip::NameAddr from;
  // P-Asserted-Identity, P-Preferred-Identity or Remote-Party-ID, Privacy, Diversion or History-Info.
  std::vector<sip::Header> headers;
};

// `forwarders`: who sent the call on, the last one first. `called` is the user part that the trunk is asked for.
ShownCaller shown_caller(const Trunk& trunk, const OutsideCaller& caller, const std::vector<Identity>& forwarders,
                         const std::string& called);

// A call for help: who is called back, `callback` in E.164, "" for the trunk's main number; or `from_id`, where the
// provider knows the place by a user part of its own ("" where it doesn't). Never a person, a name, or Privacy.
ShownCaller shown_for_help(const Trunk& trunk, const std::string& callback, const std::string& from_id,
                           const std::string& called);

// Who calls, as a request from the trunk says. Only a trunk that is trusted is believed in more than From. An anonymous
// caller is hidden and has neither number nor name.
OutsideCaller caller_from(const Trunk& trunk, const sip::Message& invite);

// How often the call has been sent on already, by what its Diversion and History-Info say.
std::size_t times_forwarded(const sip::Message& invite);
// A call that comes back to us that often runs in a circle; Max-Forwards alone would let it go round 70 times.
inline constexpr std::size_t most_forwards = 5;

}  // namespace roamdesk::routing
