#include "common/tunnel/session.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

#include "common/tunnel/enrolment.hpp"
#include "common/tunnel/wire.hpp"

namespace roamdesk::tunnel {
namespace {

// How many reliable frames are taken in before they are acknowledged; pings acknowledge as well.
constexpr std::uint32_t acknowledge_every = 16;
// An SBC may ask for a new epoch so often; more would run the epochs out.
constexpr auto epoch_at_least = std::chrono::seconds{10};

}  // namespace

Session::Session(Side side, Self self, SessionSettings settings)
    : side_(side), self_(std::move(self)), settings_(settings), outbox_(settings.limits) {}

void Session::enter(State state) { state_ = state; }

void Session::handle_connected(const MediaSecret& secret, const Fresh& fresh, TimePoint now) {
  secret_ = secret;
  fresh_ = fresh;
  input_.clear();
  heard_ = pinged_ = now;
  ping_open_ = false;
  rtt_ = {};
  unacknowledged_ = 0;
  expires_.reset();
  outbox_.disconnected();
  enter(State::greeting);
  if (side_ == Side::sbc) {
    Hello hello;
    hello.software = self_.software;
    hello.name = self_.name;
    hello.instance = self_.instance;
    hello.prefers_aes = self_.prefers_aes;
    hello.lans = self_.lans;
    if (resumable_) {
      hello.core = peer_instance_;
      hello.session = session_;
      hello.received = received_;
    }
    hello_ = hello;
    outbox_.push(hello, now);
  }
  assert(consistent());
}

void Session::handle_closed(TimePoint now) {
  if (state_ == State::idle) return;
  const bool was_over = state_ == State::ended;
  enter(State::idle);
  outbox_.disconnected();
  input_.clear();
  if (!was_over) events_.push_back(Ended{Reason::lost, std::string{explain(Reason::lost)}, false});
  if (side_ == Side::core && announced_) {
    if (resumable_) {
      expires_ = now + settings_.resume_within;
    } else {
      forget();
      events_.push_back(Expired{});
    }
  }
  assert(consistent());
}

void Session::handle_bytes(crypto::ByteView bytes, TimePoint now) {
  if (state_ != State::greeting && state_ != State::established) return;
  if (!bytes.empty()) heard_ = now;
  input_.insert(input_.end(), bytes.begin(), bytes.end());
  std::size_t used = 0;
  while (state_ == State::greeting || state_ == State::established) {
    const auto rest = crypto::ByteView{input_}.subspan(used);
    if (rest.size() < 4) break;
    const auto length = load<std::uint32_t>(rest.data());
    if (length == 0 || length > max_frame) {
      fail(Reason::protocol_error, std::string{describe(FrameError::too_long)}, now);
      break;
    }
    if (rest.size() - 4 < length) break;
    auto frame = parse_frame(rest.subspan(4, length));
    used += 4 + length;
    if (!frame) {
      fail(Reason::protocol_error, std::string{describe(frame.error())}, now);
      break;
    }
    on_frame(std::move(*frame), now);
  }
  input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(used));
  assert(consistent());
}

void Session::on_frame(Frame&& frame, TimePoint now) {
  if (!may_send(side_ == Side::sbc ? Side::core : Side::sbc, frame)) {
    return fail(Reason::protocol_error, std::string{"the other end may not send "} + std::string{name_of(frame)}, now);
  }
  if (auto* goodbye = std::get_if<Goodbye>(&frame)) {
    // Who says goodbye doesn't come back to this session; only "busy" is said to a stranger.
    if (goodbye->reason != Reason::busy) resumable_ = false;
    return end(goodbye->reason, std::move(goodbye->text), true);
  }
  if (state_ == State::greeting) {
    if (auto* hello = std::get_if<Hello>(&frame)) return on_hello(std::move(*hello), now);
    if (auto* welcome = std::get_if<Welcome>(&frame)) return on_welcome(std::move(*welcome), now);
    return fail(Reason::protocol_error, std::string{name_of(frame)} + " before the greeting", now);
  }
  if (std::holds_alternative<Hello>(frame) || std::holds_alternative<Welcome>(frame) ||
      std::holds_alternative<Enrol>(frame)) {
    return fail(Reason::protocol_error, std::string{name_of(frame)} + " after the greeting", now);
  }
  if (class_of(frame) == FrameClass::signalling) {
    ++received_;
    if (++unacknowledged_ >= acknowledge_every) {
      unacknowledged_ = 0;
      outbox_.push(Ack{received_}, now);
    }
  }
  if (const auto* ping = std::get_if<Ping>(&frame)) {
    acknowledge(ping->received, now);
    unacknowledged_ = 0;
    if (!outbox_.push(Pong{ping->token, received_}, now)) {
      fail(Reason::overload, std::string{explain(Reason::overload)}, now);
    }
  } else if (const auto* pong = std::get_if<Pong>(&frame)) {
    acknowledge(pong->received, now);
    if (ping_open_ && pong->token == ping_token_) {
      ping_open_ = false;
      rtt_ = now - ping_sent_;
    }
  } else if (const auto* ack = std::get_if<Ack>(&frame)) {
    acknowledge(ack->received, now);
  } else if (const auto* next = std::get_if<NextEpoch>(&frame)) {
    if (next->epoch != epoch_ + 1) return fail(Reason::protocol_error, "an epoch out of order", now);
    install(next->epoch, false, now);
  } else if (std::holds_alternative<WantEpoch>(frame)) {
    if (now - epoch_since_ >= epoch_at_least) want_epoch(now);
  } else {
    events_.push_back(Received{std::move(frame)});
  }
}

