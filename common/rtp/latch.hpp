#pragma once
#include <optional>

#include "common/base/endpoint.hpp"
#include "common/base/time.hpp"

namespace roamdesk::media {

// From whom a stream takes packets (architecture, Media), and where it sends to.
//
// Heard is the address that the phone's SDP named, or the IP of its signalling with any port; the first one that comes
// is it, until new SDP, 2 s of silence, or a packet of the named address itself. So an attacker who guesses a port
// can't push in, and a phone that sends from another port than it named is heard.
//
// Sent is to where the SDP says (RFC 3264 §5.1), wherever the phone sends from: many listen at one port and talk from
// another. Only where nothing can arrive there it goes back to whom we hear: the SDP names no address, or a private one
// and the signalling comes from another (NAT), or ICMP says for a second that nothing listens there. And an SDP may
// name any address: at another IP than the signalling's, nothing is sent to an address that hasn't been heard.
//
// A peer that an administrator named (`at_once`: a trunk) is believed: it is sent to where its SDP says before anything
// is heard, and heard from any port there. Not at this host, or at a group's address: no gateway has these.
class Latch {
 public:
  static constexpr std::chrono::seconds silence{2}, patience{1};

  // `named`: port 0 for none yet.
  void set_remote(Endpoint named, IpAddress signalling, bool at_once = false) {
    if (named != named_ || signalling != signalling_) {
      latched_.reset();
      refused_since_.reset();
      nobody_there_ = heard_there_ = false;
    }
    named_ = named;
    signalling_ = signalling;
    at_once_ = at_once && !named.address.is_group() && (!named.address.is_loopback() || signalling.is_loopback());
    aim();
  }
  bool accept(const Endpoint& source, TimePoint now) {
    if (source != latched_) {
      const bool taken = latched_ && source != named_ && now - heard_ < silence;
      if (taken || !may_speak(source)) return false;
      latch(source);
    }
    heard_ = now;
    return true;
  }
  // A packet that accept() refuses, but that goes on with the stream that is heard, which only a sender that knows this
  // stream can: the phone has another port now.
  bool follow(const Endpoint& source, TimePoint now) {
    if (!latched_ || !may_speak(source)) return false;
    latch(source);
    heard_ = now;
    return true;
  }
  // ICMP says that what was sent to `target` can't arrive. Once may be a phone that begins, or ends.
  void unreachable(const Endpoint& target, TimePoint now) {
    if (target != named_) return;
    if (!refused_since_ || now - refused_last_ > 5 * patience) refused_since_ = now;
    refused_last_ = now;
    if (now - *refused_since_ >= patience) nobody_there_ = true;
    aim();
  }
  std::optional<Endpoint> target() const { return target_; }

  // Nothing of another source is ever accepted or followed.
  bool may_speak(const Endpoint& source) const {
    return source == named_ || source.address == signalling_ || (at_once_ && source.address == named_.address);
  }

 private:
  void latch(const Endpoint& source) {
    latched_ = source;
    if (source == named_) {
      heard_there_ = true;
      refused_since_.reset();
      nobody_there_ = false;
    }
    aim();
  }
  void aim() {
    const bool usable = named_.port != 0 && !named_.address.is_unspecified() &&
                        (named_.address == signalling_ || heard_there_ || at_once_);
    const bool translated =
        latched_ && latched_->address != named_.address &&
        (named_.address.is_private() || (named_.address.is_loopback() && !signalling_.is_loopback()));
    target_ = usable ? std::optional{named_} : std::nullopt;
    if (latched_ && (!usable || translated || nobody_there_)) target_ = latched_;
  }

  Endpoint named_;
  IpAddress signalling_;
  std::optional<Endpoint> latched_, target_;
  TimePoint heard_{};
  std::optional<TimePoint> refused_since_;
  TimePoint refused_last_{};
  bool nobody_there_ = false, heard_there_ = false, at_once_ = false;  // at named_
};

}  // namespace roamdesk::media
