#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/engine.hpp"
#include "exchange/element/authentication.hpp"
#include "exchange/element/call_log.hpp"
#include "exchange/element/context.hpp"
#include "exchange/element/daily_clock.hpp"
#include "exchange/element/desks.hpp"
#include "exchange/element/dialogues.hpp"
#include "exchange/element/emergency_calls.hpp"
#include "exchange/element/emergency_telling.hpp"
#include "exchange/element/firmware.hpp"
#include "exchange/element/handover.hpp"
#include "exchange/element/lines.hpp"
#include "exchange/element/onboarding.hpp"
#include "exchange/element/one_by_one.hpp"
#include "exchange/element/orphans.hpp"
#include "exchange/element/outside.hpp"
#include "exchange/element/phone_teller.hpp"
#include "exchange/element/port_pool.hpp"
#include "exchange/element/qualifier.hpp"
#include "exchange/element/registrations.hpp"
#include "exchange/element/repeated_audit.hpp"
#include "exchange/element/served_addresses.hpp"
#include "exchange/element/speakers.hpp"
#include "exchange/element/test_calls.hpp"
#include "exchange/element/trunk_calls.hpp"
#include "exchange/element/upstream_lamps.hpp"
#include "exchange/element/upstreams.hpp"
#include "exchange/presence/subscription_server.hpp"
#include "exchange/routing/route.hpp"
#include "exchange/trace/trace.hpp"

namespace roamdesk::element {

// The hall of the exchange: transactions, registrar, calls, hot desks, voice dialogues, lamps and provisioning behind
// one door. Pure: the world is what it is given, and neither it nor anything in it knows which program runs it. Owned
// by one thread. Each function with `now` is a whole visit: when it returns, all that follows has been handed to the
// world.
class Element : private calls::Host, private DeskActions {
 public:
  Element(World& world, Unique unique, Options options, const provisioning::Provisioner& provisioner,
          hotdesk::Rules rules, Secret nonce_key);

  // What the store held, record by record; then start(), once. Bindings that have not run out ring at once; calls of
  // the last process are ended.
  void restore(Change record);
  // `handover`: of the last process, where there is a fresh one. Its calls go on; those that don't fit are ended.
  void start(const std::vector<OldCredentials>& old, const std::vector<StoredBinding>& bindings,
             std::vector<StoredDialog> dialogs, std::uint32_t highest_desk_number, Now now, Handover handover = {});

  // A call of before the start that ended within the last hour: limits of calls outside count it. In any order.
  void remember(const CallRecord& record, Now now);

  // ---- from the door
  void handle_sip(const sip::Flow& flow, std::string_view bytes, Now now);
  // `why`: a connection has ended, in words; "" where that isn't known.
  void handle_flow_closed(const sip::Flow& flow, Now now, std::string_view why = {});
  void handle_media(const media::Event& event, Now now);
  door::HttpAnswer handle_http(const door::HttpRequest& request, Now now);
  // The SBC is there (again): what waited for it is told.
  void handle_site_connected(const SiteId& site, Now now);
  // Its line is down. Calls that cross it end after Lines::patience; those at home go on.
  void handle_site_disconnected(const SiteId& site, Now now);
  // The answer to World::locate.
  void located(LookupId lookup, const names::Located& located, Now now);
  // ---- from the store, the worker pool, the clock
  void stored(StoreTicket ticket, bool ok, Now now);
  void pin_checked(hotdesk::AttemptId attempt, bool right, Now now);
  void handle_timeout(Now now);
  // The automatic logout, in each site's own time zone. To be called every few seconds: a clock that jumps is followed.
  void check_clock(Now now);
  std::optional<TimePoint> deadline() const;
  // Firmware was pinned for a model: whose turn it is isn't left to the clock.
  void look_at_firmware(Now now);

  // ---- from the administration; each gives `done` its outcome, at once or later
  void submit(hotdesk::Event event, Now now);
  void log_in(const HotDeskId& desk, const ExtensionNumber& extension, std::string actor, std::string origin,
              bool by_console, Desks::LoginDone done, Now now);
  void log_out(const HotDeskId& desk, hotdesk::EndReason reason, std::string actor, std::string origin,
               Desks::LogoutDone done, Now now);
  void commit(Changes changes, std::function<void(bool ok)> then, Now now);
  // The phone was assigned, or is to be provisioned again: its records say so already.
  void provision(const Mac& mac, Now now);
  // It is told to restart as soon as it has no call.
  void restart_phone(const Mac& mac, Now now);
  // What it shows has changed; it fetches again when it has no call.
  void content_changed(const Mac& mac, Now now);
  // The same of many, not all at once.
  void content_changed_one_by_one(const std::vector<Mac>& macs, Now now);
  // The phone isn't assigned any more: its registration and lamps end.
  void forget(const Mac& mac, Now now);
  void extension_gone(const ExtensionNumber& extension, Now now);
  // The trunk was made, changed or deleted: its record says so already.
  void trunk_changed(const std::string& name, Now now);
  // A call of the core's own by the trunk; TestCalls::fault() says beforehand whether there can be one.
  void test_call(const std::string& trunk, const std::string& number, Now now);
  // Both parties hear BYE, or CANCEL and 480. A call that is over: nothing.
  void hang_up(const calls::CallId& call, Now now);
  const TestCalls& test_calls() const { return test_calls_; }

