#include "exchange/trace/pcap.hpp"

#include <chrono>

namespace roamdesk::trace {
namespace {

constexpr std::size_t ipv4_header = 20, udp_header = 8;
constexpr std::size_t udp = 17, hops = 64;

void put_le32(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}
void put_16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8 & 0xff);
  out += static_cast<char>(value & 0xff);
}
void put_v4(std::string& out, IpAddress address) {
  put_16(out, address.v4() >> 16);
  put_16(out, address.v4() & 0xffff);
}
void put_v6(std::string& out, IpAddress address) {
  for (const auto byte : address.bytes()) out += static_cast<char>(byte);
}

// RFC 1071.
std::size_t checksum(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const auto second = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0U;
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]) << 8 | second);
  }
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

std::string udp_datagram(const Endpoint& from, const Endpoint& to, std::string_view text) {
  std::string out;
  put_16(out, from.port);
  put_16(out, to.port);
  put_16(out, udp_header + text.size());
  put_16(out, 0);  // over IPv4 it needs no checksum (RFC 768)
  return out.append(text);
}

std::string ipv4_packet(const Endpoint& from, const Endpoint& to, std::string_view text) {
  std::string ip;
  put_16(ip, 0x4500);
  put_16(ip, ipv4_header + udp_header + text.size());
  put_16(ip, 0);
  put_16(ip, 0x4000);  // isn't to be fragmented
  put_16(ip, hops << 8 | udp);
  put_16(ip, 0);
  put_v4(ip, from.address);
  put_v4(ip, to.address);
  const std::size_t sum = checksum(ip);
  ip[10] = static_cast<char>(sum >> 8);
  ip[11] = static_cast<char>(sum & 0xff);
  return ip + udp_datagram(from, to, text);
}

std::string ipv6_packet(const Endpoint& from, const Endpoint& to, std::string_view text) {
  std::string addresses;
  put_v6(addresses, from.address);
  put_v6(addresses, to.address);
  std::string datagram = udp_datagram(from, to, text);
  // RFC 8200 §8.1: over its pseudo-header, and never 0.
  std::string pseudo = addresses;
  put_16(pseudo, 0);
  put_16(pseudo, datagram.size());
  put_16(pseudo, 0);
  put_16(pseudo, udp);
  std::size_t sum = checksum(pseudo + datagram);
  if (sum == 0) sum = 0xffff;
  datagram[6] = static_cast<char>(sum >> 8);
  datagram[7] = static_cast<char>(sum & 0xff);
  std::string ip;
  put_16(ip, 0x6000);
  put_16(ip, 0);
  put_16(ip, datagram.size());
  put_16(ip, udp << 8 | hops);
  return ip + addresses + datagram;
}

}  // namespace

std::string to_pcap(const Transcript& transcript) {
  std::string out;
  put_le32(out, 0xa1b2c3d4);    // microseconds, little endian
  put_le32(out, 2 | 4U << 16);  // version 2.4
  put_le32(out, 0);
  put_le32(out, 0);
  put_le32(out, 65535);
  put_le32(out, 101);  // LINKTYPE_RAW
  for (const Message& message : transcript.messages) {
    const auto ms = message.at.time_since_epoch().count();
    const Endpoint& from = message.received ? message.flow.peer : message.flow.face;
    const Endpoint& to = message.received ? message.flow.face : message.flow.peer;
    const bool v4 = from.address.is_v4() && to.address.is_v4();
    const std::string packet = v4 ? ipv4_packet(from, to, message.text) : ipv6_packet(from, to, message.text);
    put_le32(out, static_cast<std::uint32_t>(ms / 1000));
    put_le32(out, static_cast<std::uint32_t>(ms % 1000 * 1000));
    put_le32(out, static_cast<std::uint32_t>(packet.size()));
    put_le32(out, static_cast<std::uint32_t>(packet.size()));
    out += packet;
  }
  return out;
}

}  // namespace roamdesk::trace
