#include "sbc/branch_streams.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::sbc {
namespace {

media::StreamId id_of(std::uint32_t stream) { return media::StreamId{stream}; }

media::SetRemote to_order(const tunnel::StreamRemote& frame) {
  media::SetRemote order;
  order.stream = id_of(frame.stream);
  order.rtp = frame.rtp;
  order.signalling = frame.signalling;
  order.codec = static_cast<media::Codec>(frame.codec);
  order.codec_payload = frame.codec_payload;
  if (frame.event_payload != 255) order.event_payload = frame.event_payload;
  order.send = (frame.flags & frame.send) != 0;
  order.at_once = (frame.flags & frame.at_once) != 0;
  return order;
}

bool has_its_keys(const tunnel::StreamSealed& frame) {
  const auto size = srtp_key_size(frame.suite);
  return frame.ours.reveal().size() == size && frame.theirs.reveal().size() == size;
}

}  // namespace

bool BranchStreams::is_ours(const Endpoint& local) const {
  return std::any_of(lans_.begin(), lans_.end(), [&](const LanConfig& lan) {
    return lan.address == local.address && local.port >= lan.rtp.first && local.port < lan.rtp.last &&
           local.port % 2 == 0;
  });
}

BranchStreams::Outcome BranchStreams::handle(const tunnel::Frame& frame) {
  if (const auto* open = std::get_if<tunnel::StreamOpen>(&frame)) {
    if (const auto known = open_.find(open->stream); known != open_.end() && known->second == open->local) {
      doubted_.erase(open->stream);
      return {};  // told again: it is there
    }
    auto orders = make_room(*open);
    if (!is_ours(open->local) || open_.size() >= most || open_.contains(open->stream)) {
      tunnel::StreamFailed failed;
      failed.stream = open->stream;
      failed.why = open_.size() >= most           ? "too many streams"
                   : open_.contains(open->stream) ? "it is open at another port"
                                                  : "not an address and even port of this SBC's lan.rtp";
      return {std::move(orders), failed};
    }
    open_.emplace(open->stream, open->local);
    orders.push_back(media::OpenStream{id_of(open->stream), local_site(), open->local});
    return {std::move(orders)};
  }
  if (const auto* remote = std::get_if<tunnel::StreamRemote>(&frame)) {
    if (!open_.contains(remote->stream)) return {};
    return {{to_order(*remote)}};
  }
  if (const auto* sealed = std::get_if<tunnel::StreamSealed>(&frame)) {
    const auto stream = sealed->remote.stream;
    if (!open_.contains(stream)) return {};
    if (!has_its_keys(*sealed)) {  // never left open for want of keys
      open_.erase(stream);
      doubted_.erase(stream);
      tunnel::StreamFailed failed;
      failed.stream = stream;
      failed.why = "SRTP keys of another size than their suite's";
      return {{media::CloseStream{id_of(stream)}}, failed};
    }
    auto order = to_order(sealed->remote);
    order.srtp = media::Sealing{sealed->suite, sealed->ours, sealed->theirs};
    return {{std::move(order)}};
  }
  if (const auto* connect = std::get_if<tunnel::StreamConnect>(&frame)) {
    if (!open_.contains(connect->a) || !open_.contains(connect->b)) return {};
    return {{media::Connect{id_of(connect->a), id_of(connect->b)}}};
  }
  if (const auto* disconnect = std::get_if<tunnel::StreamDisconnect>(&frame)) {
    if (!open_.contains(disconnect->stream)) return {};
    return {{media::Disconnect{id_of(disconnect->stream)}}};
  }
  if (const auto* close = std::get_if<tunnel::StreamClose>(&frame)) {
    if (open_.erase(close->stream) == 0) return {};
    doubted_.erase(close->stream);
    return {{media::CloseStream{id_of(close->stream)}}};
  }
  return {};
}

std::optional<tunnel::Frame> BranchStreams::report(const media::Event& event) {
  if (const auto* failed = std::get_if<media::StreamFailed>(&event)) {
    open_.erase(failed->stream.value());
    doubted_.erase(failed->stream.value());
    tunnel::StreamFailed frame;
    frame.stream = failed->stream.value();
    frame.why = failed->why.substr(0, 200);
    return frame;
  }
  if (const auto* quality = std::get_if<media::StreamQuality>(&event)) {
    tunnel::StreamQuality frame;
    frame.stream = quality->stream.value();
    frame.closed = true;
    frame.received = quality->received;
    frame.lost = quality->lost;
    frame.dropped = quality->dropped;
    frame.jitter_us = static_cast<std::uint32_t>(std::clamp(quality->jitter_ms, 0.0, 1e6) * 1000);
    return frame;
  }
  return std::nullopt;  // digits and prompts are the core's: nothing is played or collected here
}

std::vector<media::Order> BranchStreams::clear() {
  std::vector<media::Order> orders;
  for (const auto& [id, local] : open_) orders.push_back(media::CloseStream{id_of(id)});
  open_.clear();
  doubted_.clear();
  return orders;
}

void BranchStreams::doubt_all() {
  for (const auto& [id, local] : open_) doubted_.insert(id);
}

std::vector<media::Order> BranchStreams::close_doubted() {
  std::vector<media::Order> orders;
  for (const auto id : std::exchange(doubted_, {})) {
    orders.push_back(media::CloseStream{id_of(id)});
    open_.erase(id);
  }
  return orders;
}

// The core has given a doubted one's port to another call: so that one is over.
std::vector<media::Order> BranchStreams::make_room(const tunnel::StreamOpen& open) {
  for (const auto id : doubted_)
    if (open_.at(id) == open.local) {
      open_.erase(id);
      doubted_.erase(id);
      return {media::CloseStream{id_of(id)}};
    }
  return {};
}

}  // namespace roamdesk::sbc
