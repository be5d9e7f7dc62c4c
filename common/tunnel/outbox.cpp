#include "common/tunnel/outbox.hpp"

#include <cassert>

namespace roamdesk::tunnel {
namespace {

// Pings, acknowledgements and reports: a peer that lets these pile up isn't reading at all.
constexpr std::size_t most_connection_frames = 256;

}  // namespace

std::optional<Outbox::Perishable> Outbox::perishable(const Frame& frame) const {
  const auto* sip = std::get_if<Sip>(&frame);
  if (!sip || sip->message.starts_with("SIP/")) return std::nullopt;
  for (const auto* ends_something : {"BYE ", "CANCEL ", "ACK "})
    if (sip->message.starts_with(ends_something)) return std::nullopt;
  return Perishable{sip->message.starts_with("INVITE ") ? limits_.invite_age : limits_.request_age, sip->flow};
}

bool Outbox::has_room(FrameClass cls) const {
  switch (cls) {
    case FrameClass::connection:
      return connection_.size() < most_connection_frames;
    case FrameClass::signalling:
      return signalling_bytes_ < limits_.signalling_bytes;
    case FrameClass::media:
      return true;
    case FrameClass::bulk:
      return bulk_bytes_ < limits_.bulk_bytes;
  }
  return false;
}

bool Outbox::push(const Frame& frame, TimePoint now) {
  const auto cls = class_of(frame);
  if (!has_room(cls)) return false;
  Queued queued{{}, now};
  append_frame(frame, queued.bytes);
  const auto size = queued.bytes.size();
  switch (cls) {
    case FrameClass::connection:
      connection_.push_back(std::move(queued));
      break;
    case FrameClass::signalling:
      queued.perishable = perishable(frame);
      signalling_.push_back(std::move(queued));
      signalling_bytes_ += size;
      break;
    case FrameClass::media:
      media_.push_back(std::move(queued));
      media_bytes_ += size;
      while (media_bytes_ > limits_.media_bytes) drop_oldest_media();
      break;
    case FrameClass::bulk:
      bulk_.push_back(std::move(queued));
      bulk_bytes_ += size;
      break;
  }
  return true;
}

void Outbox::drop_oldest_media() {
  media_bytes_ -= media_.front().bytes.size();
  media_.pop_front();
  ++media_dropped_;
}

crypto::ByteView Outbox::front(TimePoint now) {
  if (offset_ == current_.size()) {
    current_.clear();
    offset_ = 0;
    // Audio that is late is worth nothing, and would make what follows it late as well.
    while (!media_.empty() && now - media_.front().at > limits_.media_age) drop_oldest_media();
    if (!connection_.empty()) {
      current_ = std::move(connection_.front().bytes);
      connection_.pop_front();
    } else if (!held_ && sent_ < signalling_.size()) {
      const Queued& next = signalling_[sent_++];
      if (next.perishable && now - next.at > next.perishable->good_for)
        append_frame(Sip{next.perishable->flow, {}}, current_);
      else
        current_ = next.bytes;  // a copy: kept until it is acknowledged
    } else if (!held_ && !media_.empty()) {
      current_ = std::move(media_.front().bytes);
      media_bytes_ -= current_.size();
      media_.pop_front();
    } else if (!held_ && !bulk_.empty()) {
      current_ = std::move(bulk_.front().bytes);
      bulk_bytes_ -= current_.size();
      bulk_.pop_front();
    }
  }
  return crypto::ByteView{current_}.subspan(offset_);
}

void Outbox::consumed(std::size_t count) {
  assert(count <= current_.size() - offset_);
  offset_ += count;
}

bool Outbox::acknowledged(std::uint64_t count) {
  if (count < acknowledged_ || count > queued_count()) return false;
  for (; acknowledged_ < count; ++acknowledged_) {
    signalling_bytes_ -= signalling_.front().bytes.size();
    signalling_.pop_front();
    if (sent_ > 0) --sent_;
  }
  return true;
}

void Outbox::disconnected() {
  connection_.clear();
  media_.clear();
  bulk_.clear();
  media_bytes_ = bulk_bytes_ = 0;
  sent_ = 0;
  current_.clear();
  offset_ = 0;
  held_ = true;
}

void Outbox::clear() {
  signalling_.clear();
  signalling_bytes_ = 0;
  sent_ = 0;
  acknowledged_ = 0;
}

bool Outbox::consistent() const {
  const auto sum = [](const Queue& queue) {
    std::size_t bytes = 0;
    for (const auto& queued : queue) bytes += queued.bytes.size();
    return bytes;
  };
  return sent_ <= signalling_.size() && offset_ <= current_.size() && signalling_bytes_ == sum(signalling_) &&
         media_bytes_ == sum(media_) && bulk_bytes_ == sum(bulk_) && media_bytes_ <= limits_.media_bytes;
}

}  // namespace roamdesk::tunnel