  // The program is about to end: callers that wait for an answer get it. True if a moment is needed: for the answers to
  // leave, or for what is on its way in calls that go on.
  bool shut_down(Now now);
  // The last visit: what the next process goes on with.
  Handover hand_over(Now now);

  // ---- state
  const Directory& directory() const { return context_.directory; }
  const Settings& settings() const { return context_.settings(); }
  std::string local_time_zone() const { return world_.local_time_zone(); }
  const Desks& desks() const { return desks_; }
  const registrar::Registrar& registrar() const { return registrations_.registrar(); }
  const Onboarding& onboarding() const { return onboarding_; }
  // Registered, its line stands, and it answers.
  bool is_online(const Mac& device) const;
  std::size_t phones_online() const;
  // Forgets the phones that aren't assigned, of all sites or of one. How many there were.
  std::size_t clear_discoveries(const std::optional<SiteId>& site) { return onboarding_.clear_discoveries(site); }
  std::vector<calls::CallInfo> calls() const { return calls_.calls(); }
  std::optional<std::vector<calls::PartyMedia>> media(const calls::CallId& call) const { return calls_.media(call); }
  // nullopt if it is no emergency call.
  std::optional<EmergencyPlace> place_of(const calls::CallInfo& call) const { return emergency_.place_of(call); }
  WallTime wall(TimePoint mono) const { return context_.wall(mono); }
  // The keys of the person who should be on this phone for which it has no place.
  std::vector<Key> keys_not_shown(const Mac& mac) const;
  const PhoneViews& views() const { return views_; }
  const FirmwareRounds& firmware() const { return firmware_; }
  // The SIP of calls that are up and of the last ones that ended.
  const trace::Trace& trace() const { return trace_; }
  // The trunks: what they do, and what is known of them.
  const Outside& outside() const { return outside_; }
  // The accounts of extensions at other exchanges.
  const Upstreams& upstreams() const { return upstreams_; }
  std::size_t rtp_ports_in_use() const { return ports_.in_use(); }

 private:
  // One visit, from the door to the way out: sets the time, and as the outermost one ends, empties the queues and says
  // when the element is to be woken.
  class Turn {
   public:
    Turn(Element& element, Now now);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Element& element_;
  };

  // ---- SIP in (element_sip.cpp)
  void drain();
  void on(const sip::TransactionEvent& event);
  void on_response(const sip::ResponseReceived& e, const sip::TransactionEvent& event);
  void on_failure(const sip::ClientTxFailed& e, const sip::TransactionEvent& event);
  void on_request(const sip::RequestReceived& e);
  void on_invite(const sip::RequestReceived& e);
  // An INVITE with Replaces (RFC 3891). Whom its Request-URI names isn't called.
  void on_replacing_invite(const sip::RequestReceived& e, const Speaker& who, calls::Caller caller);
  // What rings at another exchange is picked up there, by who may call that number.
  void pick_up_there(const UpstreamPickups::Ringing& ringing, const sip::RequestReceived& e, const Speaker& who,
                     calls::Caller caller);
  void on_subscribe(const sip::RequestReceived& e);
  // Out of all dialogs, from a trunk: it may call numbers of ours, and nothing else.
  void on_trunk_request(trunks::TrunkNumber trunk, const sip::RequestReceived& e);
  // A person calls an outside number, or by the account upstream.
  void call_by(TrunkCalls::Way way, const calls::Party& callee, const sip::RequestReceived& e, calls::Caller caller);
  void on_trunk_invite(trunks::TrunkNumber trunk, const sip::RequestReceived& e);
  // A call to the account of an extension upstream: it rings there, and nowhere else.
  void on_account_invite(trunks::TrunkNumber trunk, upstream::AccountNumber account, const sip::RequestReceived& e);
  // An upstream tells of an account's mailbox unasked: that person's lamp follows, and no other.
  void on_account_mailbox(trunks::TrunkNumber trunk, const sip::RequestReceived& e);
  // Whether a trunk's INVITE may become a call; else it has been answered.
  bool takes_invite(trunks::TrunkNumber trunk, const sip::RequestReceived& e);
  void ring(trunks::TrunkNumber trunk, const sip::RequestReceived& e, calls::Caller caller, const Extension& extension);
  // Told once a minute for each trunk.
  void report_outsider(trunks::TrunkNumber trunk, const sip::RequestReceived& e, std::string_view what);
  void refuse(const sip::RequestReceived& e, int status);
  // Whose credentials the request carries, and for whom it speaks; nullopt if it was answered.
  std::optional<Speaker> authenticate(const sip::RequestReceived& e);
  // Told once a minute for each device and source.
  void report_stranger(const Speaker& speaker, const sip::FlowAddress& from, const char* what);

