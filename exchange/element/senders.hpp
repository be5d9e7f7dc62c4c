#pragma once
#include <cstdint>

#include "common/sip/transaction_layer.hpp"

namespace roamdesk::element {

// The parts that send requests of their own over the one transaction layer: each hears what became of its own.
enum class Sender : std::uint8_t {
  calls,
  presence,
  teller,
  orphans,
  qualifier,
  onboarding,
  trunks,
  test_calls,
  upstreams,
  upstream_lamps
};

constexpr sip::Owner owner_of(Sender sender) { return static_cast<sip::Owner>(sender); }
constexpr Sender sender_of(sip::Owner owner) { return static_cast<Sender>(owner); }

}  // namespace roamdesk::element
