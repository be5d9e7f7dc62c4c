#pragma once
#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/names/query.hpp"
#include "common/sip/flow.hpp"

namespace roamdesk::trunks {

// Which server of a trunk: what a name led to.
struct ServerKey {
  sip::Transport transport{};
  Endpoint endpoint;
  friend auto operator<=>(const ServerKey&, const ServerKey&) = default;
};

struct Server {
  names::Target target;
  std::optional<sip::Flow> flow;    // nullopt: none was made yet, or it has closed
  std::optional<Endpoint> seen_as;  // our address as it sees it
  bool answers_options = false;     // it has, once: only such a one is judged by its silence
  bool good = false;                // it has answered, and nothing has failed since
  unsigned failures = 0;            // in a row
  std::optional<TimePoint> bad_until{};
  std::string why{};  // it is bad
  TimePoint ping_at{};
  bool ping_waits = false;  // for its flow

  ServerKey key() const { return {target.transport, target.endpoint}; }
  bool is_bad(TimePoint now) const { return bad_until && *bad_until > now; }
};

// A trunk's servers in the order of RFC 3263 §4.3.
class Servers {
 public:
  // What is known of those that stay stays known; one whose flow is in use (`keep`) stays last until it isn't.
  void set(const std::vector<names::Target>& targets, const std::optional<ServerKey>& keep, TimePoint now);
  void clear() { all_.clear(); }

  Server* find(const ServerKey& key);
  Server* find(sip::FlowId flow);
  const Server* find(const ServerKey& key) const;
  // The first that isn't bad; nullptr if all are.
  Server* best(TimePoint now);
  const Server* best(TimePoint now) const;
  // When the first of them is to be tried again.
  std::optional<TimePoint> next_chance() const;
  std::vector<Server>& all() { return all_; }
  const std::vector<Server>& all() const { return all_; }
  bool empty() const { return all_.empty(); }

 private:
  std::vector<Server> all_;
};

}  // namespace roamdesk::trunks