  // ---- what follows from a registration, and from its end (element_registrations.cpp)
  void on_register(const sip::RequestReceived& e);
  void registered(const registrar::Account& account, const sip::Flow& flow, const Registrations::Outcome& outcome);
  void registration_gone(const Mac& device, bool expired);
  void restore_binding(const StoredBinding& stored);

  // ---- calls (element_calls.cpp)
  void on(calls::Event&& e);
  std::vector<calls::Target> targets_of(const ExtensionNumber& number);
  // To ring that person there; nullopt if it isn't there, or would speak for another person.
  std::optional<calls::Target> target(const Mac& device, const Extension& extension);
  bool held_for(const ExtensionNumber& number) const;
  void ring_waiting(const Mac& device);
  // In so many dialogs the phone is now, calls for help among them.
  void note_dialogs(const Mac& phone, std::size_t count);
  void takeover_refused(const calls::TakeoverRefused& refused);
  void publish_lamp(const std::string& number);
  // Whom a person may watch who asks for this; nullopt: nobody.
  std::optional<presence::Watched> watched_by(const Speaker& speaker, presence::Package package, std::string_view user);

  // ---- from the last process, and to the next (element_handover.cpp)
  // The tags of the dialogs that go on.
  std::set<std::string> adopt(Handover handover);
  bool adopt(Handover::Call& carried, const std::map<calls::PeerId, calls::PeerId>& peers);
  std::vector<CarriedPeer> names_of(const std::set<calls::PeerId>& outside) const;
  std::map<calls::PeerId, calls::PeerId> peers_of(const Handover& handover) const;

  // calls::Host
  std::optional<Endpoint> allocate_media(const SiteId& site, IpAddress face, std::optional<Endpoint> beside) override;
  bool claim_media(const SiteId& site, Endpoint endpoint) override;
  void release_media(const SiteId& site, Endpoint endpoint) override;
  void media(media::Order order) override;
  Srtp srtp(const std::optional<calls::PeerId>& peer, const sip::FlowAddress& at) override;
  Secret random_bytes(std::size_t count) override;
  calls::Route route(const calls::Errand& errand) override;
  bool vouches(calls::PeerId peer, sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) override;
  bool may_watch(const calls::Caller& by, std::string_view number) override;
  std::optional<sip::Flow> reach(const std::optional<calls::PeerId>& peer, const sip::FlowAddress& address) override;
  calls::Admission admit(calls::PeerId trunk, const calls::Manner& manner) override;
  void answered(calls::TollId toll) override { trunk_calls_.answered(toll); }
  void over(calls::TollId toll, bool carried) override { trunk_calls_.over(toll, carried); }
  void add_credentials(calls::PeerId trunk, sip::Message& request) override;
  std::optional<sip::Message> answer_challenge(calls::PeerId trunk, const sip::Message& request,
                                               const sip::Message& challenge) override;
  std::vector<sip::Header> identity(calls::PeerId trunk, const calls::Party& party) override;
  // DeskActions
  void tell_phone(const HotDesk& desk, hotdesk::Telling how) override;
  // It is its turn to get firmware.
  void tell_of_firmware(const Mac& mac, bool reboot);
  void renew_token(const HotDesk& desk) override;
  void redraw_token(const HotDesk& desk) override;
  void end_lamps(const HotDesk& desk) override;

  std::optional<std::string> authorise(const Mac& device, const sip::Message& request, const sip::Message& challenge);

  World& world_;
  mutable Context context_;
  sip::TransactionLayer transactions_;
  Registrations registrations_;
  Authenticator authenticator_;
  PortPool ports_;
  calls::Engine calls_;
  presence::SubscriptionServer presence_;
  Desks desks_;
  Speakers speakers_;
  Dialogues dialogues_;
  PhoneTeller teller_;
  ServedAddresses served_;
  PhoneViews views_;
  OneByOne one_by_one_;
  Onboarding onboarding_;
  Outside outside_;
  Upstreams upstreams_;
  UpstreamLamps upstream_lamps_;
  TrunkCalls trunk_calls_;
  TestCalls test_calls_;
  Orphans orphans_;
  Qualifier qualifier_;
  Lines lines_;
  trace::Trace trace_;
  EmergencyCalls emergency_;
  EmergencyTelling telling_;
  CallLog call_log_;
  DailyClock clock_;
  FirmwareRounds firmware_;
  RepeatedAudit takeovers_, strangers_, outsiders_;
  unsigned turns_ = 0;  // begun, one within the other
};

}  // namespace roamdesk::element
