#pragma once
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/timers.hpp"
#include "common/sip/refer.hpp"
#include "exchange/calls/engine.hpp"
#include "exchange/calls/leg.hpp"

namespace roamdesk::calls {

// The engine's inside: one class, its functions in one file for each concern. References to legs and calls don't
// outlive a function that may end them; ids do.
class Engine::Impl {
 public:
  Impl(sip::TransactionLayer& transactions, Host& host, std::function<std::string()> unique, Options options);

  enum class TimerKind : std::uint8_t {
    call_waiting,  // Times::hold
    call_expires,  // the caller's Expires
    call_ringing,  // Times::no_answer
    call_announcing,
    leg_silent,   // Times::silence
    leg_ending,   // Times::reply, Times::transferor
    leg_refresh,  // our turn to refresh
    leg_expiry,   // theirs, and it didn't come
    leg_lost,     // Times::lost_flow
    exchange_reply,
    exchange_retry,  // after a 491
  };
  using TimerKey = std::pair<TimerKind, std::uint64_t>;

  // What a client transaction of ours is for.
  struct Sent {
    enum class What : std::uint8_t { setup, exchange, refresh, bye, notify, relay } what{};
    LegId leg;
    std::uint32_t cseq = 0;
    bool open = true;  // no final response yet
    ExchangeId exchange;
    std::optional<sip::ServerTx> relayed;  // relay: whom the answer goes to
  };
  // A request that still needs its final answer.
  struct Open {
    LegId leg;
    sip::Message request;
  };

  // ---- setup.cpp
  std::optional<CallId> start_call(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                                   Party callee, std::vector<Target> targets, bool hold);
  Leg* accept_leg(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller, Party shown);
  Leg* begin_leg(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller, Party shown);
  Call& make_call(CallKind kind, Party from, Party to);
  void ring_all(Serial call, std::vector<Target> targets);
  bool ring(Call& call, Target target, std::uint64_t hunt = 0);
  void send_setup(Leg& leg);
  void add_target(const CallId& id, Target target);
  void waiting_over(Serial call);

  // ---- branch.cpp: what a ringing phone says
  void on_setup_response(Leg& leg, const sip::Message& response);
  void on_setup_failure(Leg& leg, bool timed_out);
  void branch_progress(Leg& branch, const sip::Message& response);
  void branch_answered(Leg& branch, const sip::Message& response);
  void branch_failed(LegId branch, const sip::Message& response);
  void branch_silent(LegId branch);
  void settle_branches(Serial call);
  void cancel_branches(Call& call, std::optional<LegId> but, const std::string& reason);
  void note_failure(Call& call, const sip::Message& response);
  void note_failure(Call& call, int status);
  void give_up(Serial call, int status, const sip::Message* like = nullptr, const std::string& reason = {});

  // ---- hunt.cpp: contacts of 3xx
  std::uint64_t redirect(Call& call, const Leg& branch, const sip::Message& response);
  void hunt_on(Serial call, std::uint64_t hunt);

