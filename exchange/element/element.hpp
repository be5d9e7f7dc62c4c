#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/engine.hpp"
#include "exchange/element/audit_allowance.hpp"
#include "exchange/element/authentication.hpp"
#include "exchange/element/context.hpp"
#include "exchange/element/desks.hpp"
#include "exchange/element/dialogues.hpp"
#include "exchange/element/emergency.hpp"
#include "exchange/element/onboarding.hpp"
#include "exchange/element/orphans.hpp"
#include "exchange/element/phone_teller.hpp"
#include "exchange/element/port_pool.hpp"
#include "exchange/element/qualifier.hpp"
#include "exchange/element/record_allowance.hpp"
#include "exchange/element/speaker.hpp"
#include "exchange/presence/subscription_server.hpp"
#include "exchange/registrar/registrar.hpp"
#include "exchange/routing/route.hpp"
#include "exchange/trace/trace.hpp"

namespace roamdesk::element {

// The core's one SIP element: transactions, registrar, calls, hot desks, voice dialogue, lamps and provisioning behind
// one door. Pure: the world is what it is given. Owned by the signalling thread.
class Element : private calls::Host, private DeskActions {
 public:
  Element(World& world, Unique unique, Options options, const provisioning::Provisioner& provisioner,
          hotdesk::Rules rules, Secret nonce_key);

  // What the store held, record by record; then start(), once. Bindings that have not run out ring at once; calls of
  // the last process are ended.
  void restore(Change record);
  void start(const std::vector<OldCredentials>& old, const std::vector<StoredBinding>& bindings,
             std::vector<StoredDialog> dialogs, std::uint32_t highest_desk_number, Now now);

  // ---- from the door
  void handle_sip(const sip::Flow& flow, std::string_view bytes, Now now);
  void handle_flow_closed(const sip::Flow& flow, Now now);
  void handle_media(const media::Event& event, Now now);
  provisioning::HttpAnswer handle_http(const provisioning::HttpRequest& request, Now now);
  // The SBC is there (again): what waited for it is told.
  void handle_site_connected(const SiteId& site, Now now);
  // Its line is down. Calls that cross it end after `line_patience`; those at home go on.
  void handle_site_disconnected(const SiteId& site, Now now);
  static constexpr std::chrono::seconds line_patience{60};
  // ---- from the store, the worker pool, the clock
  void stored(std::uint64_t ticket, bool ok, Now now);
  void pin_checked(std::uint64_t check, bool right, Now now);
  void handle_timeout(Now now);
  // The automatic logout, in each site's own time zone. To be called every few seconds: a clock that jumps is followed.
  void check_clock(Now now);
  std::optional<TimePoint> deadline() const;

  // ---- from the administration; each gives `done` its outcome, at once or later
  void submit(hotdesk::Event event, Now now);
  void log_in(const HotDeskId& desk, const ExtensionNumber& extension, std::string actor, std::string origin,
              bool by_console, Desks::LoginDone done, Now now);
  void log_out(const HotDeskId& desk, hotdesk::EndReason reason, std::string actor, std::string origin,
               Desks::LogoutDone done, Now now);
  void commit(Changes changes, std::function<void(bool ok)> then, Now now);
  // The phone was assigned, or is to be provisioned again: its records say so already.
  void provision(const Mac& mac, Now now);
  // What it shows has changed; it fetches anew when it has no call.
  void content_changed(const Mac& mac, Now now);
  // It is nobody's any more: bindings and lamps end.
  void forget(const Mac& mac, Now now);
  void extension_gone(const ExtensionNumber& extension, Now now);

  // The program is about to end: whoever waits for an answer gets it. True where somebody did, and a moment is needed
  // for the answers to leave.
  bool shut_down(Now now);

  // ---- state
  const Directory& directory() const { return context_.directory; }
  const Settings& settings() const { return context_.settings(); }
  std::string local_time_zone() const { return world_.local_time_zone(); }
  const Desks& desks() const { return desks_; }
  const registrar::Registrar& registrar() const { return registrar_; }
  const Onboarding& onboarding() const { return onboarding_; }
  // Registered, its line stands, and it answers.
  bool is_online(const Mac& device) const;
  std::size_t phones_online() const;
  // Forgets the phones that nobody has assigned, of all sites or of one. How many there were.
  std::size_t clear_discoveries(const std::optional<SiteId>& site) { return onboarding_.clear_discoveries(site); }
  std::vector<calls::CallInfo> calls() const { return calls_.calls(); }
  // None: no emergency call.
  std::optional<EmergencyPlace> place_of(const calls::CallInfo& call) const;
  WallTime wall(TimePoint mono) const { return desks_.wall(mono); }
  // The keys of whoever should be on this phone for which it has no place.
  std::vector<Key> keys_not_shown(const Mac& mac) const;
  const PhoneViews& views() const { return views_; }
  // The SIP of calls that are up and of the last ones that ended.
  const trace::Trace& trace() const { return trace_; }
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
  void trim_history();
  // ---- emergency calls (element_emergency.cpp)
  std::optional<std::string> emergency_of(const sip::Message& request) const;
  void on_emergency(const sip::RequestReceived& e, const std::string& number);
  EmergencyPlace place_of(const sip::FlowAddress& address, const std::optional<Mac>& phone, std::string number) const;
  std::optional<Mac> device_at(const sip::FlowAddress& address) const;
  bool is_at(const Mac& device, const sip::FlowAddress& address) const;

