#include "common/tunnel/media_path.hpp"

#include <algorithm>

#include "common/crypto/hash.hpp"
#include "common/tunnel/wire.hpp"

namespace roamdesk::tunnel {
namespace {

enum Kind : std::uint8_t { probe_kind = 1, reply_kind = 2, challenge_kind = 3, answer_kind = 4 };

}  // namespace

void MediaPath::push(Endpoint to, std::uint8_t kind, std::uint64_t value, bool wide) {
  if (out_count_ == out_.size()) return;  // the next probe makes up for it
  auto& record = out_[(out_first_ + out_count_++) % out_.size()];
  record.to = to;
  record.bytes[0] = kind;
  if (wide) {
    store(record.bytes.data() + 1, value);
  } else {
    store(record.bytes.data() + 1, static_cast<std::uint32_t>(value));
  }
  record.size = wide ? 9 : 5;
}

std::optional<MediaPath::Record> MediaPath::poll_record() {
  if (out_count_ == 0) return std::nullopt;
  const auto record = out_[out_first_];
  out_first_ = (out_first_ + 1) % out_.size();
  --out_count_;
  return record;
}

std::uint64_t MediaPath::draw() {
  std::array<std::uint8_t, 8> number;
  store(number.data(), ++drawn_);
  return load<std::uint64_t>(crypto::hmac_sha256(secret_, number).data());
}

void MediaPath::set_peer(Endpoint peer, TimePoint now) {
  if (peer_ && *peer_ != peer) {
    ++moves_;
    alive_ = false;  // nothing is known of the way to another address
    was_alive_ = false;
    replies_ = 0;
  }
  peer_ = peer;
  probe(now);
}

void MediaPath::handle_authentic(Endpoint from, TimePoint now) {
  if (side_ == Side::core && from != peer_) challenge(from, now);
}

void MediaPath::challenge(Endpoint from, TimePoint now) {
  Candidate* chosen = nullptr;
  for (auto& candidate : candidates_) {
    if (candidate.used && candidate.address == from) chosen = &candidate;
  }
  if (chosen != nullptr && now - chosen->since < settings_.candidate_for) {
    if (now - chosen->challenged < settings_.challenge_again) return;
  } else {
    if (chosen == nullptr) {
      // The one that has gone unchallenged longest gives way.
      chosen = &*std::min_element(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
        return a.used != b.used ? b.used : a.since < b.since;
      });
    }
    *chosen = Candidate{from, draw(), now, now, true};
  }
  chosen->challenged = now;
  push(from, challenge_kind, chosen->token, true);
}

void MediaPath::handle_answer(std::uint64_t token, Endpoint from, TimePoint now) {
  for (auto& candidate : candidates_) {
    if (!candidate.used || candidate.address != from || candidate.token != token ||
        now - candidate.since >= settings_.candidate_for) {
      continue;
    }
    if (peer_) ++moves_;
    peer_ = from;
    candidates_ = {};
    probe(now);
    return;
  }
}

void MediaPath::handle_record(std::span<const std::uint8_t> record, Endpoint from, TimePoint now) {
  if (record.empty()) return;
  const auto kind = record[0];
  const auto body = record.subspan(1);
  if (kind == probe_kind && body.size() == 4) {
    // Only where the peer is known to be: a host that relays a probe gets nothing for it.
    if (from == peer_) push(from, reply_kind, load<std::uint32_t>(body.data()), false);
  } else if (kind == reply_kind && body.size() == 4) {
    if (from == peer_) handle_reply(load<std::uint32_t>(body.data()), now);
  } else if (kind == challenge_kind && body.size() == 8 && side_ == Side::sbc) {
    if (from != peer_) return;
    push(from, answer_kind, load<std::uint64_t>(body.data()), true);
    // Behind the answer, so that the core knows where to reply: UDP is in use one round trip earlier.
    if (!alive_) probe(now);
  } else if (kind == answer_kind && body.size() == 8 && side_ == Side::core) {
    handle_answer(load<std::uint64_t>(body.data()), from, now);
  }
}

void MediaPath::handle_reply(std::uint32_t number, TimePoint now) {
  const auto age = probe_number_ - number;
  if (age >= probe_sent_.size() || number <= answered_) return;
  const auto rtt = now - probe_sent_[number % probe_sent_.size()];
  if (rtt > settings_.alive_for) return;  // says nothing about now
  if (rtt_ != Duration{}) jitter_ = (jitter_ * 3 + (rtt > rtt_ ? rtt - rtt_ : rtt_ - rtt)) / 4;
  rtt_ = rtt_ == Duration{} ? rtt : (rtt_ * 7 + rtt) / 8;
  replies_ = number == answered_ + 1 ? replies_ + 1 : 1;
  answered_ = number;
  alive_until_ = now + settings_.alive_for;
  if (!alive_ && (!was_alive_ || replies_ >= settings_.replies_to_return)) alive_ = was_alive_ = true;
}

void MediaPath::probe(TimePoint now) {
  ++probe_number_;
  probe_sent_[probe_number_ % probe_sent_.size()] = now;
  push(*peer_, probe_kind, probe_number_, false);
  next_probe_ = now + settings_.probe_every;
}

void MediaPath::handle_timeout(TimePoint now) {
  if (alive_ && now >= alive_until_) {
    alive_ = false;
    replies_ = 0;
  }
  if (peer_ && next_probe_ && now >= *next_probe_) probe(now);
}

}  // namespace roamdesk::tunnel