void Session::acknowledge(std::uint64_t received, TimePoint now) {
  if (!outbox_.acknowledged(received)) fail(Reason::protocol_error, "an acknowledgement of what was never sent", now);
}

void Session::on_hello(Hello&& hello, TimePoint now) {
  if (hello.protocol != protocol_version) {
    return fail(Reason::version, std::string{explain(Reason::version)}, now);
  }
  if (hello.name != self_.name) {
    return fail(Reason::wrong_name, "the hello's name isn't the certificate's", now);
  }
  const bool resumed = resumable_ && hello.session == session_ && hello.core == self_.instance &&
                       hello.instance == peer_instance_ && epoch_ != std::numeric_limits<std::uint16_t>::max() &&
                       outbox_.acknowledged(hello.received);
  if (resumed) {
    ++epoch_;
  } else {
    outbox_.clear();
    received_ = 0;
    session_ = fresh_.session;
    media_session_ = fresh_.media_session;
    epoch_ = 0;
    cipher_ = hello.prefers_aes && self_.prefers_aes ? crypto::Cipher::aes_128_gcm : crypto::Cipher::chacha20_poly1305;
    peer_instance_ = hello.instance;
    resumable_ = true;
  }
  hello_ = hello;
  Welcome welcome;
  welcome.software = self_.software;
  welcome.core = self_.instance;
  welcome.session = session_;
  welcome.resumed = resumed;
  welcome.received = received_;
  welcome.media_session = media_session_;
  welcome.epoch = epoch_;
  welcome.cipher = cipher_;
  welcome.wall_ms = fresh_.wall_ms;
  outbox_.push(welcome, now);
  outbox_.hold(false);
  enter(State::established);
  // The keys come before the event: who hears of the connection may use it at once.
  install(epoch_, !resumed, now);
  announced_ = true;
  events_.push_back(Established{std::move(hello), std::move(welcome)});
  send_ping(now);
}

void Session::on_welcome(Welcome&& welcome, TimePoint now) {
  if (welcome.protocol != protocol_version) {
    return fail(Reason::version, std::string{explain(Reason::version)}, now);
  }
  if (welcome.resumed) {
    if (!resumable_ || welcome.session != session_ || welcome.core != peer_instance_ ||
        welcome.media_session != media_session_ || welcome.cipher != cipher_ ||
        !outbox_.acknowledged(welcome.received)) {
      resumable_ = false;
      return fail(Reason::protocol_error, "a resumption that doesn't fit", now);
    }
  } else {
    outbox_.clear();
    received_ = 0;
    session_ = welcome.session;
    peer_instance_ = welcome.core;
    media_session_ = welcome.media_session;
    cipher_ = welcome.cipher;
    resumable_ = true;
  }
  outbox_.hold(false);
  enter(State::established);
  install(welcome.epoch, !welcome.resumed, now);
  announced_ = true;
  events_.push_back(Established{hello_, std::move(welcome)});
  send_ping(now);
}

void Session::install(std::uint16_t epoch, bool first, TimePoint now) {
  epoch_ = epoch;
  epoch_since_ = now;
  events_.push_back(Keys{media_session_, epoch_, cipher_, derive_keys(secret_, media_session_, epoch_), first});
}

