#include "common/http/content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace roamdesk::http {
namespace {

std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

Ranged range_of(std::string_view field, std::uint64_t bytes, Range& range) {
  constexpr std::string_view unit = "bytes=";
  if (!field.starts_with(unit)) return Ranged::whole;
  field.remove_prefix(unit.size());
  const auto dash = field.find('-');
  if (dash == std::string_view::npos || field.find(',') != std::string_view::npos) return Ranged::whole;
  const auto first = field.substr(0, dash), last = field.substr(dash + 1);
  if (first.empty()) {
    const auto length = number_of(last);
    if (!length) return Ranged::whole;
    if (*length == 0 || bytes == 0) return Ranged::unsatisfiable;
    range.bytes = std::min(*length, bytes);
    range.first = bytes - range.bytes;
    return Ranged::part;
  }
  const auto from = number_of(first);
  const auto to = last.empty() ? std::optional{UINT64_MAX} : number_of(last);
  if (!from || !to || *to < *from) return Ranged::whole;
  if (*from >= bytes) return Ranged::unsatisfiable;
  range.first = *from;
  range.bytes = std::min(*to, bytes - 1) - *from + 1;
  return Ranged::part;
}

Response content_response(std::shared_ptr<BodySource> source, std::uint64_t bytes, std::string type,
                          std::optional<std::string_view> range, std::shared_ptr<void> ticket) {
  Response response;
  Range part{0, bytes};
  switch (range ? range_of(*range, bytes, part) : Ranged::whole) {
    case Ranged::unsatisfiable:
      response.status = 416;
      response.fields.push_back({"Content-Range", fmt::format("bytes */{}", bytes)});
      return response;
    case Ranged::part:
      response.status = 206;
      response.fields.push_back(
          {"Content-Range", fmt::format("bytes {}-{}/{}", part.first, part.first + part.bytes - 1, bytes)});
      break;
    case Ranged::whole:
      part = {0, bytes};
      break;
  }
  response.fields.push_back({"Content-Type", std::move(type)});
  response.fields.push_back({"Accept-Ranges", "bytes"});
  response.long_body = LongBody{std::move(source), part.first, part.bytes, std::move(ticket)};
  return response;
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace roamdesk::http
