#include "exchange/element/upstreams.hpp"

#include <algorithm>
#include <utility>

#include "exchange/element/peers.hpp"

namespace roamdesk::element {

void Upstreams::start() {
  for (const auto& [name, trunk] : context_.directory.all<Trunk>()) handle_trunk(name);
  for (const auto& [extension, account] : context_.directory.all<UpstreamAccount>())
    handle_extension(ExtensionNumber{extension});
}

void Upstreams::handle_trunk(const std::string& name) {
  const auto trunk = outside_.trunks().find(name);
  const auto* record = trunk ? outside_.record(*trunk) : nullptr;
  if (!record) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(context_.now.wall.time_since_epoch()).count();
  // CSeq stays below 2^31 (RFC 3261 §8.1.1.5).
  const auto first_cseq = static_cast<std::uint32_t>(seconds & 0x3fffffff);
  upstreams_.put_trunk(*trunk, *record, first_cseq, context_.now.mono);
}

void Upstreams::handle_trunk_gone(const std::string& name) {
  if (const auto trunk = outside_.trunks().find(name)) upstreams_.remove_trunk(*trunk, context_.now.mono);
}

bool Upstreams::is_someone(const ExtensionNumber& extension) const {
  return context_.directory.session_of(extension) || !context_.directory.phones_of(extension).empty();
}

void Upstreams::handle_extension(const ExtensionNumber& extension) {
  const auto& all = context_.directory.all<UpstreamAccount>();
  const auto record = all.find(extension.value());
  if (record == all.end()) return upstreams_.remove(extension.value(), context_.now.mono);
  upstreams_.put(record->second, outside_.trunks().find(record->second.trunk), is_someone(extension),
                 context_.now.mono);
}

void Upstreams::handle_flow_closed(sip::FlowId flow, std::string_view why) {
  for (const auto& [trunk, each] : upstreams_.all())
    upstreams_.upstream(trunk)->flow_closed(flow, why, context_.now.mono);
}

void Upstreams::handle_response(const sip::ResponseReceived& e) {
  if (e.response.status < 200) return;
  const auto asked = under_way_.extract(e.tx);
  auto* upstream = asked ? upstreams_.upstream(asked.mapped().first) : nullptr;
  if (upstream) upstream->answered(asked.mapped().second, e.response, context_.now.mono);
}

void Upstreams::handle_failure(sip::ClientTx tx, bool timed_out) {
  const auto asked = under_way_.extract(tx);
  auto* upstream = asked ? upstreams_.upstream(asked.mapped().first) : nullptr;
  if (upstream) upstream->failed(asked.mapped().second, timed_out, context_.now.mono);
}

void Upstreams::handle_timeout() {
  upstreams_.handle_timeout(context_.now.mono);
  changes_.handle_timeout();
}

std::optional<TimePoint> Upstreams::deadline() const {
  auto earliest = upstreams_.deadline();
  const auto take = [&](const std::optional<TimePoint>& time) {
    if (time && (!earliest || *time < *earliest)) earliest = time;
  };
  take(changes_.deadline());
  // A server that was left alone is asked again then, whether it answers OPTIONS or not.
  for (const auto& [trunk, each] : upstreams_.all())
    if (const auto* machine = outside_.trunks().machine(trunk); machine && each.is_needed() && !each.is_served())
      if (const auto chance = machine->servers().next_chance(); chance > context_.now.mono) take(chance);
  return earliest;
}

// Says to each upstream which server is used now.
bool Upstreams::find_servers() {
  bool busy = false;
  for (const auto& [trunk, each] : upstreams_.all()) {
    auto& upstream = *upstreams_.upstream(trunk);
    const auto* machine = outside_.trunks().machine(trunk);
    const auto* server = machine ? machine->first(context_.now.mono) : nullptr;
    // A server to which there is no way is left alone from then on: the next one comes.
    while (server && !server->flow && each.is_needed()) {
      busy = true;
      outside_.dial(trunk, server->key());
      server = machine->first(context_.now.mono);
    }
    if (!server || !server->flow)
      upstream.use(std::nullopt, context_.now.mono);
    else if (!each.uses(server->key(), server->flow->id))
      upstream.use(upstream::Upstream::Server{server->key(), *server->flow, server->seen_as}, context_.now.mono);
  }
  return busy;
}

bool Upstreams::run() {
  if (upstreams_.empty()) return false;
  bool busy = find_servers();
  while (auto effect = upstreams_.poll_effect()) {
    busy = true;
    std::visit([&, trunk = effect->first](auto&& each) { perform(trunk, std::forward<decltype(each)>(each)); },
               std::move(effect->second));
  }
  upstreams_.follow(context_.now.mono);
  return busy;
}

void Upstreams::perform(trunks::TrunkNumber trunk, upstream::Send&& effect) {
  const auto tx = transactions_.send_request(effect.flow, std::move(effect.message), owner_of(Sender::upstreams),
                                             context_.now.mono);
  under_way_.emplace(tx, std::pair{trunk, effect.request});
}

void Upstreams::perform(trunks::TrunkNumber, upstream::KeepAlive&& effect) {
  context_.world.send(effect.flow, "\r\n\r\n");
}

void Upstreams::perform(trunks::TrunkNumber trunk, upstream::ServerFailed&& effect) {
  outside_.trunks().server_failed(trunk, effect.server, std::move(effect.why), effect.at_least, context_.now.mono);
}

void Upstreams::perform(trunks::TrunkNumber trunk, upstream::ServerAnswered&& effect) {
  outside_.trunks().server_answered(trunk, effect.server, context_.now.mono);
}

void Upstreams::perform(trunks::TrunkNumber trunk, upstream::AccountChanged&& effect) {
  const auto* record = outside_.record(trunk);
  const auto where = record ? record->name : std::string{};
  auto words = std::string{word_of(effect.status.condition)};
  if (!effect.status.reason.empty()) words += ": " + effect.status.reason;
  context_.world.publish(Trouble{"upstream.account", where, effect.extension + " " + words});
  if (changes_.take(effect.extension)) context_.audit(changes_.action(), "upstream", where, effect.extension, words);
}

std::optional<trunks::TrunkNumber> Upstreams::line_of(const std::optional<calls::PeerId>& peer) const {
  if (const auto account = account_of(peer)) return upstreams_.trunk_of(*account);
  return trunk_of(peer);
}

std::vector<SiteId> Upstreams::sites_of(const calls::CallInfo& call) const {
  std::vector<SiteId> sites;
  if (!call.from_site.value().empty() && !line_of(call.from_peer)) sites.push_back(call.from_site);
  const bool rang = !call.to_site.value().empty() && !line_of(call.to_peer);
  if (rang && (sites.empty() || sites.front() != call.to_site)) sites.push_back(call.to_site);
  return sites;
}

std::optional<trunks::TrunkNumber> Upstreams::trunk_of_token(std::string_view user) const {
  const auto place = upstreams_.of_token(user);
  return place ? std::optional{place->trunk} : std::nullopt;
}

std::optional<ExtensionNumber> Upstreams::extension_called(trunks::TrunkNumber trunk,
                                                           const sip::Message& request) const {
  const auto* upstream = upstreams_.upstream(trunk);
  auto number = upstream ? upstream->find(request.request_uri.user) : std::nullopt;
  if (upstream && !number) number = upstream->of_user(request.to.uri.user);
  const auto* account = number ? upstream->account(*number) : nullptr;
  return account ? std::optional{ExtensionNumber{account->self.record.extension}} : std::nullopt;
}

std::optional<Trunk> Upstreams::record(upstream::AccountNumber account) const {
  const auto* found = upstreams_.account(account);
  const auto trunk = upstreams_.trunk_of(account);
  if (!found || !trunk) return std::nullopt;
  return upstreams_.upstream(*trunk)->as(found->self);
}

std::optional<sip::Message> Upstreams::authorise(trunks::TrunkNumber trunk, std::string_view user,
                                                 const sip::Message& request, const sip::Message& challenge) {
  const auto* upstream = upstreams_.upstream(trunk);
  const auto number = upstream ? upstream->of_user(user) : std::nullopt;
  return number ? authorise(*number, request, challenge) : std::nullopt;
}

std::optional<sip::Message> Upstreams::authorise(upstream::AccountNumber account, const sip::Message& request,
                                                 const sip::Message& challenge) {
  auto* found = upstreams_.account(account);
  if (!found) return std::nullopt;
  auto answer = found->self.credentials.answer(request, challenge, context_.unique());
  auto* message = std::get_if<sip::Message>(&answer);
  return message ? std::optional{std::move(*message)} : std::nullopt;
}

void Upstreams::prepare(upstream::AccountNumber account, sip::Message& request) {
  if (auto* found = upstreams_.account(account)) found->self.credentials.prepare(request, context_.unique());
}

void Upstreams::set_calls(upstream::AccountNumber account, std::size_t count) {
  if (count > 0)
    calls_[account] = count;
  else
    calls_.erase(account);
  const auto trunk = upstreams_.trunk_of(account);
  if (!trunk) return;
  std::size_t all = 0;
  for (const auto& [number, calls] : calls_)
    if (upstreams_.trunk_of(number) == trunk) all += calls;
  outside_.trunks().set_calls(*trunk, all);
}

std::vector<trunks::Server> Upstreams::servers_for(upstream::AccountNumber account) {
  const auto trunk = upstreams_.trunk_of(account);
  if (!trunk) return {};
  auto servers = outside_.servers_for(*trunk);
  // Many exchanges answer 403 to a call that doesn't come to the server that is registered at.
  if (const auto* found = upstreams_.account(account); found && found->self.binding)
    std::stable_partition(servers.begin(), servers.end(),
                          [&](const auto& server) { return server.key() == found->self.binding->server; });
  return servers;
}

}  // namespace roamdesk::element