void Session::want_epoch(TimePoint now) {
  if (state_ != State::established) return;
  if (side_ == Side::sbc) {
    outbox_.push(WantEpoch{}, now);
  } else if (epoch_ != std::numeric_limits<std::uint16_t>::max()) {
    outbox_.push(NextEpoch{static_cast<std::uint16_t>(epoch_ + 1)}, now);
    install(static_cast<std::uint16_t>(epoch_ + 1), false, now);
  }
}

void Session::send_ping(TimePoint now) {
  pinged_ = now;
  if (!ping_open_) {  // an older one that is still out keeps its time
    ping_open_ = true;
    ++ping_token_;
    ping_sent_ = now;
  }
  unacknowledged_ = 0;
  outbox_.push(Ping{ping_token_, received_}, now);
}

void Session::handle_timeout(TimePoint now) {
  if (state_ == State::greeting || state_ == State::established) {
    if (now - heard_ >= longest_silence()) {
      end(Reason::silent, std::string{explain(Reason::silent)}, false);
    } else if (state_ == State::established) {
      if (now - pinged_ >= settings_.ping_after) send_ping(now);
      if (side_ == Side::core && now - epoch_since_ >= settings_.rekey_after) want_epoch(now);
    }
  }
  if (expires_ && now >= *expires_) {
    forget();
    events_.push_back(Expired{});
  }
  assert(consistent());
}

std::optional<TimePoint> Session::deadline() const {
  std::optional<TimePoint> next = expires_;
  const auto earlier = [&next](TimePoint at) {
    if (!next || at < *next) next = at;
  };
  if (state_ == State::greeting || state_ == State::established) earlier(heard_ + longest_silence());
  if (state_ == State::established) {
    earlier(pinged_ + settings_.ping_after);
    if (side_ == Side::core && epoch_ != std::numeric_limits<std::uint16_t>::max()) {
      earlier(epoch_since_ + settings_.rekey_after);
    }
  }
  return next;
}

bool Session::send(Frame frame, TimePoint now) {
  if (!may_send(side_, frame) || !fits(frame)) return false;
  const bool reliable = class_of(frame) == FrameClass::signalling;
  if (state_ != State::established && !(reliable && resumable_ && state_ != State::ended)) return false;
  if (outbox_.push(frame, now)) return true;
  if (reliable) {
    // A hole in the signalling can't be mended: both sides start again.
    resumable_ = false;
    if (state_ == State::idle) {
      forget();
      events_.push_back(Expired{});
    } else {
      fail(Reason::overload, std::string{explain(Reason::overload)}, now);
    }
  }
  return false;
}

void Session::close(Reason reason, std::string text, TimePoint now) {
  if (state_ == State::greeting || state_ == State::established) fail(reason, std::move(text), now);
}

void Session::abandon() {
  resumable_ = false;
  if (state_ == State::idle && announced_) {
    forget();
    events_.push_back(Expired{});
  }
}

void Session::forget() {
  resumable_ = announced_ = false;
  expires_.reset();
  outbox_.clear();
  received_ = 0;
}

void Session::fail(Reason reason, std::string text, TimePoint now) {
  text.resize(std::min(text.size(), std::size_t{500}));
  outbox_.push(Goodbye{reason, text}, now);
  end(reason, std::move(text), false);
}

void Session::end(Reason reason, std::string text, bool by_peer) {
  if (reason == Reason::overload || reason == Reason::revoked || reason == Reason::protocol_error) resumable_ = false;
  enter(State::ended);
  outbox_.hold(true);  // after the goodbye nothing follows
  events_.push_back(Ended{reason, std::move(text), by_peer});
}

crypto::ByteView Session::transmit(TimePoint now) {
  if (state_ == State::idle) return {};
  return outbox_.front(now);
}

void Session::consumed(std::size_t count) { outbox_.consumed(count); }

std::optional<SessionEvent> Session::poll_event() {
  if (events_.empty()) return std::nullopt;
  auto event = std::move(events_.front());
  events_.pop_front();
  return event;
}

bool Session::consistent() const {
  const bool established_is_resumable = state_ != State::established || resumable_;
  const bool expiry_only_when_away = !expires_ || (state_ == State::idle && side_ == Side::core && resumable_);
  return outbox_.consistent() && established_is_resumable && expiry_only_when_away;
}

}  // namespace roamdesk::tunnel
