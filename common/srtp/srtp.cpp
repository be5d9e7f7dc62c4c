#include "common/srtp/srtp.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace roamdesk::srtp {
namespace {

// A day of 20 ms packets.
constexpr std::uint32_t most_rollovers = 64;
constexpr std::size_t most_bytes = 1500;
// RFC 3550 §6.4.1: what of an RTCP packet isn't ciphered (RFC 3711 §3.4).
constexpr std::size_t rtcp_header = 8;
constexpr std::size_t word_size = 4;
constexpr std::uint32_t encrypted = 1U << 31;

using Word = std::array<std::uint8_t, word_size>;

std::uint32_t read(std::span<const std::uint8_t> bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8 |
         bytes[at + 3];
}
Word word(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
          static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}
Word rollovers(std::uint64_t index) { return word(static_cast<std::uint32_t>(index >> 16)); }
std::uint16_t sequence_of(std::span<const std::uint8_t> packet) {
  return static_cast<std::uint16_t>(packet[2] << 8 | packet[3]);
}

// RFC 3550 §5.1, §5.3.1: sources that contributed, and an extension, belong to the header. nullopt: it is no packet.
std::optional<std::size_t> header_of(std::span<const std::uint8_t> packet) {
  if (packet.size() < 12 || packet[0] >> 6 != 2) return std::nullopt;
  std::size_t size = 12 + std::size_t{4} * (packet[0] & 15);
  if ((packet[0] & 16) != 0) {
    if (packet.size() < size + 4) return std::nullopt;
    size += 4 + std::size_t{4} * (packet[size + 2] << 8 | packet[size + 3]);
  }
  return size <= packet.size() ? std::optional{size} : std::nullopt;
}

const Secret& checked(const Secret& key, SrtpSuite suite) {
  if (key.reveal().size() != srtp_key_size(suite)) throw std::invalid_argument{"an SRTP key of another size"};
  return key;
}

}  // namespace

void check_suites() {
  for (std::size_t i = 0; i < srtp_suites; ++i) {
    const auto suite = static_cast<SrtpSuite>(i);
    Context{Context::Direction::seal, suite, Secret{std::string(srtp_key_size(suite), 'k')}};
  }
}

Context::Context(Direction direction, SrtpSuite suite, const Secret& key)
    : rtp_(direction, suite, false, checked(key, suite)), rtcp_(direction, suite, true, key) {}

Context::Source* Context::find(std::uint32_t id) {
  if (last_ < sources_.size() && sources_[last_].id == id) return &sources_[last_];
  for (std::size_t i = 0; i < sources_.size(); ++i)
    if (sources_[i].id == id) return &sources_[last_ = i];
  if (sources_.size() >= most_sources) return nullptr;
  newcomer_ = {};
  newcomer_.id = id;
  return &newcomer_;
}

void Context::keep(const Source* source) {
  if (source != &newcomer_) return;
  last_ = sources_.size();
  sources_.push_back(newcomer_);
}

std::optional<std::size_t> Context::seal(bool rtcp, std::span<std::uint8_t> room, std::size_t size) {
  if (room.size() < size + most_added) return std::nullopt;
  return rtcp ? seal_rtcp(room, size) : seal_rtp(room, size);
}

std::optional<std::size_t> Context::seal_rtp(std::span<std::uint8_t> room, std::size_t size) {
  const auto packet = room.first(size);
  const auto header = header_of(packet);
  Source* const source = header ? find(read(packet, 8)) : nullptr;
  const auto index = source ? source->rtp.guess(sequence_of(packet)) : std::nullopt;
  if (!index || !source->rtp.is_new(*index)) return std::nullopt;
  if (!rtp_.seal(source->id, *index, packet.first(*header), packet.subspan(*header), rollovers(*index), &room[size]))
    return std::nullopt;
  source->rtp.use(*index);
  keep(source);
  return size + rtp_.tag_size();
}

