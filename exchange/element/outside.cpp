#include "exchange/element/outside.hpp"

#include <algorithm>

#include "exchange/trace/redact.hpp"

namespace roamdesk::element {
namespace {

constexpr std::size_t longest_said = 4096;

// A challenge's other words say what is wrong; its nonce only serves who wants to answer it.
std::string without_nonces(std::string text) {
  constexpr std::string_view name = "nonce=\"";
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
    const auto begin = at + name.size() - 1;
    const auto end = std::min(text.find_first_of("\"\r\n", begin + 1), text.size());
    text.replace(begin, end - begin + (end < text.size() && text[end] == '"' ? 1 : 0), "(taken out)");
    at = begin;
  }
  return text;
}

}  // namespace

void Outside::start() {
  for (const auto& [name, trunk] : context_.directory.all<Trunk>()) trunks_.put(trunk, context_.now.mono);
}

void Outside::handle_record(const std::string& name) {
  const auto& all = context_.directory.all<Trunk>();
  if (const auto trunk = trunks_.find(name)) release_sources(*trunk);
  if (const auto record = all.find(name); record != all.end())
    trunks_.put(record->second, context_.now.mono);
  else
    remove(name);
}

void Outside::remove(const std::string& name) {
  const auto trunk = trunks_.find(name);
  if (!trunk) return;
  for (const auto& server : trunks_.machine(*trunk)->servers().all())
    if (server.flow && !trunks_.flow_to(server.flow->address, *trunk)) context_.world.release(server.flow->address);
  trunks_.remove(name, context_.now.mono);
  std::erase_if(said_, [&](const auto& entry) { return !trunks_.machine(entry.first); });
  std::erase_if(series_, [&](const auto& entry) { return !trunks_.machine(entry.second.trunk); });
}

void Outside::handle_located(LookupId lookup, const names::Located& located) {
  const auto asked = lookups_.extract(lookup);
  if (asked) trunks_.located(asked.mapped(), located, context_.now.mono);
}

void Outside::handle_flow_closed(sip::FlowId flow, std::string_view why) {
  trunks_.flow_closed(flow, why, context_.now.mono);
}

void Outside::handle_site_connected(const SiteId& site) { trunks_.site_connected(site, context_.now.mono); }

void Outside::handle_response(const sip::ResponseReceived& e) {
  const auto asked = under_way_.find(e.tx);
  if (asked == under_way_.end()) return;
  const auto [trunk, request] = asked->second;
  if (e.response.cseq.method == "REGISTER") keep(trunk, true, e.flow.address.peer, sip::serialise(e.response));
  if (e.response.status < 200) return;
  under_way_.erase(asked);
  trunks_.answered(trunk, request, e.response, context_.now.mono);
}

void Outside::handle_failure(sip::ClientTx tx, bool timed_out) {
  const auto asked = under_way_.extract(tx);
  if (asked) trunks_.failed(asked.mapped().first, asked.mapped().second, timed_out, context_.now.mono);
}

void Outside::handle_timeout() {
  trunks_.handle_timeout(context_.now.mono);
  changes_.handle_timeout();
}

std::optional<TimePoint> Outside::deadline() const {
  const auto trunks = trunks_.deadline(), changes = changes_.deadline();
  return trunks && changes ? std::min(trunks, changes) : trunks ? trunks : changes;
}

bool Outside::run() {
  bool busy = false;
  while (auto effect = trunks_.poll_effect()) {
    busy = true;
    std::visit([&, trunk = effect->first](auto&& each) { perform(trunk, std::forward<decltype(each)>(each)); },
               std::move(effect->second));
  }
  return busy;
}

void Outside::perform(trunks::TrunkNumber trunk, trunks::Locate&& effect) {
  const LookupId lookup{++last_lookup_};
  lookups_.emplace(lookup, trunk);
  context_.world.locate(lookup, std::move(effect.query));
}

void Outside::perform(trunks::TrunkNumber trunk, trunks::Dial&& effect) { dial(trunk, effect.server); }

std::optional<sip::Flow> Outside::dial(trunks::TrunkNumber trunk, const trunks::ServerKey& server) {
  const auto* machine = trunks_.machine(trunk);
  if (!machine) return std::nullopt;
  auto flow = context_.world.dial(machine->trunk().site, server.transport, server.endpoint, machine->tls_for(server));
  // Known by an administrator's word.
  if (flow) context_.world.prove(flow->address, sip::Standing::peer);
  trunks_.dialled(trunk, server, flow, context_.now.mono);
  if (flow) give_share(trunk, *flow);
  if (flow) reached_(*flow);
  return flow;
}

void Outside::perform(trunks::TrunkNumber trunk, trunks::Send&& effect) {
  if (effect.message.method == "REGISTER") {
    // A new exchange begins where the last one has ended: with an answer that isn't a challenge.
    std::erase_if(series_, [&](const auto& entry) { return entry.second.trunk == trunk; });
    series_.emplace(effect.message.call_id, Series{trunk, effect.flow.address.peer});
    if (!effect.message.header("Authorization") && !effect.message.header("Proxy-Authorization")) said_[trunk].clear();
  }
  const auto tx =
      transactions_.send_request(effect.flow, std::move(effect.message), owner_of(Sender::trunks), context_.now.mono);
  under_way_.emplace(tx, std::pair{trunk, effect.request});
}

