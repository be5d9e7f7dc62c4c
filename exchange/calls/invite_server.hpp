#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "common/sip/message.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/leg_id.hpp"

namespace roamdesk::calls {

// The INVITE that a peer has sent us: what may be answered, and when (RFC 3261 §13.3; reliable provisional responses,
// RFC 3262). It sends nothing: it says what is to be sent now. Of reliable responses one is on its way at a time; what
// comes meanwhile waits for its PRACK.
class InviteServer {
 public:
  InviteServer(sip::ServerTx tx, sip::Message invite, bool offers);

  const sip::Message& request() const { return invite_; }
  // It has no final answer yet.
  bool open() const { return tx_.has_value(); }
  // Only while it is open.
  sip::ServerTx tx() const { return *tx_; }
  // From here on it has its final answer: the transaction that this goes to.
  sip::ServerTx close();

  struct Provisional {
    int status = 0;
    std::string reason, sdp;  // either may be ""
  };
  // `from`: the leg whose session description it is. The response that is to be sent now; nullopt if it was said
  // already, can't be said, or waits for its turn.
  std::optional<Provisional> provisional(Provisional what, std::optional<LegId> from);
  // Writes what makes the response a reliable one, if it is to be: its PRACK is awaited.
  void number(sip::Message& response);
  // From here on provisional responses are reliable (the INVITE's Require: 100rel needs no word).
  void be_reliable() { reliable_ = true; }

  enum class Prack : std::uint8_t {
    unknown,   // of no response that waits for one: 481 (RFC 3262 §3)
    offers,    // an offer before the call is up: 488
    expected,  // `acknowledged` is over
  };
  Prack prack(const sip::Message& request, std::uint32_t& acknowledged);
  // What an expected PRACK lets go: the next provisional response, or the 2xx that waited for it.
  std::optional<Provisional> next_provisional();
  std::optional<sip::Message> take_held_answer();

  // The 2xx with this session description. nullopt: it waits for a PRACK (RFC 3262 §3); else `response`, complete.
  std::optional<sip::Message> accept(sip::Message response, const std::string& sdp);
  // The 2xx that waits won't be sent.
  void drop_held_answer() { held_answer_.reset(); }
  bool holds_answer() const { return held_answer_.has_value(); }

  // RFC 3261 §13.2.1: the first session description in a dialog is the answer, others in it are ignored. The one of
  // another leg than was heard early belongs to another dialog: to the caller it is what it is, a fork.
  bool is_fork(std::optional<LegId> from) const { return early_from_ && from && *early_from_ != *from; }
  // Another session description than this was said in this dialog.
  bool contradicts(const std::string& sdp) const { return !early_sdp_.empty() && early_sdp_ != sdp; }
  bool is_reliable() const { return reliable_; }
  // The fork begins: nothing was said in it.
  void begin_fork();

  // The leg whose early medium the caller hears.
  std::optional<LegId> early_from() const { return early_from_; }
  // The caller has heard that a phone rings, or waits.
  bool has_rung() const { return last_status_ > 100; }

 private:
  std::optional<sip::ServerTx> tx_;
  sip::Message invite_;
  bool offers_ = false;
  bool reliable_ = false;
  std::uint32_t rseq_ = 0;
  struct Unacknowledged {
    std::uint32_t rseq = 0;
    bool sdp = false;  // it holds a session description: the 2xx has to wait
  };
  std::optional<Unacknowledged> unacknowledged_;
  std::deque<Provisional> waiting_;
  std::optional<sip::Message> held_answer_;
  std::string early_sdp_;  // the last one in a provisional response
  std::optional<LegId> early_from_;
  int last_status_ = 0;
};

}  // namespace roamdesk::calls
