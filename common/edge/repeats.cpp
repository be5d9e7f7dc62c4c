#include "common/edge/repeats.hpp"

#include <functional>

namespace roamdesk::edge {
namespace {

std::uint64_t mixed(std::uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33);
}

std::uint64_t print_of(const Endpoint& endpoint, std::uint64_t before) {
  return mixed(mixed(mixed(before ^ endpoint.address.high()) ^ endpoint.address.low()) ^ endpoint.port);
}

std::uint64_t print_of(const net::FlowKey& key, std::string_view message) {
  return mixed(print_of(key.peer, print_of(key.face, 0)) ^ std::hash<std::string_view>{}(message));
}

}  // namespace

bool Repeats::heard(const net::FlowKey& key, std::string_view message, TimePoint now) {
  if (places_.empty()) places_.resize(settings_.places);
  asked_ = now;
  const std::uint64_t whole = print_of(key, message);
  const auto print = static_cast<std::uint32_t>(whole >> 32) | 1U;
  const std::size_t set = whole & (settings_.places - 1) & ~(ways - 1);
  const auto ms =
      static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
  Place* oldest = &places_[set];
  for (std::size_t i = set; i < set + ways; ++i) {
    Place& place = places_[i];
    if (place.print == print) {
      const std::chrono::milliseconds distance{ms - place.at};
      if (distance < settings_.nearest) return false;  // in a burst: its time stays
      place.at = ms;
      return distance <= settings_.farthest;
    }
    if (oldest->print != 0 && (place.print == 0 || ms - place.at > ms - oldest->at)) oldest = &place;
  }
  *oldest = {print, ms};
  return false;
}

}  // namespace roamdesk::edge
