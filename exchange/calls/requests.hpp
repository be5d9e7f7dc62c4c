#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "exchange/calls/book.hpp"
#include "exchange/calls/context.hpp"
#include "exchange/calls/survival.hpp"

namespace roamdesk::calls {

// ---- what a request of ours is for
struct ForSetup {};  // the INVITE that makes the dialog
struct ForExchange {
  ExchangeId exchange;
};
struct ForRefresh {};
struct ForBye {};
struct ForNotify {};
struct ForPrack {};
struct ForRelay {
  sip::ServerTx to;  // whom its answer goes to
};
using Purpose = std::variant<ForSetup, ForExchange, ForRefresh, ForBye, ForNotify, ForPrack, ForRelay>;

// The messages of legs (RFC 3261 §12): how they are written, what is open on either side, and over which flow they go.
class Requests {
 public:
  // What is kept of a request to a trunk: it may have to go out once more, with credentials.
  struct Kept {
    sip::Message request;
    sip::Flow flow;
    std::vector<std::string> realms{};  // whose challenges it answers
    int answers = 0;
    bool cancelled = false;
  };
  struct Sent {
    LegId leg;
    Purpose purpose;
    std::uint32_t cseq = 0;
    bool open = true;              // no final response yet
    std::shared_ptr<Kept> kept{};  // nullptr: to a phone
  };
  // A request of the peer that still needs its final answer.
  struct Open {
    LegId leg;
    sip::Message request;
  };
  Requests(Context& context, Book& book, Survival& survival) : context_(context), book_(book), survival_(survival) {}

  // ---- ours
  // With Contact, Allow and Supported where the method has them. A leg whose flow has closed gets another one, if there
  // is one.
  sip::Message make(Leg& leg, std::string_view method);
  sip::ClientTx send(Leg& leg, sip::Message request, Purpose purpose);
  // The same over another flow than the leg's.
  sip::ClientTx send(Leg& leg, const sip::Flow& flow, sip::Message request, Purpose purpose);
  // A trunk's request once more, with credentials.
  sip::ClientTx repeat(Leg& leg, Kept kept, Purpose purpose);
  // nullptr: not ours, or closed.
  Sent* sent(sip::ClientTx tx);
  // It has had its final answer, and nothing more is expected.
  void close(sip::ClientTx tx);
  // If it is open still. `reason`: Reason of the CANCEL (RFC 3326), "" for none.
  void cancel(sip::ClientTx tx, std::string reason = {});
  // The ACK of a 2xx; `sdp`: the answer, "" for none.
  void acknowledge(const Leg& leg, sip::ClientTx invite, std::uint32_t cseq, const std::string& sdp);
  // None of the leg's requests is open.
  bool all_answered(const Leg& leg) const;
  // RFC 3261 §13.2.2.4: a further 2xx, of another fork below the peer: its dialog is made, and ended.
  void end_foreign_dialog(Leg& leg, sip::ClientTx invite, const sip::Message& response, std::uint32_t cseq);
  // The PRACK of a reliable provisional response (RFC 3262 §4), in the early dialog that it belongs to.
  void acknowledge_early(Leg& leg, const sip::Message& response);

  // ---- theirs
  void expect_answer(sip::ServerTx tx, Leg& leg, const sip::Message& request);  // from us
  // nullptr: it needs no answer of ours any more.
  const Open* open(sip::ServerTx tx) const;
  // It can't be answered any more.
  void drop(sip::ServerTx tx);
  sip::Message make_answer(const Leg& leg, const sip::Message& request, int status, std::string_view reason = {}) const;
  void respond(sip::ServerTx tx, sip::Message response);
  void answer(sip::ServerTx tx, const Leg& leg, const sip::Message& request, int status);
  // RFC 3261 §15.1.2: what is pending gets 487.
  void end_pending(Leg& leg);
  // To a caller that has no dialog.
  void refuse(sip::ServerTx tx, const sip::Message& invite, int status, std::string_view words = {});
  // Of the INVITE whose 2xx we are sending.
  void expect_ack(Leg& leg, sip::ServerTx tx, std::uint32_t cseq);
  void ack_came(Leg& leg);
  // The leg that this 2xx was sent to; its ACK isn't awaited any longer.
  std::optional<LegId> give_up_ack(sip::ServerTx tx);
  bool awaits_ack(sip::ServerTx tx) const { return awaiting_ack_.contains(tx); }

  // ---- the dialog
  // Who is at the other end, in a request or an answer to the leg: P-Asserted-Identity (RFC 3325), and for older phones
  // Remote-Party-ID (draft-ietf-sip-privacy-04), which alone can say that the party is anonymous.
  void show_identity(const Leg& leg, sip::Message& message, const Party& party) const;
  void show_identity(const Leg& leg, sip::Message& message) const { show_identity(leg, message, leg.shown); }
  const std::string& host_of(const Party& party) const;
  // Takes the dialog from the 2xx to our INVITE.
  void take_dialog(Leg& leg, const sip::Message& response);
  void learn(Leg& leg, const sip::Message& message);  // Contact, Allow
  // Who knows a dialog's names isn't its peer for that: it comes from where the dialog is, or shows whose it is. False:
  // it was answered.
  bool is_from_its_peer(const Leg& leg, sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request);
  // A peer that has connected again goes on with its calls over the new flow (RFC 5626's sense).
  void follow(Leg& leg, const sip::Flow& flow);
  // Looks for another flow, if the leg's has closed.
  void reattach(Leg& leg);

  void forget(Leg& leg);
  bool empty() const { return sent_.empty() && open_.empty() && awaiting_ack_.empty(); }
  std::string inconsistency() const;

 private:
  void decorate(const Leg& leg, sip::Message& message) const;  // Contact, Allow, Supported
  void sign(sip::Message& request) const;                      // User-Agent

  Context& context_;
  Book& book_;
  Survival& survival_;
  std::unordered_map<sip::ClientTx, Sent> sent_;
  std::unordered_map<sip::ServerTx, Open> open_;
  std::unordered_map<sip::ServerTx, LegId> awaiting_ack_;
};

}  // namespace roamdesk::calls
