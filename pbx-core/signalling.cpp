#include "pbx-core/signalling.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>

#include "common/asio/wall_clock.hpp"
#include "common/base/ring_time.hpp"
#include "common/crypto/random.hpp"
#include "common/log/log.hpp"
#include "exchange/model/emergency_route.hpp"
#include "pbx-core/operations/handover_file.hpp"
#include "pbx-core/operations/past_calls.hpp"
#include "pbx-core/platform/time_zones.hpp"

namespace roamdesk::core {
namespace {

// Branches know us as the process whose calls go on, if there is one.
tunnel::InstanceId instance_of(const element::Handover& handover) {
  std::array<std::uint8_t, 16> bytes{};
  if (handover.instance.size() == bytes.size())
    std::copy(handover.instance.begin(), handover.instance.end(), bytes.begin());
  else
    crypto::fill_random(bytes);
  return tunnel::InstanceId{bytes};
}

door::DoorSettings door_settings(const Config& config, std::optional<net::TlsIdentity> sips, Handshakes* handshakes,
                                 const tunnel::InstanceId& instance) {
  door::DoorSettings settings;
  settings.instance = instance;
  settings.handshakes = handshakes;
  settings.ntp = config.ntp;
  settings.udp = config.sip.udp;
  settings.tcp = config.sip.tcp;
  settings.tls = config.sip.tls;
  settings.sips_identity = std::move(sips);
  settings.pnp_group = config.pnp.interfaces.empty() ? std::nullopt : config.pnp.listen;
  settings.pnp_interfaces = config.pnp.interfaces;
  const auto listener = config.sip.udp ? config.sip.udp : config.sip.tcp;
  settings.advertise = listener && !listener->address.is_unspecified() ? listener->address
                                                                       : config.rtp.advertise.value_or(own_address());
  settings.provisioning_port = config.http.listen ? config.http.listen->port : std::uint16_t{0};
  // A certificate of the administrator's own is none that phones could be told to trust.
  if (!config.http.certificate) settings.https = config.http.tls;
  settings.rtp = config.rtp.ports;
  settings.tunnel = config.tunnel;
  settings.contents = firmware_folder(config.state_dir);
  return settings;
}

element::Options element_options(const Config& config, const crypto::Authority& authority) {
  return {.domain = config.sip.domain, .defaults = config.settings, .authority = authority.certificate()};
}

hotdesk::Rules hot_desk_rules(const Config& config) {
  hotdesk::Rules rules;
  rules.policy = {config.settings.move_when_already_logged_in, config.settings.max_session};
  return rules;
}

}  // namespace

IpAddress own_address() {
  IpAddress found{INADDR_LOOPBACK};
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return found;
  for (const ifaddrs* entry = list; entry; entry = entry->ifa_next) {
    if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET) continue;
    const IpAddress address{ntohl(reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr.s_addr)};
    if (address.is_loopback()) continue;
    found = address;
    break;
  }
  freeifaddrs(list);
  return found;
}

Signalling::Signalling(Parts parts)
    : io_(parts.io),
      config_(parts.config),
      handover_(take_handover(config_.state_dir, wall_now())),
      instance_(instance_of(handover_)),
      store_(parts.store),
      hasher_(parts.hasher),
      door_(parts.io, door_settings(parts.config, std::move(parts.sips), parts.handshakes, instance_), parts.authority,
            *this, &parts.media, parts.media_links),
      resolver_(parts.io, {.servers = parts.config.dns_servers}),
      element_(
          *this, [] { return crypto::random_hex(16); }, element_options(parts.config, parts.authority),
          parts.provisioner, hot_desk_rules(parts.config), Secret{crypto::random_hex(32)}),
      timer_(parts.io),
      clock_(parts.io) {
  if (config_.hep) hep_.emplace(io_, *config_.hep);
}

