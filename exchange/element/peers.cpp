#include "exchange/element/peers.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "common/crypto/hash.hpp"

namespace roamdesk::element {
namespace {

constexpr std::uint64_t after_phones = std::uint64_t{1} << 48;
constexpr std::uint64_t first_trunk = after_phones, after_trunks = std::uint64_t{2} << 48;
constexpr std::uint64_t first_account = std::uint64_t{3} << 48, after_accounts = std::uint64_t{4} << 48;
constexpr std::uint64_t after_all_v4 = std::uint64_t{1} << 63;

}  // namespace

calls::PeerId peer_of(const Mac& phone) { return calls::PeerId{phone.value()}; }

std::optional<Mac> phone_of(calls::PeerId peer) {
  if (peer.value() >= after_phones) return std::nullopt;
  std::array<char, 12> digits{};
  auto rest = peer.value();
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, rest >>= 4)
    *digit = "0123456789abcdef"[rest & 15U];
  return Mac::parse(std::string_view{digits.data(), digits.size()});
}

calls::PeerId peer_of(trunks::TrunkNumber trunk) { return calls::PeerId{first_trunk + trunk.value()}; }

calls::PeerId peer_of(const Endpoint& address) {
  if (address.address.is_v4())
    return calls::PeerId{after_trunks + (std::uint64_t{address.address.v4()} << 16U) + address.port};
  // 63 bits of a digest: no sender can find an address that is taken for another one.
  const auto digest = crypto::sha256_hex(to_string(address));
  std::uint64_t value = 0;
  std::from_chars(digest.data(), digest.data() + 16, value, 16);
  return calls::PeerId{value | after_all_v4};
}

std::optional<trunks::TrunkNumber> trunk_of(const std::optional<calls::PeerId>& peer) {
  if (!peer || peer->value() < first_trunk || peer->value() >= after_trunks) return std::nullopt;
  return trunks::TrunkNumber{peer->value() - first_trunk};
}

calls::PeerId peer_of(upstream::AccountNumber account) { return calls::PeerId{first_account + account.value()}; }

std::optional<upstream::AccountNumber> account_of(const std::optional<calls::PeerId>& peer) {
  if (!peer || peer->value() < first_account || peer->value() >= after_accounts) return std::nullopt;
  return upstream::AccountNumber{peer->value() - first_account};
}

std::optional<Mac> phone_of(const std::optional<calls::PeerId>& peer) { return peer ? phone_of(*peer) : std::nullopt; }

}  // namespace roamdesk::element
