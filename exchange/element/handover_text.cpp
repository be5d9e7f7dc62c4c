#include "exchange/element/handover_text.hpp"

#include <memory>
#include <utility>

#include "common/sip/limits.hpp"
#include "common/sip/parse.hpp"
#include "exchange/element/archive.hpp"

namespace roamdesk::element {
namespace {

// The form; another number for each change of it.
constexpr std::string_view magic = "roamdesk handover 1\n";
constexpr std::size_t longest = 256'000'000;

struct Here {};
using Writer = archive::Writer<Here>;
using Reader = archive::Reader<Here>;
using archive::as_text, archive::one_of, archive::optional, archive::list, archive::field;

template <class A>
void field(A& a, SiteId& site) {
  std::string text;
  if constexpr (!A::reads) text = site.value();
  a.text(text);
  if constexpr (A::reads) site = SiteId{text};
}

template <class A>
void field(A& a, Endpoint& endpoint) {
  as_text(
      a, endpoint, [](const Endpoint& e) { return to_string(e); },
      [](const std::string& text) { return parse_endpoint(text, true); });
}

template <class A>
void field(A& a, Mac& mac) {
  as_text(
      a, mac, [](const Mac& m) { return m.text(); }, [](const std::string& text) { return Mac::parse(text); });
}

template <class A>
void field(A& a, sip::FlowAddress& flow) {
  field(a, flow.site);
  one_of(a, flow.transport, words<sip::Transport>.size());
  field(a, flow.face);
  field(a, flow.peer);
}

// A dialog is its next BYE: so it is read by the parser that reads all that comes in.
std::string text_of(const sip::Dialog& dialog) {
  auto request = dialog.make_request("BYE", dialog.local_cseq);
  request.max_forwards = 70;
  sip::Via via;
  via.host = "localhost";
  request.via = {std::move(via)};
  return sip::serialise(request);
}
std::optional<sip::Dialog> dialog_of(const std::string& text) {
  sip::ParseLimits limits;
  limits.max_bytes = sip::largest_stream_message;
  const auto request = sip::parse(text, limits);
  if (!request || request->method != "BYE") return std::nullopt;
  sip::Dialog dialog;
  dialog.call_id = request->call_id;
  dialog.local = request->from;
  dialog.local_tag = request->from.tag();
  dialog.remote = request->to;
  dialog.remote_tag = request->to.tag();
  dialog.target = request->request_uri;
  dialog.routes = request->route;
  dialog.local_cseq = request->cseq.number;
  return dialog;
}

template <class A>
void field(A& a, sip::Dialog& dialog) {
  auto remote_cseq = dialog.remote_cseq;
  as_text(a, dialog, text_of, dialog_of);
  field(a, remote_cseq);
  dialog.remote_cseq = remote_cseq;
}

template <class A>
void field(A& a, calls::Party& party) {
  field(a, party.number);
  field(a, party.display);
}

template <class A>
void field(A& a, calls::Help& help) {
  field(a, help.takes_line);
  field(a, help.prompt);
  field(a, help.shown);
}

// What isn't the trunk's own; the rest is its record's to say.
template <class A>
void field(A& a, calls::Manner& manner) {
  optional(a, manner.contact, sip::Uri{}, [&](sip::Uri& uri) {
    as_text(
        a, uri, [](const sip::Uri& u) { return sip::to_string(u); },
        [](const std::string& text) { return sip::parse_uri(text); });
  });
  field(a, manner.payer);
  field(a, manner.help);
}

template <class A>
void field(A& a, calls::Caller& caller) {
  field(a, caller.peer);
  field(a, caller.party);
  field(a, caller.desk);
  field(a, caller.hidden);
  field(a, caller.seen);
  field(a, caller.quiet);
  field(a, caller.help);
  std::optional<calls::Manner> manner;
  if (caller.manner) manner = *caller.manner;
  field(a, manner);
  if constexpr (A::reads) caller.manner = manner ? std::make_shared<const calls::Manner>(std::move(*manner)) : nullptr;
}

template <class A>
void field(A& a, calls::SessionTimer::State& session) {
  field(a, session.interval);
  field(a, session.asked_least);
  field(a, session.we_refresh);
}

template <class A>
void field(A& a, calls::CarriedLeg& leg) {
  field(a, leg.id);
  field(a, leg.outgoing);
  field(a, leg.who);
  field(a, leg.shown);
  field(a, leg.dialog);
  field(a, leg.flow);
  for (auto* name : {&leg.alias.call_id, &leg.alias.local_tag, &leg.alias.remote_tag}) field(a, *name);
  field(a, leg.takes_update);
  field(a, leg.stream);
  field(a, leg.media);
  field(a, leg.remote_sdp);
  field(a, leg.local_sdp);
  field(a, leg.sdp_version);
  one_of(a, leg.srtp, words<Srtp>.size());
  optional(a, leg.suite, SrtpSuite{}, [&](SrtpSuite& suite) { one_of(a, suite, srtp_suites); });
  field(a, leg.session);
}

template <class A>
void field(A& a, calls::CarriedCall& call) {
  field(a, call.id);
  field(a, call.from);
  field(a, call.to);
  field(a, call.begun);
  field(a, call.answered);
  field(a, call.emergency_from);
  field(a, call.quiet);
  field(a, call.help);
  field(a, call.transfers);
  field(a, call.caller);
  field(a, call.callee);
}

template <class A>
void field(A& a, routing::CarriedToll& toll) {
  field(a, toll.trunk);
  field(a, toll.person);
  field(a, toll.costs);
  field(a, toll.begun);
  field(a, toll.answered);
}

template <class A>
void field(A& a, std::optional<Mac>& mac) {
  optional(a, mac, *Mac::parse("000000000000"), [&](Mac& inner) { field(a, inner); });
}

template <class A>
void field(A& a, CarriedHelp& help) {
  field(a, help.source.site);
  field(a, help.source.name);
  field(a, help.source.stranger);
  field(a, help.caller.desk);
  field(a, help.caller.phone);
  field(a, help.caller.contact);
  field(a, help.caller.flow);
  field(a, help.callback);
  field(a, help.window);
  auto& place = help.place;
  field(a, place.site);
  field(a, place.phone);
  for (auto* text : {&place.address, &place.number, &place.desk, &place.location, &place.extension, &place.name})
    field(a, *text);
  field(a, help.handed_on);
}

template <class A>
void field(A& a, CarriedPeer& peer) {
  field(a, peer.peer);
  field(a, peer.is_account);
  field(a, peer.name);
}

template <class A>
void field(A& a, Handover::Call& call) {
  field(a, call.call);
  field(a, call.caller_toll);
  field(a, call.callee_toll);
  field(a, call.help);
}

template <class A>
void field(A& a, presence::CarriedSubscription& subscription) {
  field(a, subscription.device);
  field(a, subscription.is_mailbox);
  field(a, subscription.watched);
  field(a, subscription.flow);
  field(a, subscription.dialog);
  field(a, subscription.event_id);
  field(a, subscription.version);
  field(a, subscription.left);
  field(a, subscription.shows_something);
}

template <class A>
void all(A& a, Handover& handover) {
  auto at = handover.at.time_since_epoch();
  field(a, at);
  handover.at = WallTime{at};
  field(a, handover.instance);
  list(a, handover.peers, Handover::most_peers);
  list(a, handover.calls, Handover::most_calls);
  list(a, handover.subscriptions, Handover::most_subscriptions);
}

// What can't be read again (a peer's words that are longer than a message may be, say) goes alone, and doesn't spoil
// the rest.
template <class T>
void keep_readable(std::vector<T>& records) {
  std::erase_if(records, [](T& record) {
    Writer writer;
    field(writer, record);
    const auto text = writer.take();
    Reader reader{text};
    T again;
    field(reader, again);
    return !reader.over();
  });
}

}  // namespace

std::string to_text(const Handover& handover) {
  Writer writer;
  auto copy = handover;
  keep_readable(copy.calls);
  keep_readable(copy.subscriptions);
  all(writer, copy);
  return std::string{magic} + writer.take();
}

const char* explain(HandoverFault fault) {
  return fault == HandoverFault::other_version ? "another version of the program has written it" : "it is damaged";
}

Result<Handover, HandoverFault> read_handover(std::string_view text) {
  constexpr auto name = magic.substr(0, magic.find_last_of(' ') + 1);
  if (text.size() > longest || !text.starts_with(name)) return HandoverFault::damaged;
  if (!text.starts_with(magic)) return HandoverFault::other_version;
  Reader reader{text.substr(magic.size())};
  Handover handover;
  all(reader, handover);
  if (!reader.over()) return HandoverFault::damaged;
  return handover;
}

}  // namespace roamdesk::element