  // ---- answer.cpp: what the caller hears
  void provisional(Leg& leg, int status, std::string_view reason, const std::string& sdp, std::optional<LegId> from);
  void send_provisional(Leg& leg, Provisional what);
  void prack(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void accept_invite(Leg& leg, const std::string& sdp, std::optional<LegId> from);
  void reject_invite(Leg& leg, int status, const sip::Message* like = nullptr);
  void on_ack(const sip::Flow& flow, const sip::Message& ack);
  void acked(Leg& acknowledging, const sip::Message& ack);
  void on_cancel(sip::ServerTx invite, const sip::Message& cancel);
  void on_server_failed(sip::ServerTx tx);
  void caller_left(LegId leg, int status, const std::string& reason);

  // ---- dialog.cpp: messages of a leg
  sip::Message make_request(Leg& leg, std::string_view method);
  sip::Message make_ack(const Leg& leg, std::uint32_t cseq) const;
  sip::Message make_answer(const Leg& leg, const sip::Message& request, int status, std::string_view reason = {}) const;
  void decorate(const Leg& leg, sip::Message& message) const;  // Contact, Allow, Supported
  const std::string& host_of(const Party& party) const;
  void show_identity(const Leg& leg, sip::Message& message) const;
  void show_identity(const Leg& leg, sip::Message& message, const Party& party) const;
  sip::ClientTx send(Leg& leg, sip::Message request, Sent sent);
  void close(sip::ClientTx tx);  // it has had its final answer, and nothing more is expected
  void expect_answer(sip::ServerTx tx, Leg& leg, const sip::Message& request);  // from us
  void expect_ack(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void reattach(Leg& leg);
  void acknowledge(Leg& leg, sip::ClientTx ctx, std::uint32_t cseq, const std::string& sdp);
  void respond(sip::ServerTx tx, sip::Message response);
  void answer(sip::ServerTx tx, const Leg& leg, const sip::Message& request, int status);
  void refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller, Party callee,
              int status);
  void take_dialog(Leg& leg, const sip::Message& response);
  void learn(Leg& leg, const sip::Message& message);  // Contact, Allow
  Leg* find_dialog(const SiteId& site, const sip::Message& request);
  bool is_from_its_phone(const Leg& leg, sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request);
  void follow(Leg& leg, const sip::Flow& flow);

  // ---- in_dialog.cpp
  bool handle(const sip::TransactionEvent& event);
  void handle_request(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request);
  void on_response(sip::ClientTx tx, const sip::Message& response);
  void on_client_failed(sip::ClientTx tx, bool timed_out);
  void foreign_answer(Leg& leg, sip::ClientTx tx, const sip::Message& response, std::uint32_t cseq);
  void on_bye(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void on_info(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void pass_on(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void on_relay_response(const Sent& sent, int status, const sip::Message* response);

  // ---- exchange.cpp: offers and answers through the call
  void on_modify(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void answer_alone(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  Exchange& begin(Exchange::Kind kind, std::optional<LegId> asker, LegId other);
  void ask_other(Exchange& exchange);
  void on_exchange_response(Exchange& exchange, const sip::Message& response);
  void on_exchange_failure(ExchangeId id, int status, const sip::Message* response);
  void exchange_accepted(Exchange& exchange, const sip::Message& response);
  void exchange_acked(Exchange& exchange, const sip::Message& ack);
  void forget_exchange(ExchangeId id);
  void abort_exchange(ExchangeId id);
  void retry_exchange(Exchange& exchange);

  // ---- join.cpp
  void begin_join(Leg& offerer, LegId other, std::string offer);
  void on_join_response(Exchange& exchange, const sip::Message& response);
  void joined(ExchangeId id);
  void join_failed(ExchangeId id, int status);
  std::optional<CallId> start_replacing(Leg& fresh, LegId replaced);
  void replaced(Leg& fresh, LegId old);

  // ---- refer.cpp
  void on_refer(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void transfer_blind(Call& call, const Caller& by, std::string_view user);
  void transfer_attended(Call& call, Leg& consulting);
  void notify(Call& call, int status);
  void transfer_failed(Serial call, int status);
  void transfer_done(Serial call);
  Leg* find_replaced(const sip::Replaces& replaces);

  // ---- pickup.cpp: INVITE with Replaces
  std::optional<CallId> start_with_replaces(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                            Caller caller, Party callee);
  std::optional<CallId> pick_up(Leg& fresh, LegId ringing);

  // ---- takeover.cpp
  void take_over(Call& call, Leg& consulting);

  // ---- recall.cpp
  void begin_transfer(Call& call, Transfer transfer);
  void hear_ringing(Call& call);
  void hear_early(Call& call, Leg& branch);
  void hush(Leg& leg);
  bool hands_over(const Call& call, const Leg& leg) const;
  void recall(Serial call, LegId staying, const Caller& by, int status);

  // ---- teardown.cpp
  void end_leg(LegId id, int status, const std::string& reason = {});
  void forget_leg(LegId id);
  void forget_if_done(LegId id);
  void send_bye(Leg& leg);
  void leg_left(LegId id, int status, const std::string& reason);  // it hung up or failed: what becomes of its call
  void detach(Leg& leg);
  void end_call(Serial call, int status, const std::string& reason = {});
  void handle_flow_closed(sip::FlowId flow);
  void probe(PeerId peer);
  void end_across(const SiteId& site);
  std::size_t end_ringing();

  // ---- session_timer.cpp
  bool check_session(sip::ServerTx tx, const sip::Message& request, Leg* leg);
  void ask_session(const Leg& leg, sip::Message& request) const;
  void answer_session(Leg& leg, const sip::Message& request, sip::Message& response);
  void agree_session(Leg& leg, const sip::Message& response);
  void arm_session(Leg& leg);
  void refresh(Leg& leg);
  void on_refresh_response(Leg& leg, int status, const sip::Message* response);

  // ---- stream.cpp
  bool open_media(Leg& leg);
  void close_media(Leg& leg);
  void set_remote(Leg& leg, std::string_view sdp);
  void connect(Leg& x, Leg& y);
  // Another leg's SDP in this leg's name; `offer`: what it answers, "" where it is an offer itself.
  std::string worded(Leg& leg, std::string_view sdp, std::string_view offer = {});
  void play(Leg& leg, std::vector<std::string> prompts, bool repeat = false);
  void handle_media(const media::Event& event);

  // ---- dialogue.cpp
  std::optional<DialogueId> start_dialogue(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                           Caller caller);
  void announce(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller, std::string prompt,
                int status);
  void refuse_unheard(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller,
                      int status, bool codec);
  bool may_announce(const sip::FlowAddress& to, bool stranger) const;
  void proven(Leg& leg);  // its address hears us
  void announced(Serial call);
  void digit(Call& call, char digit, Call::Digits from, std::optional<TimePoint> at = std::nullopt);
  Call* find(DialogueId id);

  // ---- state.cpp
  CallInfo info(const Call& call) const;
  void tell(Call& call);
  void note_refused(const sip::Flow& flow, const sip::Message& invite, const Caller& caller, Party callee, int status);
  void note_joined(const Leg& leg, const Call& call);
  void dialogs_changed(const Leg& leg);
  void count_peer(const Leg& leg, int change);
  std::vector<CallInfo> calls() const;
  std::vector<presence::DialogInfo> dialogs(std::string_view number) const;
  bool empty() const;
  std::string inconsistency() const;

  // ---- survival.cpp
  void keep(Leg& leg);
  void drop(Leg& leg);

  Leg* leg(LegId id);
  const Leg* leg(LegId id) const;
  Leg* leg(std::optional<LegId> id) { return id ? leg(*id) : nullptr; }
  Call* call(Serial serial);
  const Call* call(Serial serial) const;
  Call* call(const CallId& id);
  Exchange* exchange(ExchangeId id);
  Leg* other_party(const Leg& leg);  // in a call that is up
  Leg& make_leg(const sip::Flow& flow, Caller who, Party shown);
  void handle_timer(TimerKey key);
  void set_timer(TimerKind kind, std::uint64_t id, Duration in) { timers_.set({kind, id}, now_ + in); }
  void clear_timer(TimerKind kind, std::uint64_t id) { timers_.clear({kind, id}); }

  sip::TransactionLayer& transactions_;
  Host& host_;
  std::function<std::string()> unique_;
  Options options_;
  TimePoint now_{};
  std::uint64_t last_leg_ = 0, last_call_ = 0, last_exchange_ = 0, last_dialogue_ = 0;
  std::uint32_t last_stream_ = 0, last_play_ = 0;

  std::unordered_map<LegId, Leg> legs_;
  std::unordered_map<Serial, Call> calls_;
  std::unordered_map<ExchangeId, Exchange> exchanges_;
  std::unordered_map<std::string, Serial> by_call_id_;
  std::unordered_map<std::string, LegId> by_tag_;    // our tags are ours alone: nothing is keyed by a phone's words
  std::unordered_map<std::string, LegId> by_alias_;  // Leg::alias.call_id
  std::unordered_map<sip::ClientTx, Sent> sent_;
  std::unordered_map<sip::ServerTx, Open> open_;
  std::unordered_map<sip::ServerTx, LegId> awaiting_ack_;
  std::unordered_map<std::string, std::set<LegId>> by_number_;
  std::unordered_map<media::StreamId, LegId> by_stream_;
  std::unordered_map<DialogueId, Serial> dialogues_;
  std::set<Serial> announcements_;
  std::unordered_map<PeerId, std::size_t> of_peer_;
  Timers<TimerKey> timers_;
  std::deque<Event> events_;
};

}  // namespace roamdesk::calls
