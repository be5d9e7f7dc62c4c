#pragma once
#include <deque>
#include <optional>
#include <string>
#include <variant>

#include "common/base/time.hpp"
#include "common/tunnel/frame_codec.hpp"
#include "common/tunnel/media_keys.hpp"
#include "common/tunnel/outbox.hpp"

namespace roamdesk::tunnel {

struct SessionSettings {
  Duration ping_after = std::chrono::seconds{5};   // nothing received for so long: ask
  Duration dead_after = std::chrono::seconds{15};  // nothing received for so long: the connection is dead
  // The same ahead of the greeting's end: nothing is at stake yet, and the next connection may pass. TLS stands, so the
  // answer is due at once.
  Duration greeted_within = std::chrono::seconds{4};
  Duration resume_within = std::chrono::seconds{120};  // core: how long a session waits for its SBC
  Duration rekey_after = std::chrono::hours{1};        // core: a media epoch's life
  Outbox::Limits limits;
};

// What the session tells its owner, in order.
struct Established {  // hello and welcome have passed
  Hello hello;        // the SBC's (at the core: as received)
  Welcome welcome;
};
struct Keys {  // media keys to put in force; `first`: of a new media session
  std::uint32_t media_session = 0;
  std::uint16_t epoch = 0;
  crypto::Cipher cipher = crypto::Cipher::aes_128_gcm;
  EpochKeys keys;
  bool first = false;
};
struct Received {  // a frame for the layer above
  Frame frame;
};
struct Ended {  // the connection is finished: close it after what poll_transmit still has
  Reason reason = Reason::shutting_down;
  std::string text;
  bool by_peer = false;
};
struct Expired {};  // core: the session can't be resumed any more
using SessionEvent = std::variant<Established, Keys, Received, Ended, Expired>;

// One end of the tunnel, sans-IO. It outlives its connections: reliable frames (signalling) that the other end hasn't
// acknowledged are sent again after a resumption, each is delivered once and in order. Bytes and the time go in; bytes
// come out of transmit(), everything else out of poll_event().
class Session {
 public:
  // What an end says of itself.
  struct Self {
    std::string name;  // SBC: its own; core: the name in the SBC's certificate
    std::string software;
    InstanceId instance;
    bool prefers_aes = true;
    std::vector<Lan> lans;  // SBC only
  };
  // Fresh randomness for a connection at the core; used where a new session begins.
  struct Fresh {
    TunnelSessionId session;
    std::uint32_t media_session = 0;  // unique among the core's sessions
    std::uint64_t wall_ms = 0;
  };
  Session(Side side, Self self, SessionSettings settings = {});

  // A proven connection stands (replacing any before it). The SBC's session says hello.
  void handle_connected(const MediaSecret& secret, const Fresh& fresh, TimePoint now);
  void handle_bytes(crypto::ByteView bytes, TimePoint now);
  // The connection is gone, for whatever reason; signalling frames are kept for a resumption.
  void handle_closed(TimePoint now);
  void handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;

  // Queues a frame. False: no session (never established, or expired), its class' queue is full, it doesn't fit, or it
  // isn't this side's to send. Signalling frames are taken while a resumption may come, the others only while
  // established. A full signalling queue ends the session: nothing of it may be lost silently.
  bool send(Frame frame, TimePoint now);
  // A new media epoch: the counter nears its limit (either side may call it).
  void want_epoch(TimePoint now);
  // Says goodbye; Ended follows.
  void close(Reason reason, std::string text, TimePoint now);
  // The session ends for good: the next connection starts a new one. Expired follows where there was one, at the end of
  // the connection.
  void abandon();

  // What to write next, at most one frame: the classes in their order. Valid until the next call of
  // anything else; consumed() says how much was written.
  crypto::ByteView transmit(TimePoint now);
  void consumed(std::size_t count);
  std::optional<SessionEvent> poll_event();

  enum class State { idle, greeting, established, ended };
  State state() const { return state_; }
  Duration rtt() const { return rtt_; }
  // When the last byte of the present connection, or the one before it, came in.
  TimePoint heard() const { return heard_; }
  // Media frames that were too old for the stream, or found it full.
  std::uint64_t media_dropped() const { return outbox_.media_dropped(); }
  // Invariants; asserted after every event in debug builds and by the fuzzer.
  bool consistent() const;

 private:
  void on_frame(Frame&& frame, TimePoint now);
  void on_hello(Hello&& hello, TimePoint now);
  void on_welcome(Welcome&& welcome, TimePoint now);
  void acknowledge(std::uint64_t received, TimePoint now);
  void install(std::uint16_t epoch, bool first, TimePoint now);
  void fail(Reason reason, std::string text, TimePoint now);
  void end(Reason reason, std::string text, bool by_peer);
  void send_ping(TimePoint now);
  void enter(State state);
  Duration longest_silence() const {
    return state_ == State::greeting ? settings_.greeted_within : settings_.dead_after;
  }
  void forget();

  Side side_;
  Self self_;
  SessionSettings settings_;
  State state_ = State::idle;

  // ---- of the connection
  MediaSecret secret_{};
  Fresh fresh_;
  crypto::Bytes input_;
  TimePoint heard_{}, pinged_{}, ping_sent_{};
  std::uint64_t ping_token_ = 0;
  bool ping_open_ = false;
  Duration rtt_{};
  std::uint32_t unacknowledged_ = 0;  // reliable frames received since our last acknowledgement

  // ---- of the session
  bool resumable_ = false;
  bool announced_ = false;  // the owner knows of a session
  TunnelSessionId session_;
  InstanceId peer_instance_;
  Hello hello_;
  std::uint64_t received_ = 0;
  std::uint32_t media_session_ = 0;
  std::uint16_t epoch_ = 0;
  crypto::Cipher cipher_ = crypto::Cipher::aes_128_gcm;
  TimePoint epoch_since_{};
  std::optional<TimePoint> expires_;

  Outbox outbox_;
  std::deque<SessionEvent> events_;
};

}  // namespace roamdesk::tunnel
