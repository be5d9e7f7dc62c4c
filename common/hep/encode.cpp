#include "common/hep/encode.hpp"

#include <chrono>

namespace roamdesk::hep {
namespace {

// Types of chunks (HEP3, section "Chunk types").
enum Chunk : std::uint16_t {
  family = 1,
  ip_protocol = 2,
  source_v4 = 3,
  destination_v4 = 4,
  source_v6 = 5,
  destination_v6 = 6,
  source_port = 7,
  destination_port = 8,
  seconds = 9,
  microseconds = 10,
  protocol = 11,
  capture_agent = 12,
  payload = 15,
  correlation_id = 17,
  node_name = 19,
};
constexpr std::uint8_t inet = 2, inet6 = 10;  // AF_INET and AF_INET6 as Linux numbers them
constexpr std::uint8_t udp = 17, tcp = 6;
constexpr std::uint8_t sip = 1;
constexpr std::size_t head = 6;  // of a chunk: vendor, type, length

void put_16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8 & 0xff);
  out += static_cast<char>(value & 0xff);
}
void put_32(std::string& out, std::uint32_t value) {
  put_16(out, value >> 16);
  put_16(out, value & 0xffff);
}
void begin(std::string& out, Chunk type, std::size_t size) {
  put_16(out, 0);
  put_16(out, type);
  put_16(out, head + size);
}
void put(std::string& out, Chunk type, std::uint8_t value) {
  begin(out, type, 1);
  out += static_cast<char>(value);
}
void put(std::string& out, Chunk type, std::uint16_t value) {
  begin(out, type, 2);
  put_16(out, value);
}
void put(std::string& out, Chunk type, std::uint32_t value) {
  begin(out, type, 4);
  put_32(out, value);
}
void put(std::string& out, Chunk type, std::string_view value) {
  begin(out, type, value.size());
  out += value;
}
void put_v6(std::string& out, Chunk type, const IpAddress& address) {
  const auto bytes = address.bytes();  // an IPv4 address as a mapped one (RFC 4291 §2.5.5.2)
  put(out, type, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

}  // namespace

std::string encode(const Packet& packet) {
  if (packet.text.size() + packet.correlation.size() + packet.node.size() > largest) return {};
  std::string out = "HEP3";
  put_16(out, 0);  // the length, when it is known
  const bool v4 = packet.from.address.is_v4() && packet.to.address.is_v4();
  put(out, family, v4 ? inet : inet6);
  put(out, ip_protocol, packet.udp ? udp : tcp);
  if (v4) {
    put(out, source_v4, packet.from.address.v4());
    put(out, destination_v4, packet.to.address.v4());
  } else {
    put_v6(out, source_v6, packet.from.address);
    put_v6(out, destination_v6, packet.to.address);
  }
  put(out, source_port, packet.from.port);
  put(out, destination_port, packet.to.port);
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(packet.at.time_since_epoch()).count();
  constexpr std::int64_t million = 1'000'000;
  put(out, seconds, static_cast<std::uint32_t>(since / million));
  put(out, microseconds, static_cast<std::uint32_t>(since % million));
  put(out, protocol, sip);
  put(out, capture_agent, packet.capture_id);
  if (!packet.node.empty()) put(out, node_name, packet.node);
  if (!packet.correlation.empty()) put(out, correlation_id, packet.correlation);
  put(out, payload, packet.text);
  if (out.size() > largest) return {};
  out[4] = static_cast<char>(out.size() >> 8 & 0xff);
  out[5] = static_cast<char>(out.size() & 0xff);
  return out;
}

}  // namespace roamdesk::hep
