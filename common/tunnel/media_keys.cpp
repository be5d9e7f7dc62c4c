#include "common/tunnel/media_keys.hpp"

#include <algorithm>
#include <string_view>

#include "common/tunnel/wire.hpp"

namespace roamdesk::tunnel {
namespace {

DirectionKeys derive(const MediaSecret& secret, std::uint32_t media_session, std::uint16_t epoch, Side from) {
  crypto::Bytes info;
  for (const char c : std::string_view{"roamdesk media"}) info.push_back(static_cast<std::uint8_t>(c));
  append(info, media_session);
  append(info, epoch);
  append(info, static_cast<std::uint8_t>(from == Side::sbc ? 0 : 1));
  std::array<std::uint8_t, 44> bytes;
  crypto::hkdf_expand(secret, info, bytes);
  DirectionKeys keys;
  std::copy_n(bytes.begin(), keys.key.size(), keys.key.begin());
  std::copy_n(bytes.begin() + keys.key.size(), keys.iv.size(), keys.iv.begin());
  crypto::wipe(bytes);
  return keys;
}

}  // namespace

EpochKeys derive_keys(const MediaSecret& secret, std::uint32_t media_session, std::uint16_t epoch) {
  return EpochKeys{derive(secret, media_session, epoch, Side::sbc), derive(secret, media_session, epoch, Side::core)};
}

}  // namespace roamdesk::tunnel