void Signalling::start(store::Snapshot snapshot) {
  // Each kind is given up before the next one is taken in: thousands of records are never there twice.
  const auto restore = [this]<class Put>(auto& records, std::in_place_type_t<Put>) {
    for (auto& record : std::exchange(records, {})) element_.restore(Put{std::move(record)});
  };
  std::apply(
      [&restore]<class... R>(std::vector<R>&... records) { (restore(records, std::in_place_type<Put<R>>), ...); },
      snapshot.plain);
  restore(snapshot.extensions, std::in_place_type<PutExtension>);
  restore(snapshot.desks, std::in_place_type<PutDesk>);
  restore(snapshot.phones, std::in_place_type<PutPhone>);
  restore(snapshot.sessions, std::in_place_type<StartSession>);
  restore(snapshot.pin_failures, std::in_place_type<PutPinFailures>);
  if (snapshot.settings) element_.restore(PutSettings{*snapshot.settings});
  // The door first: bindings that are restored ring over its flows at once.
  door_.start();
  element_.start(snapshot.old_credentials, snapshot.bindings, std::move(snapshot.dialogs), snapshot.highest_desk_number,
                 now(), std::exchange(handover_, {}));
  if (const auto calls = element_.calls().size(); calls > 0) log::info("core.calls_go_on", {{"calls", calls}});
  recall_outside_calls(
      store_, now().wall, [this](auto task) { post(std::move(task)); },
      [this](const CallRecord& call) { element_.remember(call, now()); });
  const Settings& settings = element_.settings();
  element_.submit(hotdesk::PolicyChanged{{settings.move_when_already_logged_in, settings.max_session}}, now());
  warn_of_emergency_routes();
  check_clock();
}

void Signalling::warn_of_emergency_routes() const {
  constexpr std::size_t most = 20;
  const auto places = places_without_route(element_.directory(), element_.settings());
  for (std::size_t i = 0; i < places.size() && i < most; ++i)
    log::warning(
        "emergency.no_route",
        {{"place", places[i].name},
         {"detail", to_string(places[i]) +
                        ": a call for help from there is answered by an announcement; see docs/emergency.md"}});
  if (places.size() > most)
    log::warning("emergency.no_route", {{"detail", std::to_string(places.size() - most) + " more places like these"}});
}

void Signalling::shut_down() {
  constexpr std::chrono::milliseconds moment{200};
  if (!element_.shut_down(now())) return;
  io_.restart();
  io_.run_for(moment);
}

void Signalling::hand_over() {
  auto handover = element_.hand_over(now());
  handover.instance.assign(instance_.value().begin(), instance_.value().end());
  handed_over_ = true;
  write_handover(config_.state_dir, handover);
}

void Signalling::stop() {
  timer_.cancel();
  clock_.cancel();
  door_.stop();
}

element::Now Signalling::now() const { return {std::chrono::steady_clock::now(), wall_now()}; }

void Signalling::post(std::function<void()> task) { boost::asio::post(io_, std::move(task)); }

void Signalling::post_media(std::vector<media::Event> events) {
  post([this, events = std::move(events)] {
    for (const auto& event : events) door_.handle_engine_event(event);
  });
}

// One timer for the whole element. A spurious handle_timeout does nothing: so nothing races with the timer's
// cancellation, and a deadline that moves away, as each answer moves one, costs no system call: the timer rings and is
// set again. It rings fifty times a second at most: each call leaves half a dozen transactions behind, whose ends
// needn't be waited for one by one.
void Signalling::wake_at(std::optional<TimePoint> deadline) {
  if (!deadline) return;
  const auto ring = ring_time(*deadline, std::chrono::steady_clock::now());
  if (armed_ && *armed_ <= ring) return;
  armed_ = ring;
  timer_.expires_at(ring);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || handed_over_) return;
    armed_.reset();
    element_.handle_timeout(now());
  });
}

void Signalling::check_clock() {
  element_.check_clock(now());
  clock_.expires_after(std::chrono::seconds{5});
  clock_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    check_clock();
  });
}

element::Zone Signalling::zone(const std::string& name) const { return describe_zone(name, now().wall); }

std::optional<WallTime> Signalling::last_strike(const std::string& zone, const std::string& time) const {
  const auto parsed = config::parse_time_of_day(time);
  if (!parsed) return std::nullopt;
  return core::last_strike(zone, *parsed, now().wall);
}

WallTime Signalling::midnight() const { return core::last_strike(config_.time_zone.value(), {}, now().wall); }

void Signalling::commit(Changes changes, element::StoreTicket ticket) {
  // Nobody waits for the record of a call that has ended: those of many calls share a transaction.
  const bool only_calls = std::all_of(changes.begin(), changes.end(), [](const Change& change) {
    return std::holds_alternative<AppendCallRecord>(change);
  });
  const auto stored = [this, ticket](Result<void, store::StoreFault> result) {
    const bool ok = result.has_value();
    if (!ok) log::error("store.failed", {{"why", store::to_string(result.error())}});
    post_stored(ticket, ok);
  };
  store_.commit(std::move(changes), stored,
                only_calls ? store::Store::Urgency::in_company : store::Store::Urgency::at_once);
}

