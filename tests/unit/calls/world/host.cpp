#include <algorithm>

#include "common/sip/diversion.hpp"
#include "exchange/calls/privacy.hpp"
#include "tests/unit/calls/world/world.hpp"

// What the engine asks of its host: the element's part in small.
namespace roamdesk::calls::sim {

std::optional<Endpoint> World::allocate_media(const SiteId& site, IpAddress face, std::optional<Endpoint>) {
  if (ports.size() >= ports_left) return std::nullopt;
  last_port_ = static_cast<std::uint16_t>(last_port_ >= 60000 ? 10000 : last_port_ + 2);
  const Endpoint endpoint{face, last_port_};
  if (!ports.emplace(site.value(), endpoint).second) broken = "a port given twice";
  return endpoint;
}

void World::release_media(const SiteId& site, Endpoint endpoint) {
  if (ports.erase({site.value(), endpoint}) != 1) broken = "a port given back twice";
}

Srtp World::srtp(const std::optional<PeerId>& peer, const sip::FlowAddress&) {
  for (const auto& phone : phones)
    if (peer && peer_of(*phone) == *peer && srtp_of.contains(phone->user)) return srtp_of.at(phone->user);
  for (const auto& [name, trunk] : trunks)
    if (peer == trunk && srtp_of.contains(name)) return srtp_of.at(name);
  return Srtp::off;
}

Secret World::random_bytes(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) bytes += unique();
  return Secret{bytes.substr(bytes.size() - count)};
}

void World::media(media::Order order) {
  const auto known = [&](media::StreamId id) -> Stream* {
    const auto it = streams.find(id.value());
    if (it == streams.end()) {
      broken = "an order for stream " + std::to_string(id.value()) + ", which isn't open";
      return nullptr;
    }
    return &it->second;
  };
  const auto unlink = [&](media::StreamId id) {
    for (auto& [number, s] : streams)
      if (s.to == id) s.to.reset();
  };
  if (const auto* opened = std::get_if<media::OpenStream>(&order)) {
    if (!streams
             .emplace(opened->stream.value(),
                      Stream{opened->site, opened->local, {}, {}, {}, {}, false, opened->beside})
             .second)
      broken = "a stream opened twice";
  } else if (const auto* remote = std::get_if<media::SetRemote>(&order)) {
    if (auto* s = known(remote->stream)) s->remote = *remote;
  } else if (const auto* joined = std::get_if<media::Connect>(&order)) {
    auto *a = known(joined->a), *b = known(joined->b);
    if (!a || !b) return;
    unlink(joined->a);
    unlink(joined->b);
    a->to = joined->b;
    b->to = joined->a;
  } else if (const auto* parted = std::get_if<media::Disconnect>(&order)) {
    if (auto* s = known(parted->stream)) s->to.reset();
    unlink(parted->stream);
  } else if (const auto* closed = std::get_if<media::CloseStream>(&order)) {
    if (!known(closed->stream)) return;
    unlink(closed->stream);
    streams.erase(closed->stream.value());
  } else if (const auto* play = std::get_if<media::Play>(&order)) {
    if (auto* s = known(play->stream)) s->playing = play->prompts, s->play = play->id;
  } else if (const auto* stop = std::get_if<media::StopPlaying>(&order)) {
    if (auto* s = known(stop->stream)) s->playing.clear();
  } else if (const auto* collect = std::get_if<media::Collect>(&order)) {
    if (auto* s = known(collect->stream)) s->collecting = collect->on;
  }
}

std::vector<Target> World::targets(std::string_view number) {
  std::vector<Target> result;
  if (absent.contains(std::string{number})) return result;
  for (const auto& phone : phones)
    if (phone->user == number && !closed_.contains(phone->flow.id.value()))
      result.push_back({phone->flow, phone->contact, peer_of(*phone), {phone->user, "Name of " + phone->user}});
  return result;
}

// As the element makes them: the first server, with all that are asked in its place.
std::vector<Target> World::outside_targets(std::string_view number, const Party& caller) {
  std::vector<Target> all;
  for (const auto& server : servers) {
    const auto trunk =
        std::find_if(trunks.begin(), trunks.end(), [&](const auto& t) { return t.second == server->peer; });
    auto manner = manners.at(trunk->first);
    if (!manner.from) {
      manner.from.emplace();
      manner.from->uri.user = "account";
      manner.from->uri.host = server->domain;
    }
    const auto dialled = std::string{number};
    manner.to.emplace();
    manner.to->uri.user = "+49" + dialled.substr(1);
    manner.to->uri.host = server->domain;
    manner.headers.push_back({"P-Asserted-Identity", "<sip:+4930555" + caller.number + "@" + server->domain + ">"});
    all.push_back({.flow = server->flow,
                   .contact = "sip:+49" + dialled.substr(1) + "@" + server->domain,
                   .peer = server->peer,
                   .party = {dialled, {}},
                   .manner = std::make_shared<Manner>(std::move(manner))});
  }
  if (all.empty()) return all;
  Target first = std::move(all.front());
  first.then.assign(std::make_move_iterator(all.begin() + 1), std::make_move_iterator(all.end()));
  std::vector<Target> targets;
  targets.push_back(std::move(first));
  return targets;
}

