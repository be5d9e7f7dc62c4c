#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/tunnel/link/server.hpp"
#include "pbx-core/door/asked.hpp"
#include "pbx-core/door/door_handler.hpp"
#include "pbx-core/door/enrolments.hpp"
#include "pbx-core/door/lan_certificates.hpp"
#include "pbx-core/door/media_router.hpp"
#include "pbx-core/door/relayed_http.hpp"
#include "pbx-core/door/sbc_info.hpp"
#include "pbx-core/door/site_flows.hpp"

namespace roamdesk::door {

// All SBCs: the door's far half. What an SBC says is taken as said by its own site only (its certificate's name).
class Branches final : public tunnel::link::ServerHandler {
 public:
  // `core`: its own addresses.
  Branches(boost::asio::io_context& io, DoorHandler& handler, Enrolments& enrolments, MediaRouter& media,
           std::function<sip::FlowId()> next_id, std::vector<IpAddress> core, const Contents& contents);

  void attach(tunnel::link::Server& server) { server_ = &server; }

  // False: not one of ours.
  bool send(sip::FlowId flow, std::string_view message);
  std::optional<sip::Flow> find_or_open(const sip::FlowAddress& address) { return open(address, sip::Transport::udp); }
  std::optional<sip::Flow> connect(const sip::FlowAddress& address) { return open(address, sip::Transport::tcp); }
  // To a peer that an administrator has named; not over TLS. nullopt as above, and without a LAN that has SIP.
  std::optional<sip::Flow> dial(const SiteId& site, sip::Transport transport, Endpoint peer);
  bool close(sip::FlowId flow);
  void prove(const sip::FlowAddress& address, sip::Standing standing);
  void release(const sip::FlowAddress& address);
  void send_frame(const SiteId& site, tunnel::Frame frame);
  void configure(const Sbc& record);
  void report(const SiteId& site, tunnel::ReportOrder order, SbcPort::Reported done);
  void restart(const SiteId& site, tunnel::RestartOrder order, SbcPort::Restarted done);
  const std::vector<tunnel::Lan>* lans(const SiteId& site) const;
  // Port 0: it serves no provisioning over TLS there.
  Endpoint https(const SiteId& site, IpAddress lan) const;
  std::vector<SbcInfo> infos() const;
  // nullopt if it was never here. Asked for each SBC in turn: it costs the same with 2,000 of them.
  std::optional<SbcInfo> info(const SiteId& site) const;
  // True where the engine's report about this stream is the SBC's to make.
  bool reports_itself(media::StreamId stream) const;
  void note_closing(media::StreamId stream, const SiteId& site) { closing_.insert_or_assign(stream, site); }

  bool is_allowed(const SiteId& site, std::string_view serial) override;
  void on_enrol(const tunnel::Enrol& enrol, Reply reply) override;
  void on_renew(const SiteId& site, const std::string& request, Reply reply) override;
  void on_connected(const SiteId& site, const tunnel::Hello& hello, bool resumed) override;
  void on_disconnected(const SiteId& site, tunnel::Reason reason, std::string_view text) override;
  void on_expired(const SiteId& site) override;
  void on_frame(const SiteId& site, tunnel::Frame frame) override;
  void on_turned_away(const tunnel::link::TurnedAway& since) override;

 private:
  struct Branch {
    explicit Branch(const SiteId& site) : flows(site) {}
    SiteFlows flows;
    std::shared_ptr<RelayedHttp> http;
    std::shared_ptr<Asked> asked;
    std::vector<tunnel::Lan> lans;
    std::vector<Endpoint> https;               // where it serves provisioning over TLS
    std::optional<tunnel::UpdateNews> update;  // the last
    bool is_run_from_core = false;
    std::optional<tunnel::SettingsNews> uses;  // since its program's start
    bool has_session = false;
    bool connected = false;
  };
  Branch& branch(const SiteId& site);
  SbcInfo info_of(const tunnel::link::SbcStatus& status) const;
  // nullptr: it can't be run from here now.
  Branch* remote(const SiteId& site);
  static void handle_operation(Branch& branch, tunnel::Frame frame);
  // The flow that there is; else one is opened, over `transport` only.
  std::optional<sip::Flow> open(const sip::FlowAddress& address, sip::Transport transport);
  void lose_session(const SiteId& site, Branch& branch);
  void begin_session(Branch& branch);
  void handle(const SiteId& site, Branch& branch, const tunnel::FlowOpen& frame);
  void handle(const SiteId& site, Branch& branch, const tunnel::Sip& frame);
  void handle(const SiteId& site, Branch& branch, const tunnel::FlowClose& frame);
  void handle(const SiteId& site, const Branch& branch, const tunnel::LanCertificateWanted& frame);
  static void handle(Branch& branch, const tunnel::HttpsOffered& frame);
  void handle(const SiteId& site, const tunnel::StreamFailed& frame);
  void handle(const SiteId& site, const tunnel::StreamQuality& frame);

  boost::asio::io_context& io_;
  DoorHandler& handler_;
  Enrolments& enrolments_;
  MediaRouter& media_;
  std::function<sip::FlowId()> next_id_;
  const Contents& contents_;
  LanCertificates certificates_;
  tunnel::link::Server* server_ = nullptr;
  std::map<SiteId, Branch> branches_;
  std::map<sip::FlowId, SiteId> site_of_flow_;
  std::map<media::StreamId, SiteId> closing_;  // closed; the SBC's last word about it is awaited
};

}  // namespace roamdesk::door