void Signalling::post_stored(element::StoreTicket ticket, bool ok) {
  {
    const std::lock_guard lock{stored_mutex_};
    stored_.emplace_back(ticket, ok);
    if (stored_.size() > 1) return;  // its task takes this one along
  }
  post([this] {
    std::vector<std::pair<element::StoreTicket, bool>> all;
    {
      const std::lock_guard lock{stored_mutex_};
      all.swap(stored_);
    }
    for (const auto& [done, good] : all) element_.stored(done, good, now());
  });
}

void Signalling::check_pin(hotdesk::AttemptId attempt, Secret pin, std::string hash) {
  const auto done = [this, attempt](api::Hasher::Verdict verdict) {
    // A full pool answers no one: the machine's own deadline tells the caller to try later.
    if (verdict == api::Hasher::Verdict::busy) return;
    post([this, attempt, right = verdict == api::Hasher::Verdict::right] {
      element_.pin_checked(attempt, right, now());
    });
  };
  hasher_.verify(crypto::Kind::pin, std::move(pin), std::move(hash), done, api::Hasher::Urgency::at_a_desk);
}

void Signalling::publish(element::Notice notice) {
  if (publish_) publish_(notice);
}

void Signalling::on_sip(const sip::Flow& flow, std::string_view message) {
  if (handed_over_) return;
  if (hep_) hep_->received(flow, message, now().wall);
  element_.handle_sip(flow, message, now());
}

void Signalling::send(sip::FlowId flow, std::string bytes) {
  if (hep_) hep_->sent(flow, bytes, now().wall);
  door_.send(flow, bytes);
}

std::optional<sip::Flow> Signalling::learnt(std::optional<sip::Flow> flow) {
  if (hep_ && flow) hep_->learn(*flow);
  return flow;
}

void Signalling::on_flow_closed(const sip::Flow& flow, std::string_view why) {
  if (hep_) hep_->closed(flow);
  if (!handed_over_) element_.handle_flow_closed(flow, now(), why);
}

void Signalling::on_http(door::HttpRequest request, door::HttpReply reply) {
  reply(element_.handle_http(request, now()));
}

void Signalling::on_media(const media::Event& event) {
  if (!handed_over_) element_.handle_media(event, now());
}

void Signalling::on_sbc_connected(const std::string& name, bool) {
  if (handed_over_) return;
  publish(element::SbcConnected{name});
  element_.handle_site_connected(SiteId{name}, now());
}

void Signalling::on_sbc_disconnected(const std::string& name, const std::string& why) {
  if (handed_over_) return;
  publish(element::SbcDisconnected{name, why});
  element_.handle_site_disconnected(SiteId{name}, now());
}

// A branch whose line is down may come back and find its session as it was; until then no call can reach it.
bool Signalling::reaches(const SiteId& site) const {
  if (site == local_site()) return true;
  const auto sbc = door_.sbc(site.value());
  return sbc && sbc->connected;
}

std::optional<sip::Flow> Signalling::find_or_open(const sip::FlowAddress& address) {
  return reaches(address.site) ? learnt(door_.find_or_open(address)) : std::nullopt;
}

std::optional<sip::Flow> Signalling::connect(const sip::FlowAddress& address) {
  return reaches(address.site) ? learnt(door_.connect(address)) : std::nullopt;
}

void Signalling::locate(element::LookupId lookup, names::Query query) {
  resolver_.locate(query, [this, lookup](names::Located located) {
    // RFC 6724, rule 1: an address that can't be reached (IPv6 where there is none) is the last to be tried.
    std::stable_partition(located.targets.begin(), located.targets.end(), [this](const names::Target& target) {
      return door_.can_reach(target.transport, target.endpoint);
    });
    element_.located(lookup, located, now());
  });
}

std::optional<sip::Flow> Signalling::dial(const SiteId& site, sip::Transport transport, Endpoint peer,
                                          const std::optional<sip::TlsName>& tls) {
  return reaches(site) ? learnt(door_.dial(site, transport, peer, tls)) : std::nullopt;
}

std::optional<Sbc> Signalling::find_sbc(const std::string& name) const {
  const Sbc* found = element_.directory().sbc(name);
  return found ? std::optional{*found} : std::nullopt;
}

void Signalling::store_sbc(Sbc record, std::function<void(bool ok)> done) {
  element_.commit({PutSbc{std::move(record)}}, std::move(done), now());
}

}  // namespace roamdesk::core
