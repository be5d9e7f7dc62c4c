#pragma once
#include "common/crypto/bytes.hpp"
#include "common/srtp/srtp.hpp"

namespace roamdesk::srtp {

// Empty: refused.
inline crypto::Bytes sealed(Context& context, crypto::Bytes packet, bool rtcp = false) {
  const auto size = packet.size();
  packet.resize(size + most_added);
  packet.resize(context.seal(rtcp, packet, size).value_or(0));
  return packet;
}
inline crypto::Bytes opened(Context& context, crypto::Bytes packet, bool rtcp = false) {
  packet.resize(context.open(rtcp, packet).value_or(0));
  return packet;
}

}  // namespace roamdesk::srtp