Route World::route(const Errand& errand) {
  const auto& user = errand.user;
  errands.push_back(errand);
  errands.back().invite = nullptr;
  routed.emplace_back(errand.by.party.number, user);
  Route route;
  route.callee = {user, {}};
  if (user == "forbidden" || idle.contains(errand.by.party.number)) route.refused = 403;
  route.targets = user.starts_with('0') ? outside_targets(user, errand.caller.party) : targets(user);
  for (auto& target : route.targets)
    if (target.manner && !errand.diverted.empty()) {
      auto manner = *target.manner;
      if (errand.invite)
        for (auto& header : sip::diversion_headers(sip::diversions(*errand.invite)))
          manner.headers.push_back(std::move(header));
      for (const auto& by : errand.diverted)
        manner.headers.push_back({"Diversion", "<sip:+4930555" + by.number + "@provider.example>"});
      target.manner = std::make_shared<Manner>(std::move(manner));
    }
  route.hold = expected.contains(user);
  if (const auto help = helps.find(user); help != helps.end()) route.help = help->second;
  return route;
}

Admission World::admit(PeerId trunk, const Manner&) {
  if (const auto refused = not_admitted.find(trunk); refused != not_admitted.end()) return refused->second;
  const TollId toll{++last_toll_};
  tolls.emplace(toll, trunk);
  return {.toll = toll};
}

void World::answered(TollId toll) {
  if (!tolls.contains(toll) || !answered_tolls.insert(toll).second) broken = "answered twice, or without an admission";
}

void World::over(TollId toll, bool has_carried) {
  const auto known = tolls.extract(toll);
  if (!known)
    broken = "a toll is over twice, or was never given";
  else if (has_carried)
    ++carried[known.mapped()];
  else if (answered_tolls.contains(toll))
    broken = "an answered call was taken back";
}

void World::add_credentials(PeerId trunk, sip::Message& request) {
  const auto known = challenged_.find(trunk);
  if (!preemptive || known == challenged_.end()) return;
  if (auto header = sip::authorise(request, known->second, {"account", Secret{"secret"}}, ++nonce_count_, "c"))
    request.set_header(header->name, header->value);
}

std::optional<sip::Message> World::answer_challenge(PeerId trunk, const sip::Message& request,
                                                    const sip::Message& challenge) {
  if (!has_credentials) return std::nullopt;
  nonce_count_ = 0;
  challenged_[trunk] = challenge;
  auto header = sip::authorise(request, challenge, {"account", Secret{"secret"}}, ++nonce_count_, "c");
  if (!header) return std::nullopt;
  auto again = request;
  again.set_header(header->name, header->value);
  return again;
}

std::vector<sip::Header> World::identity(PeerId, const Party& party) {
  if (is_anonymous(party)) return {{"Privacy", "id"}};
  return {{"P-Asserted-Identity", "<sip:+4930555" + party.number + "@provider.example>"}};
}

std::optional<sip::Flow> World::reach(const std::optional<PeerId>& peer, const sip::FlowAddress& address) {
  for (const auto& server : servers)
    if (server->peer == peer && server->flow.address == address && !closed_.contains(server->flow.id.value()))
      return server->flow;
  for (const auto& phone : phones)
    if (peer_of(*phone) == peer && !closed_.contains(phone->flow.id.value())) return phone->flow;
  return std::nullopt;
}

// A peer is at its own IP, or says `X-Credentials: <its number>`.
bool World::vouches(PeerId peer, sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) {
  for (const auto& phone : phones)
    if (peer_of(*phone) == peer && phone->flow.address.site == flow.address.site &&
        phone->flow.address.peer.address == flow.address.peer.address)
      return true;
  for (const auto& server : servers)
    if (server->peer == peer && server->flow.address.peer.address == flow.address.peer.address) return true;
  const auto credentials = request.header("X-Credentials");
  if (credentials == std::to_string(peer.value())) return true;
  layer.respond_statelessly(tx, sip::make_response(request, credentials ? 403 : 401, "", ""));
  return false;
}

bool World::may_watch(const Caller& by, std::string_view number) {
  return by.peer && !by.desk && !unwatched.contains(std::string{number});
}

}  // namespace roamdesk::calls::sim
