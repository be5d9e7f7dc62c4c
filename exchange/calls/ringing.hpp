#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "exchange/calls/legs.hpp"

namespace roamdesk::calls {

// The peers that ring for a call: our INVITEs to them, what they say, whom they send the call on to, and which final
// response is the best (RFC 3261 §16.7).
class Ringing {
 public:
  // What it means for the call.
  class Listener {
   public:
    // `early`: it has sent a session description, which is Leg::remote_sdp.
    virtual void branch_rings(Call& call, Leg& branch, const sip::Message& response, bool early) = 0;
    // Its 2xx has `sdp`; no other branch is left.
    virtual void branch_answers(Call& call, Leg& branch, std::string sdp) = 0;
    virtual void branch_gone(Call& call, LegId branch) = 0;
    // A call for help finds the trunk full: true where another call over it has ended now.
    virtual bool take_line(Call& help, PeerId trunk) = 0;
    // No branch is left, and none is waited for. `best`: status 0 if no phone rang.
    virtual void all_failed(Call& call, const sip::Message& best) = 0;

   protected:
    ~Listener() = default;
  };
  Ringing(Context& context, Book& book, Requests& requests, Sessions& sessions, Streams& streams, Notices& notices,
          Legs& legs, Listener& listener)
      : context_(context),
        book_(book),
        requests_(requests),
        sessions_(sessions),
        streams_(streams),
        notices_(notices),
        legs_(legs),
        listener_(listener) {}

  void ring(Serial call, std::vector<Target> targets);
  // One more, for a call that rings or waits; nothing for every other one.
  void add(Call& call, Target target);
  // No target is waited for any longer.
  void stop_waiting(Serial call);

  // ---- what a branch says
  void responded(Leg& branch, sip::ClientTx tx, const sip::Message& response);
  void failed(Leg& branch, sip::ClientTx tx, bool timed_out);
  // It has answered nothing at all.
  void silent(LegId branch);
  // A call for help asks a trunk again that was full.
  void ask_again(LegId branch);
  // A trunk's INVITE has gone out again, with credentials.
  void sent_again(Leg& branch, sip::ClientTx tx);
  // It is gone, or refuses: `response`'s status counts.
  void refused(LegId branch, const sip::Message& response, bool said_bye = false);

  void cancel_all(Call& call, std::optional<LegId> but, const std::string& reason);
  void note_failure(Call& call, const sip::Message& response);
  void note_failure(Call& call, int status);
  void settle(Serial call);

 private:
  bool ring_one(Call& call, Target target, std::uint64_t hunt = 0, const std::vector<Party>& diverted = {});
  void send_invite(Leg& branch);
  void attach(const Attachment& attachment, sip::Message& invite) const;
  void show_call(const Call& call, const Leg& branch, sip::Message& invite) const;
  void progressed(Leg& branch, const sip::Message& response);
  void answered(Leg& branch, const sip::Message& response);
  void hunt_on(Serial call, std::uint64_t hunt);
  // The branch may send the call on: it wasn't diverted too often yet.
  bool may_divert(const Call& call, const Leg& branch) const;
  // ringing_outside.cpp
  // The first of the target's trunks that may have the call becomes the target, and the call is counted there. The
  // refusal for the caller where none may.
  std::variant<TollId, sip::Message> find_room(Call& call, Target& target);
  void make_offer(Call& call, Leg& branch, const Leg& waiting);
  void await_word(const Leg& branch);
  bool heeds(Leg& branch, const sip::Message& progress);
  // Another server, or the next trunk, in place of one that failed: `response` is its final one, nullptr if none came.
  // False: there is none, or none may be asked.
  bool ask_next(Leg& branch, const sip::Message* response);
  void ask_server(Leg& branch, const sip::Uri& request_uri, Target server);
  // The same server is asked once more: without what it can't read, or since a line is free now.
  bool insist(Leg& branch, sip::ClientTx tx, int status);

  Context& context_;
  Book& book_;
  Requests& requests_;
  Sessions& sessions_;
  Streams& streams_;
  Notices& notices_;
  Legs& legs_;
  Listener& listener_;
};

// A final response that we made up: no phone sent it.
sip::Message as_if_answered(int status);

}  // namespace roamdesk::calls
