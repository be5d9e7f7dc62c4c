#include "exchange/trunks/servers.hpp"

#include <algorithm>

namespace roamdesk::trunks {

void Servers::set(const std::vector<names::Target>& targets, const std::optional<ServerKey>& keep, TimePoint now) {
  std::vector<Server> next;
  next.reserve(targets.size() + 1);
  const auto take = [&](const ServerKey& key, const names::Target* target) {
    Server server;
    if (const auto* known = find(key)) server = *known;
    if (target) server.target = *target;
    if (server.ping_at == TimePoint{}) server.ping_at = now;
    next.push_back(std::move(server));
  };
  const auto is_listed = [&](const ServerKey& key) {
    return std::any_of(next.begin(), next.end(), [&](const auto& server) { return server.key() == key; });
  };
  // Several names may lead to one address: it is one server, and where it has failed it is tried under none of them.
  for (const auto& target : targets)
    if (const ServerKey key{target.transport, target.endpoint}; !is_listed(key)) take(key, &target);
  if (keep && !is_listed(*keep) && find(*keep)) take(*keep, nullptr);
  all_ = std::move(next);
}

Server* Servers::find(const ServerKey& key) { return const_cast<Server*>(std::as_const(*this).find(key)); }

const Server* Servers::find(const ServerKey& key) const {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const auto& server) { return server.key() == key; });
  return found == all_.end() ? nullptr : &*found;
}

Server* Servers::find(sip::FlowId flow) {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const auto& s) { return s.flow && s.flow->id == flow; });
  return found == all_.end() ? nullptr : &*found;
}

Server* Servers::best(TimePoint now) { return const_cast<Server*>(std::as_const(*this).best(now)); }

const Server* Servers::best(TimePoint now) const {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const auto& server) { return !server.is_bad(now); });
  return found == all_.end() ? nullptr : &*found;
}

std::optional<TimePoint> Servers::next_chance() const {
  std::optional<TimePoint> next;
  for (const auto& server : all_)
    if (server.bad_until && (!next || *server.bad_until < *next)) next = server.bad_until;
  return next;
}

}  // namespace roamdesk::trunks
