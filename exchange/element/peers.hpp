#pragma once
#include <optional>

#include "common/phones/mac.hpp"
#include "exchange/calls/types.hpp"
#include "exchange/trunks/trunks.hpp"
#include "exchange/upstream/account.hpp"

// Which peer of a call is which phone. A PeerId's upper 16 bits say what it names, the lower 48 which one of these: 0
// is a phone, by its MAC; 1 a trunk, by its number; 2 an address at which no phone is registered; 3 an account
// upstream, by its number. Every other value is a peer that is none of these.
namespace roamdesk::element {

calls::PeerId peer_of(const Mac& phone);
// nullopt if it is no phone.
std::optional<Mac> phone_of(calls::PeerId peer);
// Likewise; nullopt if there is none.
std::optional<Mac> phone_of(const std::optional<calls::PeerId>& peer);
calls::PeerId peer_of(trunks::TrunkNumber trunk);
// A phone that is called by its address, since it isn't registered.
calls::PeerId peer_of(const Endpoint& address);
// nullopt if it is no trunk.
std::optional<trunks::TrunkNumber> trunk_of(const std::optional<calls::PeerId>& peer);
calls::PeerId peer_of(upstream::AccountNumber account);
// nullopt if it is no account upstream.
std::optional<upstream::AccountNumber> account_of(const std::optional<calls::PeerId>& peer);

}  // namespace roamdesk::element
