#include "exchange/element/outside_calls.hpp"

#include <fmt/format.h>

#include <limits>

#include "exchange/calls/privacy.hpp"
#include "exchange/element/peers.hpp"
#include "exchange/trunks/requests.hpp"

namespace roamdesk::element {
namespace {

sip::NameAddr account_address(const Trunk& trunk, std::string_view user) {
  sip::NameAddr address;
  address.uri = trunks::account_of(trunk);
  address.uri.user = user;
  return address;
}

const char* header_of(IdentityHeader shown) {
  switch (shown) {
    case IdentityHeader::none:
      return nullptr;
    case IdentityHeader::p_asserted:
      return "P-Asserted-Identity";
    case IdentityHeader::p_preferred:
      return "P-Preferred-Identity";
    case IdentityHeader::remote_party_id:
      return "Remote-Party-ID";
  }
  return nullptr;
}

std::string_view user_of_header(const sip::Message& message, std::string_view name,
                                std::optional<sip::NameAddr>& kept) {
  const auto value = message.header(name);
  if (!value) return {};
  kept = sip::parse_name_addr(value->substr(0, value->find(",<")));
  return kept ? std::string_view{kept->uri.user} : std::string_view{};
}

namespace numbers {
// E.164, and what was dialled.
struct Number {
  std::string e164, dialled;
};
std::string cleaned(std::string_view user) { return sip::unescape(user); }
Number read(const std::string& dialled) {
  if (dialled.starts_with('+')) return {dialled, dialled};
  if (dialled.starts_with("00")) return {"+" + dialled.substr(2), dialled};
  return {"", dialled};
}
}  // namespace numbers

// Where an administrator's number leads.
const InboundNumber* find_inbound(const Directory& directory, const std::string& e164) {
  const auto& all = directory.all<InboundNumber>();
  auto after = all.upper_bound(e164);
  while (after != all.begin()) {
    const auto& range = (--after)->second;
    if (range.first.size() == e164.size() && range.first <= e164 && e164 <= range.last) return &range;
    if (range.first.size() == e164.size()) return nullptr;
  }
  return nullptr;
}

// Of a range: the next number is the next extension's, with as many digits.
std::optional<ExtensionNumber> extension_at(const InboundNumber& range, const std::string& e164) {
  if (range.last_digits > 0)
    return ExtensionNumber{e164.substr(e164.size() - std::min<std::size_t>(range.last_digits, e164.size()))};
  const auto step = std::stoull(e164.substr(1)) - std::stoull(range.first.substr(1));
  const auto& first = range.extension.value();
  if (step == 0 || first.empty()) return range.extension;
  return ExtensionNumber{fmt::format("{:0{}}", std::stoull(first) + step, first.size())};
}

}  // namespace

calls::Manner OutsideCalls::manner_of(const Trunk& trunk) const {
  calls::Manner manner;
  if (auto route = trunks::route_of(trunk)) manner.route.push_back(std::move(*route));
  manner.calls = trunk.calls ? trunk.calls : std::numeric_limits<std::size_t>::max();
  manner.reserved_in = trunk.calls_reserved_in;
  manner.reliable = trunk.reliable;
  manner.late_offers = trunk.late_offers;
  return manner;
}

calls::Caller OutsideCalls::caller_of(trunks::TrunkNumber trunk, const sip::Flow& flow,
                                      const sip::Message& invite) const {
  const Trunk& record = *outside_.record(trunk);
  calls::Caller caller;
  caller.peer = peer_of(trunk);
  caller.hidden = calls::wants_privacy(invite);
  sip::NameAddr shown = invite.from;
  if (record.trusted)
    for (const auto* name : {"P-Asserted-Identity", "Remote-Party-ID"}) {
      std::optional<sip::NameAddr> identity;
      if (user_of_header(invite, name, identity).empty()) continue;
      shown = *identity;
      break;
    }
  const auto digits = numbers::cleaned(shown.uri.user);
  const auto number = numbers::read(digits);
  caller.party.number = !number.e164.empty() ? number.e164 : digits;
  // Its sender isn't that person, and mustn't be taken for it by a lamp, a record or a ringing phone.
  if (caller.party.number.empty() || context_.directory.extension(ExtensionNumber{caller.party.number}))
    caller.party.number = "unknown";
  caller.party.display = shown.display.substr(0, 64);
  auto manner = manner_of(record);
  manner.contact = trunks::contact_of(record, flow, flow.address.face, false);
  caller.manner = std::make_shared<const calls::Manner>(std::move(manner));
  return caller;
}

OutsideCalls::Called OutsideCalls::called(const Trunk& trunk, const sip::Message& invite) const {
  Called first;
  for (const CalledIn place : trunk.called_in) {
    std::optional<sip::NameAddr> kept;
    std::string_view user;
    switch (place) {
      case CalledIn::request_uri:
        user = invite.request_uri.user;
        break;
      case CalledIn::to:
        user = invite.to.uri.user;
        break;
      case CalledIn::p_called_party_id:
        user = user_of_header(invite, "P-Called-Party-ID", kept);
        break;
      case CalledIn::diversion:
        user = user_of_header(invite, "Diversion", kept);
        break;
    }
    const auto digits = numbers::cleaned(user);
    if (digits.empty()) continue;
    const auto number = numbers::read(digits);
    if (first.number.empty()) first.number = !number.e164.empty() ? number.e164 : digits;
    const auto* range = number.e164.empty() ? nullptr : find_inbound(context_.directory, number.e164);
    if (!range) continue;
    return {number.e164, extension_at(*range, number.e164)};
  }
  return first;
}

std::vector<sip::Header> OutsideCalls::identity(const Trunk& trunk, const calls::Party& party) const {
  const auto* name = header_of(trunk.shown);
  if (!name || calls::is_anonymous(party)) return {};
  const auto* extension = context_.directory.extension(ExtensionNumber{party.number});
  const auto& number = extension && !extension->outside_number.empty() ? extension->outside_number : trunk.main_number;
  if (number.empty() || (extension && extension->hide_number)) return {};
  return {{name, to_string(account_address(trunk, number))}};
}

std::vector<calls::Target> OutsideCalls::targets(const Words& words) const {
  std::vector<calls::Target> targets;
  const auto trunk = outside_.trunks().find(words.trunk);
  const auto* record = trunk ? outside_.record(*trunk) : nullptr;
  if (!record) return targets;
  auto manner = manner_of(*record);
  const auto account = record->user.empty() ? words.caller : record->user;
  if (words.hidden && !record->from_is_account) {
    manner.from = sip::NameAddr{};
    manner.from->display = "Anonymous";
    manner.from->uri.user = "anonymous";
    manner.from->uri.host = calls::anonymous_host;
  } else {
    manner.from = account_address(*record, record->from_is_account || words.caller.empty() ? account : words.caller);
  }
  manner.to = account_address(*record, words.called);
  // What stands here goes to the provider, who keeps it from the callee (RFC 3325 §9.3).
  if (const auto* name = header_of(record->shown); name && !words.caller.empty())
    manner.headers.push_back(
        {name, to_string(account_address(*record, words.caller)) +
                   (words.hidden && record->shown == IdentityHeader::remote_party_id ? ";privacy=full" : "")});
  if (words.hidden) manner.headers.push_back({"Privacy", "id"});
  if (!words.diverted_by.empty()) {
    const auto by = to_string(account_address(*record, words.diverted_by));
    if (record->forwarded == ForwardedBy::diversion)
      manner.headers.push_back({"Diversion", by + ";reason=unconditional"});
    // RFC 7044 §5: where it was sent to first, and where it goes now.
    if (record->forwarded == ForwardedBy::history_info)
      manner.headers.push_back(
          {"History-Info", fmt::format("{};index=1, {};index=1.1;mp=1", by, to_string(*manner.to))});
  }
  for (const auto& server : outside_.servers_for(*trunk)) {
    auto own = manner;
    own.contact = trunks::contact_of(*record, *server.flow, server.seen_as.value_or(server.flow->address.face), false);
    sip::Uri uri = manner.to->uri;
    calls::Target target{*server.flow, to_string(uri), peer_of(*trunk), words.party};
    target.manner = std::make_shared<const calls::Manner>(std::move(own));
    targets.push_back(std::move(target));
  }
  return targets;
}

// One server's refusal of one call says nothing of the server, unless it says that it can't serve at all.
void OutsideCalls::handle(const calls::ServerFailed& event) {
  const auto trunk = trunk_of(event.peer);
  if (!trunk || (event.status != 0 && event.status != 503)) return;
  const auto where = to_string(event.address.peer);
  auto why = event.status ? fmt::format("{} answers {} to INVITE", where, event.status)
                          : fmt::format("{} doesn't answer INVITE", where);
  outside_.trunks().server_failed(*trunk, {event.address.transport, event.address.peer}, std::move(why),
                                  event.retry_after.value_or(std::chrono::seconds{0}), context_.now.mono);
}

void OutsideCalls::handle(const calls::ServerAnswered& event) {
  if (const auto trunk = trunk_of(event.peer))
    outside_.trunks().server_answered(*trunk, {event.address.transport, event.address.peer}, context_.now.mono);
}

}  // namespace roamdesk::element
