#include "tests/unit/calls/world/world.hpp"

#include <algorithm>

#include "common/sip/diversion.hpp"
#include "common/sip/parse.hpp"
#include "exchange/calls/privacy.hpp"

namespace roamdesk::calls::sim {
namespace {
Options with_domain(Options options) {
  options.domain = "pbx.example.com";
  options.software = "Roamdesk";
  return options;
}
}  // namespace

World::World(Weather weather, Options options)
    : now(std::chrono::hours{1}),
      network(weather),
      layer({}, [this] { return unique(); }),
      engine(
          layer, *this, [this] { return unique(); }, with_domain(std::move(options))) {}

std::string World::unique() { return "u" + std::to_string(++last_unique) + "x"; }

sip::Flow World::next_flow(const std::string& site, sip::Transport transport) {
  const auto id = ++last_flow_;
  sip::Flow flow;
  flow.id = sip::FlowId{id};
  flow.address.site = SiteId{site};
  flow.address.transport = transport;
  flow.address.face = {Ipv4{site == "local" ? 0x0A000001u : 0xC0A80105u}, 5060};
  flow.address.peer = {Ipv4{(site == "local" ? 0x0A000100u : 0xC0A80100u) + static_cast<std::uint32_t>(id) + 10}, 5060};
  return flow;
}

Outside& World::add_server(const std::string& trunk, const std::string& site, sip::Transport transport) {
  const auto peer = trunks.try_emplace(trunk, PeerId{(1ULL << 48) + trunks.size()}).first->second;
  manners.try_emplace(trunk);
  servers.push_back(std::make_unique<Outside>(peer, next_flow(site, transport), [this] { return unique(); }));
  return *servers.back();
}

Phone& World::add(const std::string& user, const std::string& site, sip::Transport transport) {
  const auto flow = next_flow(site, transport);
  char mac[13];
  std::snprintf(mac, sizeof mac, "0015650%05x", static_cast<unsigned>(flow.id.value()));
  phones.push_back(std::make_unique<Phone>(user, *Mac::parse(mac), flow, [this] { return unique(); }));
  return *phones.back();
}

std::optional<Endpoint> World::allocate_media(const SiteId& site, Ipv4 face) {
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
    if (!streams.emplace(opened->stream.value(), Stream{opened->site, opened->local, {}, {}, {}, {}, false}).second)
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

PeerId World::peer_of(const Phone& phone) const {
  const auto other = others.find(phone.user);
  return other != others.end() ? other->second : PeerId{phone.mac.value()};
}

std::size_t World::dialogs_of(const Phone& phone) const {
  const auto told = dialogs_.find(peer_of(phone));
  return told == dialogs_.end() ? 0 : told->second;
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

sip::Flow World::elsewhere(const Phone& phone, bool same_ip) {
  sip::Flow flow = phone.flow;
  flow.id = sip::FlowId{1000 + ++last_flow_};
  flow.address.peer.port = static_cast<std::uint16_t>(6000 + last_flow_);
  if (!same_ip) flow.address.peer.address = Ipv4{flow.address.peer.address.value + 100};
  return flow;
}

void World::arrives(const sip::Flow& flow, sip::Message message) {
  sip::Via via;
  via.host = to_string(flow.address.peer);
  via.params.set("branch", "z9hG4bK" + unique());
  if (message.via.empty()) message.via = {via};
  layer.handle_message(flow, std::move(message), now);
  drain();
}

World::Stream* World::stream_at(const std::string& endpoint) {
  for (auto& [id, stream] : streams)
    if (to_string(stream.local) == endpoint) return &stream;
  return nullptr;
}

bool World::talk(Phone& x, Phone& y, int x_dialog, int y_dialog) {
  auto &a = x.at(x_dialog), &b = y.at(y_dialog);
  return a.up && b.up && !a.over && !b.over && half(a.heard, b.said) && half(b.heard, a.said);
}

bool World::talk(Phone& x, Outside& y, int x_dialog, int y_dialog) {
  auto& a = x.at(x_dialog);
  auto& b = y.at(y_dialog);
  return a.up && b.up && !a.over && !b.over && half(a.heard, b.said) && half(b.heard, a.said);
}

bool World::talk(Outside& x, Outside& y, int x_dialog, int y_dialog) {
  auto &a = x.at(x_dialog), &b = y.at(y_dialog);
  return a.up && b.up && !a.over && !b.over && half(a.heard, b.said) && half(b.heard, a.said);
}

bool World::half(const std::string& heard, const std::string& said) {
  auto* near = stream_at(media_of(heard));
  if (!near || !near->to) return false;
  const auto far = streams.find(near->to->value());
  return far != streams.end() && far->second.remote && to_string(far->second.remote->rtp) == media_of(said);
}

void World::heard(Phone& phone, char digit) {
  for (auto& [id, stream] : streams)
    if (to_string(stream.local) == media_of(phone.at().heard)) {
      engine.handle_media(media::DigitHeard{media::StreamId{id}, digit}, now);
      break;
    }
  drain();
}

void World::prompt_ended(Phone& phone) {
  for (auto& [id, stream] : streams)
    if (to_string(stream.local) == media_of(phone.at().heard)) {
      stream.playing.clear();
      engine.handle_media(media::PlayEnded{media::StreamId{id}, stream.play}, now);
      break;
    }
  drain();
}

void World::on_request(const sip::RequestReceived& e) {
  if (e.request.method != "INVITE" || !e.request.to.tag().empty())
    return engine.handle_request(e.tx, e.flow, e.request, now);
  Caller caller;
  for (const auto& phone : phones)
    if (phone->flow.id == e.flow.id) {
      caller.peer = peer_of(*phone);
      caller.party = {phone->user, "Name of " + phone->user};
    }
  for (const auto& server : servers)
    if (server->flow.id == e.flow.id) {
      caller.peer = server->peer;
      caller.party = {e.request.from.uri.user, e.request.from.display};
      for (const auto& [name, peer] : trunks)
        if (peer == server->peer) caller.manner = std::make_shared<Manner>(manners.at(name));
    }
  const auto& number = e.request.request_uri.user;
  if (number == "*77*") {
    if (const auto id = engine.start_dialogue(e.tx, e.flow, e.request, caller, now)) dialogues.push_back(*id);
  } else if (number == "112") {
    caller.seen = std::exchange(caller.peer, std::nullopt);  // the caller isn't asked for credentials
    caller.manner.reset();
    if (strangers.contains(caller.party.number)) caller.seen.reset();
    engine.announce_and_refuse(e.tx, e.flow, e.request, caller, "no_emergency_route", 503, now);
  } else {
    if (const auto refused = refusals.find(number); refused != refusals.end())
      return engine.refuse(e.tx, e.flow, e.request, caller, {number, {}}, refused->second, now);
    if (caller.manner) tolls.emplace(caller.toll.emplace(++last_toll_), *caller.peer);
    auto all = number.starts_with('0') ? outside_targets(number, caller.party) : targets(number);
    if (const auto help = helps.find(number); help != helps.end()) {
      caller.help = help->second;
      if (!caller.manner) caller.seen = std::exchange(caller.peer, std::nullopt);
      if (strangers.contains(caller.party.number)) caller.seen.reset();
    }
    for (const auto& other : forwards[number])
      for (auto& target : targets(other)) all.push_back(std::move(target));
    if (const auto id = engine.start_call(e.tx, e.flow, e.request, caller, {number, "Name of " + number},
                                          std::move(all), expected.contains(number), now))
      started.push_back(*id);
    else if (caller.toll && tolls.contains(*caller.toll))  // it became no call
      tolls.erase(*caller.toll);
  }
}

void World::drain() {
  while (true) {
    bool quiet = true;
    while (auto event = layer.poll_event()) {
      quiet = false;
      if (engine.handle(*event, now)) continue;
      if (const auto* e = std::get_if<sip::RequestReceived>(&*event)) on_request(*e);
    }
    while (auto event = engine.poll_event()) {
      quiet = false;
      if (const auto* digit = std::get_if<DialogueDigit>(&*event)) digits += digit->digit;
      if (const auto* busy = std::get_if<PeerDialogs>(&*event)) dialogs_[busy->peer] = busy->count;
      events.push_back(*event);
    }
    while (auto transmit = layer.poll_transmit()) {
      quiet = false;
      if (sends)
        if (const auto message = sip::parse(transmit->bytes)) sends(*message);
      if (transmit->flow.value() > 1000)
        if (auto answer = sip::parse(transmit->bytes); answer && !answer->is_request()) answers.push_back(*answer);
      for (const auto& server : servers)
        if (server->flow.id == transmit->flow && !closed_.contains(transmit->flow.value()))
          network.send([this, s = server.get(), bytes = transmit->bytes] { s->handle_bytes(bytes, now); }, now,
                       server->flow.reliable());
      for (const auto& phone : phones)
        if (phone->flow.id == transmit->flow && !closed_.contains(transmit->flow.value()))
          network.send([this, p = phone.get(), bytes = std::move(transmit->bytes)] { p->handle_bytes(bytes, now); },
                       now, phone->flow.reliable());
    }
    for (const auto& server : servers)
      while (auto bytes = server->poll_bytes()) {
        quiet = false;
        if (closed_.contains(server->flow.id.value())) continue;
        network.send([this, s = server.get(), text = std::move(*bytes)] { deliver(*s, text); }, now,
                     server->flow.reliable());
      }
    for (const auto& phone : phones)
      while (auto bytes = phone->poll_bytes()) {
        quiet = false;
        if (closed_.contains(phone->flow.id.value())) continue;
        network.send([this, p = phone.get(), text = std::move(*bytes)] { deliver(*p, text); }, now,
                     phone->flow.reliable());
      }
    if (quiet) break;
  }
  if (broken.empty()) broken = engine.inconsistency();
}

template <class Peer>
void World::deliver(Peer& phone, const std::string& bytes) {
  auto parsed = sip::parse(bytes);
  if (!parsed) {
    broken = "a phone's message that can't be parsed: " + parsed.error().detail;
    return;
  }
  if (parsed->method == "INVITE") invite = *parsed;
  if (!closed_.contains(phone.flow.id.value())) layer.handle_message(phone.flow, std::move(*parsed), now);
}

void World::step() {
  while (auto arrived = network.pop(now)) {
    arrived();
    drain();
  }
  layer.handle_timeout(now);
  engine.handle_timeout(now);
  for (const auto& phone : phones) phone->handle_timeout(now);
  drain();
}

void World::run(Duration time) {
  const auto end = now + time;
  drain();
  while (true) {
    auto next = end;
    const auto sooner = [&](std::optional<TimePoint> at) {
      if (at && *at < next) next = *at;
    };
    sooner(network.deadline());
    sooner(layer.deadline());
    sooner(engine.deadline());
    for (const auto& phone : phones) sooner(phone->deadline());
    now = std::max(now, next);
    step();
    if (now >= end) break;
  }
}

void World::close_flow(Phone& phone) { close(phone.flow); }
void World::close_flow(Outside& server) { close(server.flow); }

void World::close(const sip::Flow& flow) {
  closed_.insert(flow.id.value());
  layer.handle_flow_closed(flow.id, now);
  drain();
  engine.handle_flow_closed(flow.id, now);
  drain();
}

std::string World::settle() {
  run(std::chrono::milliseconds{200});
  for (int round = 0; round < 3; ++round) {
    for (const auto& phone : phones)
      for (std::size_t i = 0; i < phone->dialogs.size(); ++i) phone->hang_up(now, static_cast<int>(i));
    for (const auto& server : servers)
      for (std::size_t i = 0; i < server->dialogs.size(); ++i) server->hang_up(static_cast<int>(i));
    run(std::chrono::seconds{60});
  }
  for (const auto& call : engine.calls()) engine.hang_up(call.id, now);
  run(std::chrono::minutes{4});
  if (!broken.empty()) return broken;
  if (!streams.empty()) return std::to_string(streams.size()) + " streams are open";
  if (!ports.empty()) return std::to_string(ports.size()) + " ports are taken";
  if (!tolls.empty()) return std::to_string(tolls.size()) + " dialogs with trunks count still";
  if (!engine.empty()) return "the engine isn't empty";
  if (layer.server_transactions() || layer.client_transactions()) return "transactions are open";
  return {};
}

}  // namespace roamdesk::calls::sim
