#include "exchange/element/speakers.hpp"

#include "exchange/element/accounts.hpp"
#include "exchange/element/peers.hpp"
#include "exchange/model/location_of.hpp"

namespace roamdesk::element {
namespace {

bool same_place(const sip::FlowAddress& a, const sip::FlowAddress& b) {
  return a.site == b.site && a.peer.address == b.peer.address;
}

rights::Credentials credentials_of(const registrar::Account& account, const hotdesk::Machine::Standing& desk) {
  switch (account.rights) {
    case registrar::Rights::idle:
      return rights::Credentials::idle;
    case registrar::Rights::old:
      return rights::Credentials::ended;
    case registrar::Rights::full:
      break;
  }
  if (!account.hot_desk) return rights::Credentials::own_phone;
  // A logout holds from its first moment, before the store has it.
  const bool in_force = desk.session && desk.session->credentials.user == account.digest_user;
  return in_force ? rights::Credentials::session : rights::Credentials::ended;
}

}  // namespace

Speaker Speakers::speaker(registrar::Account account, const sip::FlowAddress& from) const {
  const HotDesk* desk = account.hot_desk ? context_.directory.desk_of(account.device) : nullptr;
  const auto standing = desk ? desks_.standing(desk->id) : hotdesk::Machine::Standing{};
  const auto* binding = registrations_.find(account.device);

  rights::Facts facts;
  facts.credentials = credentials_of(account, standing);
  if (!desk)
    facts.desk = rights::Desk::none;
  else if (!standing.session)
    facts.desk = standing.as_it_should_be ? rights::Desk::idle_settled : rights::Desk::idle;
  else if (standing.as_it_should_be)
    facts.desk = rights::Desk::settled;
  else
    facts.desk = standing.place && binding && standing.place->covers(binding->flow) ? rights::Desk::awaited
                                                                                    : rights::Desk::bound;
  if (from.site != account.site)
    facts.source = rights::Source::other_site;
  else if (standing.place && standing.place->open && standing.place->covers(from))
    facts.source = rights::Source::bridge;
  else if (!binding)
    facts.source = rights::Source::unregistered;
  else
    facts.source = same_place(binding->flow, from) ? rights::Source::registered : rights::Source::elsewhere;

  Speaker speaker{std::move(account), rights::decide(facts), std::nullopt};
  if (speaker.rights.acts != rights::Acts::person) return speaker;
  if (desk) {
    speaker.person = standing.session->extension;
  } else if (const Phone* phone = context_.directory.phone(speaker.account.device)) {
    speaker.person = phone->extension;
  }
  return speaker;
}

std::optional<ExtensionNumber> Speakers::person_at(const Mac& device) const {
  const auto* binding = registrations_.find(device);
  auto account = binding ? account_of(context_.directory, binding->digest_user.str()) : std::nullopt;
  if (!account || account->device != device) return std::nullopt;
  return speaker(std::move(*account), binding->flow).person;
}

routing::Dialler Speakers::dialler_of(const Speaker& speaker) const {
  const auto& account = speaker.account;
  return {account.hot_desk, speaker.person, account.site,
          location_of(context_.directory, context_.settings(), account.site, account.device)};
}

routing::Dialler Speakers::dialler_of(const calls::Caller& caller) const {
  const auto phone = phone_of(caller.peer);
  if (!phone) return {};
  const bool hot_desk = context_.directory.desk_of(*phone) != nullptr;
  const auto* binding = registrations_.find(*phone);
  const SiteId site = binding ? binding->flow.site : local_site();
  return {hot_desk, caller.desk ? std::nullopt : std::optional{ExtensionNumber{caller.party.number}}, site,
          location_of(context_.directory, context_.settings(), site, phone)};
}

calls::Caller Speakers::caller_of(const Speaker& speaker) const {
  calls::Caller caller;
  caller.peer = peer_of(speaker.account.device);
  if (speaker.person) {
    const Extension* extension = context_.directory.extension(*speaker.person);
    caller.party = {speaker.person->value(), extension ? extension->name : ""};
  } else if (const HotDesk* desk = context_.directory.desk_of(speaker.account.device)) {
    caller.party = {desk->id.value(), desk->options.name.value_or("")};
    caller.desk = true;
  }
  return caller;
}

}  // namespace roamdesk::element
