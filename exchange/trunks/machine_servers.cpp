#include <fmt/format.h>

#include <algorithm>

#include "exchange/trunks/machine.hpp"

// Where the servers are, and which of them are there.
namespace roamdesk::trunks {

std::string Machine::name_of(const Server& server) const {
  const auto endpoint = to_string(server.target.endpoint);
  return server.target.host.empty() || server.target.host == to_string(server.target.endpoint.address)
             ? endpoint
             : fmt::format("{} ({})", server.target.host, endpoint);
}

void Machine::locate(TimePoint now) {
  locate_at_ = std::nullopt;
  const auto& name = trunk_.server.empty() ? trunk_.domain : trunk_.server;
  const auto query = names::parse_server(name, trunk_.transport);
  if (!query) return enter(NotLocated{fmt::format("\"{}\" is neither a host name nor an address", name)}, now);
  locating_ = true;
  effects_.emplace_back(Locate{*query});
}

void Machine::located(const names::Located& located, TimePoint now) {
  if (!std::exchange(locating_, false) || !trunk_.enabled || farewell_) return;
  locate_at_ = now + spread(std::max(located.ttl, names::shortest_ttl));
  // A branch's networks are IPv4.
  auto targets = located.targets;
  if (trunk_.site != local_site())
    std::erase_if(targets, [](const names::Target& target) { return !target.endpoint.address.is_v4(); });
  const auto* standing = binding();
  const auto* trying = attempt();
  // The last good set is kept while DNS is down.
  if (!targets.empty())
    servers_.set(targets,
                 trying     ? std::optional{trying->server}
                 : standing ? std::optional{standing->server}
                            : std::nullopt,
                 now);
  if (servers_.empty()) {
    const auto* no_address = located.targets.empty()
                                 ? "its name leads to no address"
                                 : "it has IPv6 addresses alone; a trunk at a branch is reached over IPv4";
    return enter(NotLocated{located.problem ? to_string(*located.problem) : no_address}, now);
  }
  if (!std::holds_alternative<Locating>(state_) && !std::holds_alternative<NotLocated>(state_)) {
    ping_those_due(now);
    return tell(now);
  }
  if (trunk_.kind == TrunkKind::registration) return try_next({}, now);
  enter(Serving{}, now);
  ping_those_due(now);
}

void Machine::dialled(const ServerKey& key, std::optional<sip::Flow> flow, TimePoint now) {
  auto* server = servers_.find(key);
  if (!server) return;
  auto* trying = attempt();
  const bool registers = trying && trying->server == key && !trying->request;
  if (!flow) {
    const bool lacks_ipv6 = !key.endpoint.address.is_v4();
    auto why = trunk_.site == local_site()
                   ? fmt::format("no way to {}{}", name_of(*server),
                                 lacks_ipv6 ? ": the core has no IPv6 there, or sip.udp listens on IPv4 alone" : "")
                   : fmt::format("no way to {}: the line to {} is down, or it has no such network", name_of(*server),
                                 trunk_.site.value());
    server->ping_waits = false;
    if (registers) return attempt_failed(std::move(why), {}, now);
    return options_unanswered(*server, std::move(why), now);
  }
  server->flow = std::move(flow);
  if (registers) return send_register(*trying, *server, now);
  if (std::exchange(server->ping_waits, false)) ping(*server, now);
}

void Machine::flow_closed(sip::FlowId flow, std::string_view why, TimePoint now) {
  auto* server = servers_.find(flow);
  if (!server) return;
  server->flow = std::nullopt;
  server->seen_as = std::nullopt;
  const auto key = server->key();
  auto words = fmt::format("no connection to {}", name_of(*server));
  if (!why.empty()) words += fmt::format(": {}", why);
  bool asked = false;
  std::erase_if(requests_, [&](const auto& entry) {
    const bool here = entry.second.server == key && entry.second.kind != Request::Kind::farewell;
    asked |= here && entry.second.kind == Request::Kind::options;
    return here;
  });
  if (farewell_) return;
  if (const auto* trying = attempt(); trying && trying->server == key) return attempt_failed(std::move(words), {}, now);
  if (const auto* standing = binding(); standing && standing->server == key) {
    // The registrar reaches us by this connection alone: another one is made at once, but not again and again.
    if (now - standing->since >= times_.settled) return begin_attempt(key, now);
    bad(*server, std::move(words), {}, now);
    return try_next(server->why, now);
  }
  if (asked) options_unanswered(*server, std::move(words), now);
}

void Machine::site_connected(TimePoint now) {
  for (auto& server : servers_.all()) {
    server.bad_until = std::nullopt;
    server.ping_at = now;
  }
  if (std::holds_alternative<Unreachable>(state_)) return try_next({}, now);
  ping_those_due(now);
  tell(now);
}

// ---- which are there

bool Machine::is_pinged(std::size_t index, TimePoint now) const {
  const auto& server = servers_.all()[index];
  if (std::holds_alternative<Serving>(state_)) return trunk_.ping.count() > 0;
  const auto* standing = binding();
  if (!standing || attempt()) return false;
  if (server.key() == standing->server) return trunk_.ping.count() > 0;
  // One that stands before ours: back to it as soon as it is there.
  const auto ours = servers_.find(standing->server);
  return ours && index < static_cast<std::size_t>(ours - servers_.all().data()) && !server.is_bad(now);
}

std::optional<TimePoint> Machine::next_ping() const {
  std::optional<TimePoint> next;
  for (std::size_t i = 0; i < servers_.all().size(); ++i) {
    const auto& server = servers_.all()[i];
    if (!is_pinged(i, TimePoint::max())) continue;
    // One that stands before ours is left alone while it is bad; the only ones that a trunk has are asked all the same.
    const bool waits = server.bad_until && !std::holds_alternative<Serving>(state_);
    const auto at = waits ? std::max(server.ping_at, *server.bad_until) : server.ping_at;
    if (!next || at < *next) next = at;
  }
  return next;
}

void Machine::ping_those_due(TimePoint now) {
  for (std::size_t i = 0; i < servers_.all().size(); ++i) {
    auto& server = servers_.all()[i];
    if (!is_pinged(i, now) || server.ping_at > now) continue;
    if (server.flow)
      ping(server, now);
    else {
      server.ping_at = now + times_.answer;
      server.ping_waits = true;
      effects_.emplace_back(Dial{server.key(), tls_for(server.key())});
    }
  }
}

void Machine::ping(Server& server, TimePoint now) {
  const auto* standing = binding();
  const bool better = standing && standing->server != server.key();
  server.ping_at = now + spread(better ? times_.better : Duration{trunk_.ping});
  send(Request::Kind::options, server,
       make_options(trunk_, unique_(), unique_().substr(0, 16), contact_at(server), software_), now);
}

void Machine::options_answered(Server& server, const sip::Message& response, TimePoint now) {
  server.answers_options = true;
  if (response.status == 408 || response.status == 503)
    return options_unanswered(server, fmt::format("{} answers {} to OPTIONS", name_of(server), answer_of(response)),
                              now);
  good(server, now);
  const auto* standing = binding();
  if (standing && standing->server != server.key() && !attempt()) begin_attempt(server.key(), now);
}

void Machine::options_unanswered(Server& server, std::string why, TimePoint now) {
  const auto* standing = binding();
  const bool ours = standing && standing->server == server.key();
  // Some never answer OPTIONS: their registration says enough.
  if (ours && !server.answers_options) return;
  bad(server, std::move(why), {}, now);
  if (ours && !attempt()) try_next(server.why, now);
}

void Machine::good(Server& server, TimePoint now) {
  server.good = true;
  server.failures = 0;
  server.bad_until = std::nullopt;
  server.why.clear();
  tell(now);
}

void Machine::bad(Server& server, std::string why, Duration at_least, TimePoint now) {
  server.good = false;
  const auto pause = std::min(times_.shortest_pause * (1 << std::min(server.failures, 8U)), times_.longest_pause);
  ++server.failures;
  server.bad_until = now + std::max(spread(pause), at_least);
  server.why = std::move(why);
  tell(now);
}

void Machine::server_failed(const ServerKey& key, std::string why, Duration at_least, TimePoint now) {
  auto* server = servers_.find(key);
  if (!server) return;
  bad(*server, std::move(why), at_least, now);
  const auto* standing = binding();
  if (!standing || standing->server != key || attempt()) return;
  // A call wasn't answered; whether it is away is what the next REGISTER shows, at another server if there is one.
  const auto* other = servers_.best(now);
  begin_attempt(other ? other->key() : key, now);
}

void Machine::server_answered(const ServerKey& key, TimePoint now) {
  if (auto* server = servers_.find(key)) good(*server, now);
}

std::optional<sip::TlsName> Machine::tls_for(const ServerKey& key) const {
  if (key.transport != sip::Transport::tls) return std::nullopt;
  const auto server = names::parse_server(trunk_.domain, std::nullopt);
  return sip::TlsName{!trunk_.tls_name.empty() ? trunk_.tls_name
                      : server                 ? server->host
                                               : trunk_.domain,
                      trunk_.tls_authority};
}

sip::Uri Machine::contact_at(const Server& server) const {
  if (!server.flow) return {};
  return contact_of(trunk_, *server.flow, server.seen_as.value_or(server.flow->address.face), false);
}

std::vector<Server> Machine::attempts(TimePoint now) const {
  std::vector<Server> all;
  const auto* standing = binding();
  if (!standing && !std::holds_alternative<Serving>(state_)) return all;
  if (const auto* ours = standing ? servers_.find(standing->server) : nullptr) all.push_back(*ours);
  for (const auto& server : servers_.all())
    if (!standing || server.key() != standing->server) all.push_back(server);
  std::stable_partition(all.begin(), all.end(), [&](const auto& server) { return !server.is_bad(now); });
  return all;
}

const Server* Machine::first(TimePoint now) const {
  return std::holds_alternative<Serving>(state_) ? servers_.best(now) : nullptr;
}

std::string describe(const Status& status) {
  auto words = std::string{word_of(status.condition)};
  if (!status.reason.empty()) return words + ": " + status.reason;
  if (status.server) words += " at " + to_string(status.server->target.endpoint);
  return words;
}

Status Machine::status() const {
  Status status;
  status.since = since_;
  if (std::holds_alternative<Off>(state_)) {
    // Its last registration takes its leave; then it is looked for anew.
    status.condition = farewell_ && trunk_.enabled ? Condition::locating : Condition::off;
  } else if (std::holds_alternative<Locating>(state_)) {
    status.condition = Condition::locating;
  } else if (const auto* lost = std::get_if<NotLocated>(&state_)) {
    status.condition = Condition::not_located;
    status.reason = lost->why;
    status.next = locate_at_;
  } else if (const auto* trying = std::get_if<Registering>(&state_)) {
    status.condition = Condition::registering;
    if (const auto* server = servers_.find(trying->attempt.server)) status.server = *server;
  } else if (const auto* registered = std::get_if<Registered>(&state_)) {
    status.condition = Condition::registered;
    status.next = registered->binding.refresh;
    status.until = registered->binding.until;
    if (const auto* server = servers_.find(registered->binding.server)) status.server = *server;
  } else if (const auto* refused = std::get_if<Refused>(&state_)) {
    status.condition = Condition::refused;
    status.reason = refused->why;
    status.next = refused->until;
  } else if (const auto* away = std::get_if<Unreachable>(&state_)) {
    status.condition = Condition::unreachable;
    status.reason = away->why;
    status.next = away->until;
  } else {
    const auto there =
        std::find_if(servers_.all().begin(), servers_.all().end(), [&](const auto& s) { return !s.bad_until; });
    status.condition = there == servers_.all().end() ? Condition::silent : Condition::ready;
    if (there != servers_.all().end())
      status.server = *there;
    else if (!servers_.empty())
      status.reason = servers_.all().front().why;
    status.next = next_ping();
  }
  return status;
}

}  // namespace roamdesk::trunks
