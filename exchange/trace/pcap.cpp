#include "exchange/trace/pcap.hpp"

#include <chrono>

namespace roamdesk::trace {
namespace {

constexpr std::size_t ip_header = 20, udp_header = 8;

void put_le32(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}
void put_16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8 & 0xff);
  out += static_cast<char>(value & 0xff);
}
void put_address(std::string& out, IpAddress address) {
  put_16(out, address.value >> 16);
  put_16(out, address.value & 0xffff);
}

// RFC 1071, over an even number of bytes.
std::size_t checksum(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]) << 8 |
                                      static_cast<unsigned char>(bytes[i + 1]));
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
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
    const std::size_t size = ip_header + udp_header + message.text.size();
    put_le32(out, static_cast<std::uint32_t>(ms / 1000));
    put_le32(out, static_cast<std::uint32_t>(ms % 1000 * 1000));
    put_le32(out, static_cast<std::uint32_t>(size));
    put_le32(out, static_cast<std::uint32_t>(size));
    const Endpoint& from = message.received ? message.flow.peer : message.flow.face;
    const Endpoint& to = message.received ? message.flow.face : message.flow.peer;
    std::string ip;
    put_16(ip, 0x4500);
    put_16(ip, size);
    put_16(ip, 0);
    put_16(ip, 0x4000);  // isn't to be fragmented
    put_16(ip, 64 << 8 | 17);
    put_16(ip, 0);
    put_address(ip, from.address);
    put_address(ip, to.address);
    const std::size_t sum = checksum(ip);
    ip[10] = static_cast<char>(sum >> 8);
    ip[11] = static_cast<char>(sum & 0xff);
    out += ip;
    put_16(out, from.port);
    put_16(out, to.port);
    put_16(out, udp_header + message.text.size());
    put_16(out, 0);  // no checksum (RFC 768)
    out += message.text;
  }
  return out;
}

}  // namespace roamdesk::trace
