#include "tests/unit/calls/world/world.hpp"

#include <algorithm>
#include <memory>

#include "common/sip/parse.hpp"

namespace roamdesk::calls::sim {
namespace {
Options with_domain(Options options) {
  options.domain = "pbx.example.com";
  options.software = "Roamdesk";
  return options;
}
}  // namespace

World::World(Weather weather, Options given)
    : options(with_domain(std::move(given))),
      now(std::chrono::hours{1}),
      network(weather),
      layer({}, [this] { return unique(); }),
      engine(
          layer, *this, [this] { return unique(); }, options) {}

std::string World::unique() { return "u" + std::to_string(++last_unique) + "x"; }

sip::Flow World::next_flow(const std::string& site, sip::Transport transport) {
  const auto id = ++last_flow_;
  sip::Flow flow;
  flow.id = sip::FlowId{id};
  flow.address.site = SiteId{site};
  flow.address.transport = transport;
  flow.address.face = {IpAddress{site == "local" ? 0x0A000001u : 0xC0A80105u}, 5060};
  flow.address.peer = {IpAddress{(site == "local" ? 0x0A000100u : 0xC0A80100u) + static_cast<std::uint32_t>(id) + 10},
                       5060};
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

PeerId World::peer_of(const Phone& phone) const {
  const auto other = others.find(phone.user);
  return other != others.end() ? other->second : PeerId{phone.mac.value()};
}

std::size_t World::dialogs_of(const Phone& phone) const {
  const auto told = dialogs_.find(peer_of(phone));
  return told == dialogs_.end() ? 0 : told->second;
}

sip::Flow World::elsewhere(const Phone& phone, bool same_ip) {
  sip::Flow flow = phone.flow;
  flow.id = sip::FlowId{1000 + ++last_flow_};
  flow.address.peer.port = static_cast<std::uint16_t>(6000 + last_flow_);
  if (!same_ip) flow.address.peer.address = IpAddress{flow.address.peer.address.v4() + 100};
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

std::size_t World::restart(const Change& change) {
  auto calls = engine.carried(now);
  std::destroy_at(&engine);
  std::destroy_at(&layer);
  streams.clear();
  ports.clear();
  dialogs_.clear();
  std::construct_at(&layer, sip::TransactionTimers{}, [this] { return unique(); });
  std::construct_at(
      &engine, layer, *this, [this] { return unique(); }, options);
  if (change) change(calls);
  std::map<TollId, PeerId> carried_tolls;
  std::size_t adopted = 0;
  for (const auto& call : calls) {
    if (!engine.adopt(call, now)) continue;
    ++adopted;
    for (const auto* leg : {&call.caller, &call.callee})
      if (leg->who.toll) carried_tolls.insert(*tolls.find(*leg->who.toll));
  }
  tolls = std::move(carried_tolls);
  drain();
  return adopted;
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