// RFC 3711 §3.4: the word with the index stands before the tag; RFC 7714 §9.2: behind it.
std::optional<std::size_t> Context::seal_rtcp(std::span<std::uint8_t> room, std::size_t size) {
  const auto packet = room.first(size);
  Source* const source = size >= rtcp_header ? find(read(packet, 4)) : nullptr;
  if (!source || source->reports >= encrypted) return std::nullopt;
  const auto index = source->reports;
  const auto behind = word(encrypted | index);
  const auto tag = rtcp_.tag_size();
  const auto at = rtcp_.is_aead() ? size + tag : size;
  std::uint8_t* const tag_at = &room[rtcp_.is_aead() ? size : size + word_size];
  if (!rtcp_.seal(source->id, index, packet.first(rtcp_header), packet.subspan(rtcp_header), behind, tag_at))
    return std::nullopt;
  std::copy(behind.begin(), behind.end(), room.begin() + static_cast<std::ptrdiff_t>(at));
  ++source->reports;
  keep(source);
  return size + tag + word_size;
}

std::optional<std::size_t> Context::open(bool rtcp, std::span<std::uint8_t> packet) {
  return rtcp ? open_rtcp(packet) : open_rtp(packet);
}

bool Context::opens(std::uint32_t source, std::uint64_t index, std::span<std::uint8_t> packet, std::size_t header) {
  const auto size = packet.size() - rtp_.tag_size();
  return rtp_.open(source, index, packet.first(header), packet.subspan(header, size - header), rollovers(index),
                   &packet[size]);
}

std::optional<std::size_t> Context::open_rtp(std::span<std::uint8_t> packet) {
  const auto header = header_of(packet);
  if (!header || packet.size() < *header + rtp_.tag_size()) return std::nullopt;
  Source* const source = find(read(packet, 8));
  auto index = source ? source->rtp.guess(sequence_of(packet)) : std::nullopt;
  if (!index || !source->rtp.is_new(*index)) return std::nullopt;
  std::array<std::uint8_t, most_bytes> copy;
  const bool first = sources_.empty() && packet.size() <= copy.size();
  if (first) std::copy(packet.begin(), packet.end(), copy.begin());
  if (!opens(source->id, *index, packet, *header)) {
    if (!first) return std::nullopt;
    std::copy_n(copy.begin(), packet.size(), packet.begin());
    index = join(source->id, sequence_of(packet), packet, *header);
    if (!index) return std::nullopt;
  }
  source->rtp.use(*index);
  keep(source);
  return packet.size() - rtp_.tag_size();
}

std::optional<std::uint64_t> Context::join(std::uint32_t source, std::uint16_t sequence, std::span<std::uint8_t> packet,
                                           std::size_t header) {
  rollovers_ = rollovers_ % most_rollovers + 1;
  const auto index = std::uint64_t{rollovers_} << 16 | sequence;
  return opens(source, index, packet, header) ? std::optional{index} : std::nullopt;
}

std::optional<std::size_t> Context::open_rtcp(std::span<std::uint8_t> packet) {
  const auto tag = rtcp_.tag_size();
  if (packet.size() < rtcp_header + tag + word_size) return std::nullopt;
  const auto size = packet.size() - tag - word_size;
  const auto at = rtcp_.is_aead() ? size + tag : size;
  const auto said = read(packet, at);
  // A packet that is only authenticated says so by its first bit; we never take one.
  if ((said & encrypted) == 0) return std::nullopt;
  const auto index = said & ~encrypted;
  Source* const source = find(read(packet, 4));
  if (!source || !source->rtcp.is_new(index)) return std::nullopt;
  if (!rtcp_.open(source->id, index, packet.first(rtcp_header), packet.subspan(rtcp_header, size - rtcp_header),
                  word(said), &packet[rtcp_.is_aead() ? size : size + word_size]))
    return std::nullopt;
  source->rtcp.use(index);
  keep(source);
  return size;
}

}  // namespace roamdesk::srtp
