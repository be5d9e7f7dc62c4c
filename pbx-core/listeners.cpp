#include "pbx-core/listeners.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace roamdesk::core {
namespace {

struct Listener {
  std::string name;  // its key in the file
  Endpoint at;
};

bool is_every(const IpAddress& address) { return address.is_unspecified() || address == every_address; }

bool clash(const Endpoint& one, const Endpoint& other) {
  return one.port == other.port && (one.address == other.address || is_every(one.address) || is_every(other.address));
}

// Where the key stands in the file, or what it stands in.
config::Node node_of(const config::Section& root, std::string_view name) {
  const config::Tree* tree = &root.node().tree();
  for (bool found = true; found && !name.empty();) {
    found = false;
    const auto end = std::min(name.find('.'), name.size());
    for (const auto& [key, value] : tree->entries)
      if (key.text == name.substr(0, end)) {
        tree = &value;
        found = true;
        break;
      }
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return {*tree, {}, root.node().faults()};
}

void check(const config::Section& root, const std::vector<Listener>& all) {
  for (auto one = all.begin(); one != all.end(); ++one)
    for (auto before = all.begin(); before != one; ++before)
      if (clash(one->at, before->at)) {
        node_of(root, one->name)
            .fault(fmt::format("{}: {} is {}'s already", one->name, to_string(one->at), before->name),
                   "expected a port or an address of its own");
        break;
      }
}

}  // namespace

void check_listeners(const config::Section& root, const Config& config) {
  std::vector<Listener> tcp, udp;
  const auto add = [](std::vector<Listener>& to, const char* name, const std::optional<Endpoint>& at) {
    if (at) to.push_back({name, *at});
  };
  add(udp, "sip.udp", config.sip.udp);
  add(tcp, "sip.tcp", config.sip.tcp);
  add(tcp, "sip.tls", config.sip.tls);
  for (const auto& at : config.tunnel)
    for (auto* all : {&udp, &tcp}) all->push_back({"tunnel", at});
  add(tcp, "http.listen", config.http.listen);
  add(tcp, "http.tls", config.http.tls);
  add(tcp, "metrics", config.metrics);
  check(root, tcp);
  check(root, udp);
}

}  // namespace roamdesk::core
