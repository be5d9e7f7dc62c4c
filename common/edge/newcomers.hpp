#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "common/edge/repeats.hpp"
#include "common/sip/flow_table.hpp"

namespace roamdesk::edge {

// How many messages of flows that showed no credentials yet are taken, and which: README, "Newcomers".
class Newcomers {
 public:
  struct Settings {
    net::RateLimit::Settings per_source{.per_second = 100, .burst = 400, .sources = 16384};
    // Each for all sources together.
    net::Rate first{300, 600};      // each one that comes
    net::Rate help{50, 100};        // INVITEs to an emergency number
    net::Rate home{200, 400};       // from addresses where a phone is registered
    net::Rate repeated{300, 600};   // what a phone says again since it got no answer
    net::Rate continued{200, 400};  // by a flow of which something was taken before
    net::Rate streams{500, 1000};   // over connections: their sources aren't forged
    // Of what has a share of its own, one source: more than a phone needs, too little to fill that share.
    net::RateLimit::Settings share{.per_second = 5, .burst = 20, .sources = 16384};
    net::Rate own{5, 20};  // of one flow that goes on
    std::vector<std::string> emergency_numbers = {"112", "911", "999", "110", "000", "15", "17", "18", "118", "119"};
    Repeats::Settings repeats{};
  };
  explicit Newcomers(Settings settings);

  struct Asked {
    const net::FlowKey& key;
    std::string_view message;
    bool is_home = false;  // a phone is registered from this address
    // Where something of this flow was taken before.
    net::TokenBucket* flow = nullptr;
  };
  bool admit(const Asked& asked, TimePoint now);
  // To be called every few seconds: gives back what a burst has taken.
  void handle_timeout(TimePoint now);
  // Sources that it remembers.
  std::size_t sources() const { return per_source_.size() + help_of_.size() + repeated_of_.size(); }

 private:
  bool by_a_share(const Asked& asked, TimePoint now);

  Settings settings_;
  net::RateLimit per_source_, help_of_, repeated_of_;
  net::TokenBucket first_, help_, home_, repeated_, continued_, streams_;
  Repeats repeats_;
};

}  // namespace roamdesk::edge
