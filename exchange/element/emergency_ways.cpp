#include "exchange/element/emergency_ways.hpp"

#include <algorithm>
#include <utility>

#include "exchange/element/peers.hpp"
#include "exchange/model/emergency_route.hpp"
#include "exchange/trunks/requests.hpp"

namespace roamdesk::element {

std::vector<EmergencyWays::Open> EmergencyWays::open(const Location& location) {
  std::vector<Open> found;
  for (const Trunk* trunk : emergency_trunks(context_.directory, location)) {
    const auto number = outside_.trunks().find(trunk->name);
    if (!number) continue;
    auto servers = outside_.servers_for(*number);
    if (!servers.empty()) found.push_back({*number, trunk, std::move(servers)});
  }
  return found;
}

calls::Manner EmergencyWays::manner_of(const Trunk& trunk, const Told& told) const {
  auto manner = trunk_calls_.manner_of(trunk);
  manner.help = true;
  manner.silence = std::chrono::seconds{2};
  // Of a caller that makes no offer, we make one: G.711.
  manner.late_offers = false;
  const auto reference = std::find_if(told.references.begin(), told.references.end(),
                                      [&](const auto& each) { return each.trunk == trunk.name; });
  const LocationReference* known = reference == told.references.end() ? nullptr : &*reference;
  // It is shown where help is to call back, and never who calls: no Privacy, no person's number.
  auto shown = routing::shown_for_help(trunk, told.callback, known ? known->from_id : "", told.number);
  manner.from = std::move(shown.from);
  manner.headers = std::move(shown.headers);
  manner.headers.push_back({"Priority", "emergency"});  // RFC 3261 §20.26
  manner.to = sip::NameAddr{};
  manner.to->uri = trunks::account_of(trunk);
  manner.to->uri.user = told.number;
  manner.attachment = place_for(trunk, known, told);
  return manner;
}

std::optional<calls::Attachment> EmergencyWays::place_for(const Trunk& trunk, const LocationReference* reference,
                                                          const Told& told) const {
  calls::Attachment place;
  // Two locations in one call would leave it open which holds (RFC 6442 §4.1): the provider's own does.
  if (reference && is_provider_id(reference->geolocation_id)) {
    place.headers = {{"Geolocation", reference->geolocation_id}};
    return place;
  }
  if (!trunk.geolocation || emergency::is_empty(told.whereabouts.address)) return std::nullopt;
  // RFC 6442 §3.1 and §4.1; RFC 2392.
  const auto id = context_.unique() + "@" + context_.options.domain;
  place.headers = {{"Geolocation", "<cid:" + id + ">"}, {"Geolocation-Routing", "yes"}};
  place.parts = {{emergency::pidf_lo_type, {{"Content-ID", "<" + id + ">"}}, pidf_lo(told.whereabouts)}};
  return place;
}

std::vector<calls::Target> EmergencyWays::targets(const std::vector<Open>& open, const Told& told) const {
  std::vector<calls::Target> targets;
  for (const auto& each : open) {
    const auto manner = manner_of(*each.trunk, told);
    for (const auto& server : each.servers) {
      auto own = manner;
      own.contact =
          trunks::contact_of(*each.trunk, *server.flow, server.seen_as.value_or(server.flow->address.face), false);
      calls::Target target{*server.flow, to_string(manner.to->uri), peer_of(each.number), {told.number, {}}};
      target.manner = std::make_shared<const calls::Manner>(std::move(own));
      if (targets.empty())
        targets.push_back(std::move(target));
      else
        targets.front().then.push_back(std::move(target));
    }
  }
  return targets;
}

}  // namespace roamdesk::element
