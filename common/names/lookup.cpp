#include "common/names/lookup.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/base/text.hpp"

namespace roamdesk::names {
namespace {

using sip::Transport;

std::string services_of(Transport transport, std::string_view host) {
  switch (transport) {
    case Transport::udp:
      return "_sip._udp." + std::string{host};
    case Transport::tcp:
      return "_sip._tcp." + std::string{host};
    case Transport::tls:
      return "_sips._tcp." + std::string{host};
  }
  return {};
}

// RFC 6724 §2.1 prefers IPv6; what can't be reached is for who tries to put last.
constexpr RecordType address_types[] = {RecordType::aaaa, RecordType::a};

std::uint16_t default_port(Transport transport) { return transport == Transport::tls ? 5061 : 5060; }

// RFC 3263 §4.1, and §4.3's table.
std::optional<Transport> transport_of(const PointerRecord& record) {
  if (!equal_ignoring_case(record.flags, "s") || record.rewrites || record.replacement.empty()) return std::nullopt;
  if (equal_ignoring_case(record.services, "SIP+D2U")) return Transport::udp;
  if (equal_ignoring_case(record.services, "SIP+D2T")) return Transport::tcp;
  if (equal_ignoring_case(record.services, "SIPS+D2T")) return Transport::tls;
  return std::nullopt;
}

template <class Record>
const std::vector<Record>* records_in(const Answer& answer) {
  return answer ? std::get_if<std::vector<Record>>(&*answer) : nullptr;
}

}  // namespace

Lookup::Step Lookup::begin() {
  transport_ = query_.transport.value_or(Transport::udp);
  if (const auto address = parse_ip(query_.host)) {
    const Endpoint endpoint{*address, query_.port.value_or(default_port(transport_))};
    return end({{transport_, endpoint, query_.host, longest_ttl}});
  }
  if (!is_host_name(query_.host)) {
    note(Fault::not_a_name, query_.host);
    return end({});
  }
  if (query_.port) return ask_addresses({{query_.host, *query_.port, longest_ttl}});
  if (query_.transport) return ask_services({{transport_, services_of(transport_, query_.host)}});
  stage_ = Stage::pointers;
  return ask({{RecordType::naptr, query_.host}});
}

Lookup::Step Lookup::answered(const Question& question, const Answer& answer) {
  if (open_.erase(question) == 0) return {};
  answers_.insert_or_assign(question, answer);
  return open_.empty() ? advance() : Step{};
}

Lookup::Step Lookup::give_up() {
  if (stage_ == Stage::ended) return {};
  for (const Question& question : open_) answers_.insert_or_assign(question, Answer{Fault::no_answer});
  open_.clear();
  way_ = ways_.size();
  if (stage_ == Stage::addresses) return after_addresses();
  note(Fault::no_answer, query_.host);
  return end({});
}

Lookup::Step Lookup::ask(std::vector<Question> questions) {
  open_.insert(questions.begin(), questions.end());
  return {.ask = std::move(questions), .located = std::nullopt};
}

Lookup::Step Lookup::advance() {
  switch (stage_) {
    case Stage::pointers:
      return after_pointers(answers_.at({RecordType::naptr, query_.host}));
    case Stage::services:
      return choose_way();
    case Stage::addresses:
      return after_addresses();
    case Stage::ended:
      break;
  }
  return {};
}

Lookup::Step Lookup::after_pointers(const Answer& answer) {
  // A server that can't be asked for NAPTR may know SRV: only the provider's own choice of a transport is missing then.
  if (!answer && !is_said(answer.error())) note(answer.error(), query_.host);
  std::vector<PointerRecord> usable;
  if (const auto* records = records_in<PointerRecord>(answer))
    std::copy_if(records->begin(), records->end(), std::back_inserter(usable),
                 [](const PointerRecord& record) { return transport_of(record).has_value(); });
  std::stable_sort(usable.begin(), usable.end(), [](const PointerRecord& a, const PointerRecord& b) {
    return std::tie(a.order, a.preference) < std::tie(b.order, b.preference);
  });
  std::vector<Way> ways;
  // Records of a higher order than the first usable one must not be considered (RFC 3403 §4.1, "Order").
  for (const PointerRecord& record : usable)
    if (record.order == usable.front().order) ways.push_back({*transport_of(record), record.replacement, record.ttl});
  if (ways.empty())
    for (const Transport transport : {Transport::udp, Transport::tcp, Transport::tls})
      ways.push_back({transport, services_of(transport, query_.host)});
  return ask_services(std::move(ways));
}

Lookup::Step Lookup::ask_services(std::vector<Way> ways) {
  stage_ = Stage::services;
  ways_ = std::move(ways);
  std::set<Question> questions;
  for (const Way& way : ways_) questions.insert({RecordType::srv, way.services});
  return ask({questions.begin(), questions.end()});
}

Lookup::Step Lookup::choose_way() {
  while (way_ < ways_.size()) {
    const Way& way = ways_[way_++];
    const auto* records = records_in<ServiceRecord>(answers_.at({RecordType::srv, way.services}));
    if (!records) continue;
    std::vector<Server> servers;
    for (const ServiceRecord& record : in_order(*records, chance_))
      if (!record.target.empty() && record.port != 0)
        servers.push_back({record.target, record.port, std::min(record.ttl, way.ttl)});
    if (servers.empty()) continue;
    transport_ = way.transport;
    return ask_addresses(std::move(servers));
  }
  return servers_.empty() ? without_services() : end({});
}

Lookup::Step Lookup::without_services() {
  bool offered_nowhere = false;
  for (const Way& way : ways_) {
    const Answer& answer = answers_.at({RecordType::srv, way.services});
    // "No SRV records" is something else than "not known": the name's own address may be a web server.
    if (!answer && !is_said(answer.error())) {
      note(answer.error(), way.services);
      return end({});
    }
    const auto* records = records_in<ServiceRecord>(answer);
    offered_nowhere = offered_nowhere || (records && !records->empty());
  }
  if (offered_nowhere) {
    note(Fault::not_offered, query_.host);
    return end({});
  }
  transport_ = query_.transport.value_or(ways_.front().transport);
  return ask_addresses({{query_.host, default_port(transport_), ways_.front().ttl}});
}

Lookup::Step Lookup::ask_addresses(std::vector<Server> servers) {
  stage_ = Stage::addresses;
  servers_ = std::move(servers);
  std::set<Question> questions;
  for (const Server& server : servers_) {
    if (parse_ip(server.host)) continue;
    for (const RecordType type : address_types)
      if (const Question question{type, server.host}; !answers_.contains(question)) questions.insert(question);
  }
  return questions.empty() ? after_addresses() : ask({questions.begin(), questions.end()});
}

Lookup::Step Lookup::after_addresses() {
  std::vector<Target> targets;
  const auto add = [&](const Server& server, IpAddress address, std::chrono::seconds ttl) {
    Target target{transport_,
                  {address, server.port},
                  server.host,
                  std::clamp(std::min(server.ttl, ttl), shortest_ttl, longest_ttl)};
    const bool is_there = std::any_of(targets.begin(), targets.end(),
                                      [&](const Target& other) { return other.endpoint == target.endpoint; });
    if (!is_there && targets.size() < most_targets) targets.push_back(std::move(target));
  };
  for (const Server& server : servers_) {
    if (const auto literal = parse_ip(server.host)) {
      add(server, *literal, longest_ttl);
      continue;
    }
    std::optional<Fault> fault;
    bool is_there = false, has_address = false;
    for (const RecordType type : address_types) {
      const Answer& answer = answers_.at({type, server.host});
      // What couldn't be asked says more than what isn't there.
      if (!answer && (!fault || is_said(*fault))) fault = answer.error();
      const auto* records = records_in<AddressRecord>(answer);
      if (!records) continue;
      is_there = true;
      for (const AddressRecord& record : *records) add(server, record.address, record.ttl);
      has_address = has_address || !records->empty();
    }
    // Servers that don't know one of the two types (AAAA, mostly) are no reason to doubt what they say of the other.
    if (!has_address)
      note(is_there && (!fault || is_said(*fault)) ? Fault::no_address : fault.value_or(Fault::no_address),
           server.host);
  }
  return targets.empty() && way_ < ways_.size() ? choose_way() : end(std::move(targets));
}

Lookup::Step Lookup::end(std::vector<Target> targets) {
  stage_ = Stage::ended;
  Located located{.targets = std::move(targets), .ttl = longest_ttl, .problem = std::move(problem_), .stale = false};
  for (const Target& target : located.targets) located.ttl = std::min(located.ttl, target.ttl);
  if (located.problem) located.ttl = std::min(located.ttl, ask_again_after);
  return {.ask = {}, .located = std::move(located)};
}

void Lookup::note(Fault fault, const std::string& name) {
  if (!problem_) problem_ = Problem{fault, name};
}

}  // namespace roamdesk::names
