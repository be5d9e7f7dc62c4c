#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/sip/refer.hpp"
#include "exchange/calls/types.hpp"
#include "exchange/element/outside.hpp"
#include "exchange/element/repeated_audit.hpp"
#include "exchange/element/upstreams.hpp"
#include "exchange/routing/caller_id.hpp"
#include "exchange/routing/outside.hpp"
#include "exchange/routing/outside_calls.hpp"
#include "exchange/routing/route.hpp"

namespace roamdesk::element {

// Calls over trunks and upstream accounts: who calls by them, how calls that go out are written for each, and how many
// there may be.
class TrunkCalls {
 public:
  TrunkCalls(Context& context, Outside& outside, Upstreams& upstreams)
      : context_(context), outside_(outside), upstreams_(upstreams), limits_(context, "outside.limit") {}

  // Who calls by the trunk. A number that is an extension's is no outside number: its sender isn't that person, and
  // mustn't be taken for it by a lamp, a record or a ringing phone.
  calls::Caller caller_of(trunks::TrunkNumber trunk, const sip::Flow& flow, const sip::Message& invite) const;

  // Who calls an account of ours upstream. The number is shown as the upstream has it: who calls it back calls it
  // there. One that is an extension of ours stands in the name only, for the same reason.
  calls::Caller caller_of(upstream::AccountNumber account, const sip::Flow& flow, const sip::Message& invite) const;

  // Where a call to an outside number goes, one server after the other. `refused`: none of its trunks can carry it, or
  // the person has called too much; `words` is the answer's reason phrase then.
  struct Way {
    std::vector<calls::Target> targets;  // the first, with the others in its `then`
    int refused = 0;
    std::string words{};
    ivr::Prompt prompt = ivr::Prompt::lines_busy;
  };
  // A person dials.
  Way way_of(const routing::ToOutside& route, const Extension& person, bool hidden);
  // A person's phone or transfer sends a call on.
  Way way_of(const routing::ToOutside& route, const Extension& person, const calls::Errand& errand);
  // Likewise, by the person's own account upstream and nobody else's.
  Way way_of(const routing::ToUpstream& route, const Extension& person, bool hidden);
  Way way_of(const routing::ToUpstream& route, const Extension& person, const calls::Errand& errand);

  // Each server is asked to let the call take the place of this dialog (RFC 3891), and to refuse it where it can't.
  static void replace(Way& way, const sip::Replaces& dialog);

  // How the trunk is spoken to, without the words of a call.
  calls::Manner manner_of(const Trunk& trunk) const;
  // Whom the caller sees: the number in E.164 where it has one.
  static calls::Party callee_of(const routing::ToOutside& route);
  static calls::Party callee_of(const routing::ToUpstream& route);
  // Counts up: which of the trunks that share a rule's calls comes first.
  unsigned turn() { return ++turn_; }

  // ---- what is counted; of calls::Host
  calls::Admission admit(calls::PeerId peer, const calls::Manner& manner);
  void answered(calls::TollId toll);
  void over(calls::TollId toll, bool carried);
  // A call of ours that is nobody's: it counts for the trunk alone.
  calls::Admission admit_test(const Trunk& trunk);
  // A call comes in. nullopt where the trunk is full.
  std::optional<calls::TollId> count_inbound(const Trunk& trunk);
  // Help calls back: it is counted, and never refused.
  calls::TollId count_callback(const Trunk& trunk);
  // What is counted of a call that goes on in the next process.
  std::optional<routing::CarriedToll> carried(calls::TollId toll) const;
  // Goes on with a leg of the last process: how its trunk is spoken to, beside what the leg brings, and what is counted
  // of it. False: the trunk isn't there any more.
  bool adopt(calls::Caller& who, const std::optional<routing::CarriedToll>& toll);
  // A call of before the start, by its record. Who sent it on isn't in there: then it counts for its trunk alone.
  void remember(const CallRecord& record);
  void handle_timeout() { limits_.handle_timeout(); }
  std::optional<TimePoint> deadline() const { return limits_.deadline(); }

  // How the trunk is shown that this party is at our end.
  std::vector<sip::Header> identity(const Trunk& trunk, const calls::Party& party) const;
  // What calls have found out about a server.
  void handle(const calls::ServerFailed& event);
  void handle(const calls::ServerAnswered& event);

 private:
  Way way(const routing::ToOutside& route, const Extension& person, const routing::OutsideCaller& caller,
          const std::vector<routing::Identity>& forwarders);
  Way way(const routing::ToUpstream& route, const Extension& person, const routing::OutsideCaller& caller,
          const std::vector<routing::Identity>& forwarders);
  // Who is shown of a call that is sent on, and who has sent it on, the last one first.
  std::pair<routing::OutsideCaller, std::vector<routing::Identity>> shown_of(const calls::Errand& errand) const;
  // A way that the person's limits close; nullopt where they don't.
  std::optional<Way> closed(const Extension& person);
  // One trunk, or one account, by which a call may leave.
  struct Line {
    const Trunk& record;
    calls::PeerId peer;
    std::vector<trunks::Server> servers;
  };
  void add(Way& way, const Line& line, const Extension& person, const routing::OutsideCaller& caller,
           const std::vector<routing::Identity>& forwarders, const std::string& called,
           const calls::Party& callee) const;
  // The words for the caller; written down, once a minute of each person and limit.
  std::string refused_by(routing::OutsideLimit limit, const std::string& person, const std::string& trunk);
  routing::Identity identity_of(const calls::Party& party) const;
  // Likewise, of a trunk or an account.
  calls::Manner manner_of(const Trunk& trunk, calls::PeerId peer) const;

  Context& context_;
  Outside& outside_;
  Upstreams& upstreams_;
  routing::OutsideCalls calls_;
  RepeatedAudit limits_;
  unsigned turn_ = 0;
};

}  // namespace roamdesk::element
