#pragma once
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/names/records.hpp"

namespace roamdesk::names {

// A DNS message, field by field (RFC 1035 §4).
struct Wire {
  std::vector<std::uint8_t> bytes;

  Wire& u8(unsigned value) {
    bytes.push_back(static_cast<std::uint8_t>(value));
    return *this;
  }
  Wire& u16(unsigned value) { return u8(value >> 8).u8(value & 0xff); }
  Wire& u32(std::uint32_t value) { return u16(value >> 16).u16(value & 0xffff); }
  Wire& text(std::string_view value) {
    u8(static_cast<unsigned>(value.size()));
    bytes.insert(bytes.end(), value.begin(), value.end());
    return *this;
  }
  Wire& name(std::string_view value) {
    while (!value.empty()) {
      const std::size_t end = std::min(value.find('.'), value.size());
      text(value.substr(0, end));
      value.remove_prefix(std::min(end + 1, value.size()));
    }
    return u8(0);
  }
  Wire& head(const Question& question, unsigned answers, unsigned code = 0) {
    u16(7).u16(0x8180 | code).u16(1).u16(answers).u16(0).u16(0);
    return name(question.name).u16(static_cast<unsigned>(question.type)).u16(1);
  }
  Wire& record(std::string_view owner, unsigned type, std::uint32_t ttl, const Wire& data) {
    name(owner).u16(type).u16(1).u32(ttl).u16(static_cast<unsigned>(data.bytes.size()));
    bytes.insert(bytes.end(), data.bytes.begin(), data.bytes.end());
    return *this;
  }
};

}  // namespace roamdesk::names
