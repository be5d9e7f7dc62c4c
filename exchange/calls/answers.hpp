#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "exchange/calls/notices.hpp"
#include "exchange/calls/sessions.hpp"
#include "exchange/calls/streams.hpp"

namespace roamdesk::calls {

// The answers that a caller gets to its INVITE: puts InviteServer's decisions into responses. All functions do
// nothing once it has its final answer.
class Answers {
 public:
  Answers(Context& context, Book& book, Requests& requests, Sessions& sessions, Streams& streams, Notices& notices)
      : context_(context),
        book_(book),
        requests_(requests),
        sessions_(sessions),
        streams_(streams),
        notices_(notices) {}

  // `from`: the leg whose session description it is.
  void provisional(Leg& leg, InviteServer::Provisional what, std::optional<LegId> from = std::nullopt);
  // 183 with another session description than was heard before: to the caller it is a fork.
  void say_instead(Leg& leg, std::string sdp);
  // What a ringing peer said. `early`: with a session description: one is heard, other peers ring without.
  void pass_on(Leg& leg, Leg& branch, const sip::Message& response, bool early);
  // True: it is the PRACK that was awaited; go_on() says what it lets go.
  bool prack(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void go_on(Leg& leg);
  // 2xx. `from`: whose session description it is.
  void accept(Leg& leg, const std::string& sdp, std::optional<LegId> from);
  // `like`: a response whose reason phrase, if the status is the same, and headers it gets.
  void reject(Leg& leg, int status, const sip::Message* like = nullptr);

 private:
  void send(Leg& leg, const InviteServer::Provisional& what);
  void begin_fork(Leg& leg);

  Context& context_;
  Book& book_;
  Requests& requests_;
  Sessions& sessions_;
  Streams& streams_;
  Notices& notices_;
};

}  // namespace roamdesk::calls
