#include "exchange/routing/caller_id.hpp"

#include <algorithm>
#include <charconv>

#include "exchange/model/location_reference.hpp"
#include "exchange/numbers/number.hpp"

namespace roamdesk::routing {
namespace {

// A number of ours, or of an outside caller, as the trunk wants it. What is no number stays (an extension of a private
// trunk).
std::string as_wanted(const Trunk& trunk, const std::string& number) {
  const numbers::Origin origin = numbers::origin_of(trunk);
  if (!number.starts_with('+')) return number;
  const NumberForm form = trunk.caller == NumberForm::as_dialled ? NumberForm::plus : trunk.caller;
  return numbers::written(numbers::read(number, origin), form, origin);
}

sip::NameAddr address(const std::string& display, const std::string& user, const std::string& host) {
  sip::NameAddr made;
  made.display = display;
  made.uri.user = user;
  made.uri.host = host;
  return made;
}

// RFC 5806 §4: the last who sent the call on stands first.
void add_diversions(ShownCaller& shown, const Trunk& trunk, const std::vector<Identity>& forwarders) {
  for (const Identity& forwarder : forwarders)
    shown.headers.push_back(
        {"Diversion", to_string(address(forwarder.name, as_wanted(trunk, forwarder.number), trunk.domain)) +
                          ";reason=unconditional"});
}

// RFC 7044 §5: from whom it was asked for first to whom it goes now. 302 as the cause: sent on (RFC 4458 §2).
void add_history(ShownCaller& shown, const Trunk& trunk, const std::vector<Identity>& forwarders,
                 const std::string& called) {
  std::string index = "1", history;
  for (auto at = forwarders.rbegin(); at != forwarders.rend(); ++at) {
    sip::NameAddr entry = address("", as_wanted(trunk, at->number), trunk.domain);
    if (at != forwarders.rbegin()) entry.uri.params.set("cause", "302");
    history += to_string(entry) + ";index=" + index + ", ";
    index += ".1";
  }
  sip::NameAddr now = address("", called, trunk.domain);
  now.uri.params.set("cause", "302");
  shown.headers.push_back({"History-Info", history + to_string(now) + ";index=" + index});
}

// Who is shown: the number that the trunk takes from us, and the name that goes with it.
Identity chosen(const Trunk& trunk, const OutsideCaller& caller, const std::vector<Identity>& forwarders) {
  Identity shown = caller.identity;
  const bool replaced = !forwarders.empty() && trunk.forwarded == ForwardedBy::replace_caller;
  if (replaced || (!caller.ours && !trunk.any_caller)) {
    shown.number = forwarders.empty() ? "" : forwarders.front().number;
    // The name of who calls stays, so that a telephone says whose call it is.
  }
  if (!shown.number.starts_with('+') && !trunk.main_number.empty()) shown.number = trunk.main_number;
  return shown;
}

constexpr const char* identity_names[] = {"", "P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID"};

}  // namespace

OutsideCaller caller_of(const Extension& person, bool hide) {
  const bool own = !person.outside_number.empty();
  return {true, {own ? person.outside_number : person.number.value(), person.name}, hide || person.hide_number};
}

ShownCaller shown_caller(const Trunk& trunk, const OutsideCaller& caller, const std::vector<Identity>& forwarders,
                         const std::string& called) {
  const Identity who = chosen(trunk, caller, forwarders);
  const std::string number = as_wanted(trunk, who.number);
  ShownCaller shown;
  const bool account = trunk.from_is_account || number.empty();
  shown.from = address(who.name, account ? trunk.user : number, trunk.domain);
  if (caller.hidden) {
    // RFC 3323 §4.1. A trunk that knows its customer by From gets the account all the same; Privacy hides it.
    shown.from = account ? address("Anonymous", trunk.user, trunk.domain)
                         : address("Anonymous", "anonymous", "anonymous.invalid");
  }
  if (trunk.shown != IdentityHeader::none && !number.empty()) {
    std::string value = to_string(address(who.name, number, trunk.domain));
    if (trunk.shown == IdentityHeader::remote_party_id)
      value += caller.hidden ? ";party=calling;privacy=full" : ";party=calling;privacy=off";
    shown.headers.push_back({identity_names[static_cast<std::size_t>(trunk.shown)], std::move(value)});
  }
  if (caller.hidden) shown.headers.push_back({"Privacy", "id"});
  if (!forwarders.empty() && trunk.forwarded == ForwardedBy::diversion) add_diversions(shown, trunk, forwarders);
  if (!forwarders.empty() && trunk.forwarded == ForwardedBy::history_info)
    add_history(shown, trunk, forwarders, called);
  return shown;
}

ShownCaller shown_for_help(const Trunk& trunk, const std::string& callback, const std::string& from_id,
                           const std::string& called) {
  if (!is_provider_id(from_id)) return shown_caller(trunk, {true, {callback, {}}, false}, {}, called);
  ShownCaller shown;
  shown.from = address("", trunk.from_is_account ? trunk.user : from_id, trunk.domain);
  // Where From is the account, the id has to stand elsewhere.
  auto header = trunk.shown;
  if (header == IdentityHeader::none && trunk.from_is_account) header = IdentityHeader::p_asserted;
  if (header == IdentityHeader::none) return shown;
  std::string value = to_string(address("", from_id, trunk.domain));
  if (header == IdentityHeader::remote_party_id) value += ";party=calling;privacy=off";
  shown.headers.push_back({identity_names[static_cast<std::size_t>(header)], std::move(value)});
  return shown;
}

namespace {

// The first address of a header's value that can be read.
std::optional<sip::NameAddr> first_address(const sip::Message& invite, std::string_view name) {
  const auto value = invite.header(name);
  return value ? sip::parse_name_addr(*value) : std::nullopt;
}

bool wants_privacy(const sip::Message& invite) {
  const auto privacy = invite.header("Privacy");
  // RFC 3323 §4.2: "none" asks for none.
  return privacy && privacy->find("none") == std::string_view::npos && !privacy->empty();
}

bool is_anonymous(const sip::NameAddr& address) {
  return address.uri.user == "anonymous" || address.uri.host == "anonymous.invalid" || address.uri.user.empty();
}

}  // namespace

OutsideCaller caller_from(const Trunk& trunk, const sip::Message& invite) {
  sip::NameAddr who = invite.from;
  bool hidden = is_anonymous(who);
  if (trunk.trusted) {
    for (const char* name : {"P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID"})
      if (const auto address = first_address(invite, name)) {
        who = *address;
        hidden = is_anonymous(who) || address->params.find("privacy").value_or("off") != "off";
        break;
      }
  }
  hidden = hidden || wants_privacy(invite);
  OutsideCaller caller{false, {}, hidden};
  if (hidden) return caller;
  const std::string user = numbers::cleaned(who.uri.user);
  const auto number = numbers::read(user, numbers::origin_of(trunk), numbers::Writer::provider);
  caller.identity = {number.e164.empty() ? user : number.e164, who.display};
  return caller;
}

std::size_t times_forwarded(const sip::Message& invite) {
  std::size_t diversions = 0, deepest = 0;
  for (const auto value : invite.headers_named("Diversion"))
    diversions += 1 + static_cast<std::size_t>(std::count(value.begin(), value.end(), ','));
  // An entry's index says how deep it stands: 1.1.1 was sent on twice (RFC 7044 §5.1).
  for (const auto value : invite.headers_named("History-Info"))
    for (auto at = value.find("index="); at != std::string_view::npos; at = value.find("index=", at + 1)) {
      const auto index = value.substr(at + 6, value.find_first_not_of("0123456789.", at + 6) - (at + 6));
      deepest = std::max(deepest, static_cast<std::size_t>(std::count(index.begin(), index.end(), '.')));
    }
  return std::max(diversions, deepest);
}

}  // namespace roamdesk::routing