  void on(const sip::TransactionEvent& event);
  void on_response(const sip::ResponseReceived& e, const sip::TransactionEvent& event);
  void on_failure(const sip::ClientTxFailed& e, const sip::TransactionEvent& event);
  void on_request(const sip::RequestReceived& e);
  void on_register(const sip::RequestReceived& e);
  void on_invite(const sip::RequestReceived& e);
  void on_subscribe(const sip::RequestReceived& e);
  void refuse(const sip::RequestReceived& e, int status);
  // Whose credentials the request carries, and for whom it speaks; none: it was answered.
  std::optional<Speaker> authenticate(const sip::RequestReceived& e);

  // ---- who speaks for whom (element_rights.cpp)
  Speaker speaker(registrar::Account account, const sip::FlowAddress& from) const;
  std::optional<ExtensionNumber> person_at(const Mac& device) const;
  calls::Caller caller_of(const Speaker& speaker) const;
  static routing::Dialler dialler_of(const Speaker& speaker);
  routing::Dialler dialler_of(const calls::Caller& caller) const;
  void report_stranger(const Speaker& speaker, const sip::FlowAddress& from, const char* what);

  // ---- calls (element_calls.cpp)
  void on(calls::Event&& e);
  void call_ended(const calls::CallChanged& changed);
  std::vector<calls::Target> targets_of(const ExtensionNumber& number);
  // To ring that person there; none: it isn't there, or would speak for somebody else.
  std::optional<calls::Target> target(const Mac& device, const Extension& extension);
  bool held_for(const ExtensionNumber& number) const;
  void ring_waiting(const Mac& device);
  void takeover_refused(const calls::TakeoverRefused& refused);
  void publish_lamp(const std::string& number);

  // calls::Host
  std::optional<Endpoint> allocate_media(const SiteId& site, Ipv4 face) override;
  void release_media(const SiteId& site, Endpoint endpoint) override;
  void media(media::Order order) override;
  calls::Route route(const calls::Caller& by, std::string_view user) override;
  bool vouches(calls::PeerId peer, sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) override;
  bool may_watch(const calls::Caller& by, std::string_view number) override;
  std::optional<sip::Flow> reach(const std::optional<calls::PeerId>& peer, const sip::FlowAddress& address) override;
  // DeskActions
  void tell_phone(const HotDesk& desk, hotdesk::Telling how) override;
  void renew_token(const HotDesk& desk) override;
  void redraw_token(const HotDesk& desk) override;
  void end_lamps(const HotDesk& desk) override;

  std::optional<std::string> authorise(const Mac& device, const sip::Message& request, const sip::Message& challenge);

  // ---- bindings (element_bindings.cpp)
  void store_binding(const registrar::Binding& binding);
  void binding_gone(const Mac& device, const std::string& aor_user, bool expired);
  std::optional<sip::Flow> flow_of(const Mac& device) const;
  // The flow that it registered over, else a connection to where it listens.
  std::optional<sip::Flow> flow_of(const registrar::Binding& binding) const;
  std::optional<Ipv4> registered_at(const Mac& device) const;

  World& world_;
  mutable Context context_;
  sip::TransactionLayer transactions_;
  registrar::Registrar registrar_;
  Authenticator authenticator_;
  PortPool ports_;
  calls::Engine calls_;
  presence::SubscriptionServer presence_;
  Desks desks_;
  Dialogues dialogues_;
  PhoneTeller teller_;
  PhoneViews views_;
  Onboarding onboarding_;
  Orphans orphans_;
  Qualifier qualifier_;
  std::set<SiteId> away_;                         // sites whose line is down
  std::map<Mac, SiteId> unprobed_;                // whose registration ran out while its line was down
  Timers<SiteId> line_deadlines_;                 // when calls across it end
  std::unordered_map<Mac, std::size_t> dialogs_;  // of devices that have any
  unsigned turns_ = 0;                            // begun, one within the other
  AuditAllowance emergencies_, takeovers_, strangers_;
  EmergencyAllowance emergencies_told_;
  RecordAllowance unanswered_;
  std::optional<WallTime> history_trimmed_;
  trace::Trace trace_;
  WallTime clock_checked_{};  // until then the clock's logouts have happened
};

}  // namespace roamdesk::element
