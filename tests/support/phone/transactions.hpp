#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace roamdesk::phone {

using Time = std::chrono::steady_clock::time_point;
using Duration = Time::duration;

// The transactions of one user agent (RFC 3261 §17 with RFC 6026, RFC 3262): what is said again, and until when.
// Messages go in and out as text; time is an argument.
class Transactions {
 public:
  // A message to the other side.
  using Send = std::function<void(const std::string& message)>;
  // A response, and to an INVITE each repetition of a 2xx; empty if no final one came in 32 s. The text lives as long
  // as the call.
  using Heard = std::function<void(std::string_view response, Time now)>;
  // Neither an ACK nor a PRACK came in 32 s.
  using Lost = std::function<void(Time now)>;

  // `reliable`: a transport that loses nothing (TCP, TLS).
  explicit Transactions(Send send, bool reliable = false) : send_(std::move(send)), reliable_(reliable) {}

  // A request with a branch of its own. The ACK of a refusal follows by itself, that of a 2xx doesn't.
  void request(std::string message, Heard heard, Time now);
  // CANCEL of an INVITE, as soon as it may be sent (§9.1). `lines` are more headers, each with its CRLF.
  void cancel(std::string_view invite, std::string lines, Time now);
  // What isn't part of a transaction: the ACK of a 2xx.
  void send(const std::string& message) { send_(message); }
  // A response to a request that receive() gave; a final one is repeated until its ACK, one with RSeq until its PRACK.
  void respond(std::string_view request, std::string response, Time now, Lost lost = {});

  // True for a request that the user has to see: no repetition, and an ACK only if it is that of a 2xx.
  bool receive(std::string_view message, Time now);

  std::optional<Time> deadline() const;
  void handle_timeout(Time now);

  // Messages that were said again, by either side.
  std::uint64_t repeated() const { return repeated_; }

 private:
  static constexpr Time never = Time::max();
  struct Asked {
    std::string message;  // to be repeated: the request, then a refusal's ACK
    Heard heard;
    bool invite = false, provisional = false, done = false;
    Duration interval{};
    Time next = never, end = never;     // of the repetitions; of what is known of it
    std::optional<std::string> cancel;  // its lines: to be sent
  };
  struct Answered {
    std::string response, call_id, cseq, rseq;
    Lost lost;
    bool invite = false;
    int status = 0;
    Duration interval{};
    Time next = never, end = never;
  };
  void hear(std::string_view response, Time now);
  void send_cancel(Asked& asked, Time now);
  void acknowledged(std::string_view ack);
  void repeat(Asked& asked, Time now);
  void repeat(Answered& answered, Time now);
  void forget(Time now);

  Send send_;
  bool reliable_;
  // By branch and method.
  std::map<std::string, Asked> asked_;
  std::map<std::string, Answered> answered_;
  std::uint64_t repeated_ = 0;
};

}  // namespace roamdesk::phone
