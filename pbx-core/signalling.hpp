#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/dns/resolver.hpp"
#include "exchange/element/element.hpp"
#include "pbx-core/api/api.hpp"
#include "pbx-core/config.hpp"
#include "pbx-core/door/door.hpp"
#include "pbx-core/operations/hep_tap.hpp"
#include "pbx-core/pin_pool/hasher.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::core {

// The element's world: door, store, worker pool, clock and timer, on the signalling thread.
class Signalling : public element::World, public door::DoorHandler {
 public:
  struct Parts {
    boost::asio::io_context& io;
    const Config& config;
    store::Store& store;
    api::Hasher& hasher;
    const provisioning::Provisioner& provisioner;
    media::Plane& media;
    crypto::Authority authority;
    std::vector<tunnel::link::MediaLink*> media_links;
    std::optional<net::TlsIdentity> sips;
    Handshakes* handshakes = nullptr;
  };
  explicit Signalling(Parts parts);

  // Restores what the store held, then opens the door. Throws std::runtime_error.
  void start(store::Snapshot snapshot);
  // Before stop(). Lets the loop run for a moment where what was said has to leave.
  void shut_down();
  // Behind it: leaves to the next process what it goes on with. From then on nothing that comes in is heard: it is the
  // next one's.
  void hand_over();
  void stop();
  void set_publisher(std::function<void(const element::Notice&)> publish) { publish_ = std::move(publish); }

  element::Now now() const;
  WallTime midnight() const;  // the last one, in the core's time zone
  element::Element& element() { return element_; }
  door::Door& door() { return door_; }
  HepTap::Counts hep() const { return hep_ ? hep_->counts() : HepTap::Counts{}; }
  // Any thread: runs `task` on the signalling thread.
  void post(std::function<void()> task);
  // Any thread: what a media thread has to tell.
  void post_media(std::vector<media::Event> events);

 private:
  // Any thread. Of one transaction all are told in one task.
  void post_stored(element::StoreTicket ticket, bool ok);
  void check_clock();
  void warn_of_emergency_routes() const;

  // element::World
  void send(sip::FlowId flow, std::string bytes) override;
  std::optional<sip::Flow> learnt(std::optional<sip::Flow> flow);
  std::optional<sip::Flow> find_or_open(const sip::FlowAddress& address) override;
  std::optional<sip::Flow> connect(const sip::FlowAddress& address) override;
  bool reaches(const SiteId& site) const;
  void locate(element::LookupId lookup, names::Query query) override;
  std::optional<sip::Flow> dial(const SiteId& site, sip::Transport transport, Endpoint peer,
                                const std::optional<sip::TlsName>& tls) override;
  void prove(const sip::FlowAddress& flow, sip::Standing standing) override { door_.prove(flow, standing); }
  void release(const sip::FlowAddress& flow) override { door_.release(flow); }
  void order(const media::Order& order) override { door_.order(order); }
  std::optional<door::Front> front(const SiteId& site, std::optional<IpAddress> at) const override {
    return door_.front(site, at);
  }
  element::Zone zone(const std::string& name) const override;
  std::string local_time_zone() const override { return config_.time_zone.value(); }
  std::optional<WallTime> last_strike(const std::string& zone, const std::string& time) const override;
  void commit(Changes changes, element::StoreTicket ticket) override;
  void put_binding(StoredBinding binding) override { store_.put_bindings_behind({std::move(binding)}); }
  void delete_binding(const Mac& mac, const std::string& aor_user) override {
    store_.delete_bindings_behind({{mac, aor_user}});
  }
  void put_dialog(StoredDialog dialog) override { store_.put_dialog_behind(std::move(dialog)); }
  void delete_dialog(const std::string& tag) override { store_.delete_dialog_behind(tag); }
  void check_pin(hotdesk::AttemptId attempt, Secret pin, std::string hash) override;
  void publish(element::Notice notice) override;
  void wake_at(std::optional<TimePoint> deadline) override;
  // door::DoorHandler
  void on_sip(const sip::Flow& flow, std::string_view message) override;
  void on_flow_closed(const sip::Flow& flow, std::string_view why) override;
  void on_http(door::HttpRequest request, door::HttpReply reply) override;
  void on_media(const media::Event& event) override;
  void on_sbc_connected(const std::string& name, bool fresh) override;
  void on_sbc_disconnected(const std::string& name, const std::string& why) override;
  std::optional<Sbc> find_sbc(const std::string& name) const override;
  void store_sbc(Sbc record, std::function<void(bool ok)> done) override;

  boost::asio::io_context& io_;
  const Config& config_;
  element::Handover handover_;  // of the last process, until start()
  const tunnel::InstanceId instance_;
  bool handed_over_ = false;
  store::Store& store_;
  api::Hasher& hasher_;
  door::Door door_;
  dns::Resolver resolver_;
  element::Element element_;
  boost::asio::steady_timer timer_, clock_;
  std::optional<TimePoint> armed_;
  std::function<void(const element::Notice&)> publish_;
  std::optional<HepTap> hep_;
  // What the store has done, for the signalling thread to take.
  std::mutex stored_mutex_;
  std::vector<std::pair<element::StoreTicket, bool>> stored_;
};

// The address that other machines most likely know us by: the first that isn't loopback.
IpAddress own_address();

}  // namespace roamdesk::core
