#pragma once
#include <optional>

#include "common/base/endpoint.hpp"
#include "common/base/time.hpp"

namespace roamdesk::media {

// From whom a stream takes packets (design, Media): the address that the phone's SDP named, or the IP of its signalling
// with any port; the first one that comes is it, until new SDP or 2 s of silence. So nobody who guesses a port can
// push in, and a phone that sends from another port than it named is heard.
class Latch {
 public:
  static constexpr std::chrono::seconds silence{2};

  // `named`: port 0 for none yet.
  void set_remote(Endpoint named, Ipv4 signalling) {
    if (named != named_ || signalling != signalling_) latched_.reset();
    named_ = named;
    signalling_ = signalling;
  }
  bool accept(const Endpoint& source, TimePoint now) {
    if (latched_ && source == *latched_) {
      heard_ = now;
      return true;
    }
    if (latched_ && now - heard_ < silence) return false;
    if (source != named_ && source.address != signalling_) return false;
    latched_ = source;
    heard_ = now;
    return true;
  }
  // Where to send: whom we hear, else what was named.
  std::optional<Endpoint> target() const {
    if (latched_) return latched_;
    if (named_.port == 0 || named_.address.is_unspecified()) return std::nullopt;
    return named_;
  }
  bool latched() const { return latched_.has_value(); }

 private:
  Endpoint named_;
  Ipv4 signalling_;
  std::optional<Endpoint> latched_;
  TimePoint heard_{};
};

}  // namespace roamdesk::media