void Outside::perform(trunks::TrunkNumber, trunks::KeepAlive&& effect) { context_.world.send(effect.flow, "\r\n\r\n"); }

void Outside::perform(trunks::TrunkNumber trunk, trunks::ConditionChanged&& effect) {
  const auto* machine = trunks_.machine(trunk);
  if (!machine) return;
  const auto& name = machine->trunk().name;
  const auto& status = effect.status;
  context_.world.publish(TrunkChanged{name, status.condition, status.reason});
  using enum trunks::Condition;
  if (status.condition == locating || status.condition == registering) return;
  if (changes_.take(name)) context_.audit(changes_.action(), "trunk", name, name, describe(status));
}

void Outside::keep(trunks::TrunkNumber trunk, bool received, const Endpoint& peer, std::string_view text) {
  auto& said = said_[trunk];
  if (said.size() >= most_said) said.pop_front();
  said.push_back({context_.now.wall, received, peer, without_nonces(trace::redact(text.substr(0, longest_said)))});
}

void Outside::note_sent(std::string_view bytes) {
  if (!bytes.starts_with("REGISTER ")) return;
  const auto series = series_.find(trace::header_of(bytes, "Call-ID", "i"));
  if (series != series_.end()) keep(series->second.trunk, false, series->second.peer, bytes);
}

trunks::Neighbours Outside::neighbours(const sip::Flow& flow) const {
  const auto phones = registrations_.registrar().at(flow.address.site, flow.address.peer.address);
  if (phones.empty()) return trunks::Neighbours::none;
  const bool here = std::any_of(phones.begin(), phones.end(), [&](const Mac& phone) {
    const auto* binding = registrations_.find(phone);
    return binding && binding->flow.peer == flow.address.peer;
  });
  return here ? trunks::Neighbours::at_port : trunks::Neighbours::at_address;
}

std::optional<trunks::TrunkNumber> Outside::attribute(const sip::Flow& flow, std::string_view user,
                                                      std::optional<trunks::TrunkNumber> account_at) const {
  if (trunks_.empty()) return std::nullopt;
  return trunks_.attribute(flow, user, neighbours(flow), account_at);
}

// Each call that rings has one open request; beside them it has what a phone has. Where it may have any number of
// calls, a tenth of what its whole site may have, so that it can't keep the site's phones out.
void Outside::give_share(trunks::TrunkNumber trunk, const sip::Flow& flow) {
  constexpr sip::TransactionLimits limits;
  const auto* machine = trunks_.machine(trunk);
  const std::size_t calls = machine ? machine->trunk().calls : 0;
  const std::size_t most = limits.of_site / 10;
  transactions_.set_share(flow.id, calls == 0 ? most : std::min(calls + limits.of_flow, most));
}

void Outside::handle_reached(trunks::TrunkNumber trunk, const sip::FlowAddress& address) {
  // A server's, whosever it is, is one already.
  if (!trunks_.machine(trunk) || trunks_.flow_to(address)) return;
  auto& sources = reached_sources_[trunk];
  std::erase(sources, address);
  sources.push_back(address);
  if (sources.size() > most_sources) {
    const auto oldest = sources.front();
    sources.pop_front();
    release_source(oldest);
  }
  context_.world.prove(address, sip::Standing::peer);
}

void Outside::release_sources(trunks::TrunkNumber trunk) {
  const auto found = reached_sources_.extract(trunk);
  if (!found) return;
  for (const auto& address : found.mapped()) release_source(address);
}

void Outside::release_source(const sip::FlowAddress& address) {
  const auto has_it = [&](const auto& entry) {
    return std::find(entry.second.begin(), entry.second.end(), address) != entry.second.end();
  };
  const bool anothers = std::any_of(reached_sources_.begin(), reached_sources_.end(), has_it);
  if (!anothers && !trunks_.flow_to(address)) context_.world.release(address);
}

bool Outside::is_from(trunks::TrunkNumber trunk, const sip::Flow& flow) const {
  return trunks_.is_from(trunk, flow, neighbours(flow));
}

std::optional<sip::Flow> Outside::reach(trunks::TrunkNumber trunk, const sip::FlowAddress& address) {
  if (auto flow = trunks_.flow_to(address)) return flow;
  if (auto flow = context_.world.find_or_open(address)) return flow;
  const auto* machine = trunks_.machine(trunk);
  const trunks::ServerKey server{address.transport, address.peer};
  if (machine && machine->servers().find(server)) return dial(trunk, server);
  // It had come by a connection of its own: its servers are where it is reached.
  const auto servers = servers_for(trunk);
  return servers.empty() ? std::nullopt : servers.front().flow;
}

std::vector<trunks::Server> Outside::servers_for(trunks::TrunkNumber trunk) {
  auto servers = trunks_.attempts(trunk, context_.now.mono);
  for (auto& server : servers)
    if (!server.flow) server.flow = dial(trunk, server.key());
  std::erase_if(servers, [](const auto& server) { return !server.flow; });
  return servers;
}

const Trunk* Outside::record(trunks::TrunkNumber trunk) const {
  const auto* machine = trunks_.machine(trunk);
  return machine ? &machine->trunk() : nullptr;
}

std::vector<Outside::Said> Outside::last_registration(const std::string& name) const {
  const auto trunk = trunks_.find(name);
  const auto said = trunk ? said_.find(*trunk) : said_.end();
  if (said == said_.end()) return {};
  return {said->second.begin(), said->second.end()};
}

}  // namespace roamdesk::element
