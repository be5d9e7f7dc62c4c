#include "pbx-core/door/door.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/asio/wall_clock.hpp"
#include "common/crypto/random.hpp"
#include "common/edge/dropped_line.hpp"
#include "common/log/log.hpp"
#include "pbx-core/door/branches.hpp"
#include "pbx-core/door/local_http.hpp"
#include "pbx-core/door/local_network.hpp"

namespace roamdesk::door {
namespace {

constexpr std::chrono::seconds sweep{5};
constexpr std::chrono::milliseconds slice{5};
constexpr std::chrono::hours server_certificate_lifetime{24 * 825};

LocalNetwork::Settings local_settings(const DoorSettings& settings) {
  LocalNetwork::Settings local;
  net::SipNetwork network{settings.udp, settings.tcp, settings.tls, {}};
  if (settings.pnp_group) {
    local.listeners.pnp_group = *settings.pnp_group;
    network.pnp = settings.pnp_interfaces;
  }
  local.listeners.networks.push_back(std::move(network));
  local.listeners.handshakes = settings.handshakes;
  local.identity = settings.sips_identity;
  local.edge = settings.edge;
  return local;
}

std::vector<IpAddress> own_addresses(const DoorSettings& settings) {
  std::vector<IpAddress> own{settings.advertise};
  for (const auto& listener : {settings.udp, settings.tcp, settings.tls, settings.https})
    if (listener) own.push_back(listener->address);
  for (const Endpoint& listener : settings.tunnel) own.push_back(listener.address);
  return own;
}

}  // namespace

edge::Edge::Settings local_edge() {
  edge::Edge::Settings settings;
  auto& newcomers = settings.newcomers;
  newcomers.per_source = {.per_second = 400, .burst = 2000, .sources = 16384};
  // A morning on which thousands of phones boot, and not a core's time.
  newcomers.first = {1500, 3000};
  newcomers.help = {100, 200};
  newcomers.home = {1000, 2000};
  newcomers.repeated = newcomers.continued = newcomers.streams = {1000, 2000};
  settings.flows.udp_flows = settings.flows.udp_flows_per_address = 100'000;
  settings.flows.newcomers = 10'000;
  settings.flows.unproven_per_address = 2000;
  settings.first_number = 1;  // odd: the core's own networks'
  return settings;
}

class Door::Impl {
 public:
  Impl(boost::asio::io_context& io, DoorSettings settings, crypto::Authority authority, DoorHandler& handler,
       media::Plane* media, std::vector<tunnel::link::MediaLink*> links)
      : io_(io),
        settings_(std::move(settings)),
        handler_(handler),
        media_(media),
        links_(std::move(links)),
        enrolments_(handler, std::move(authority), settings_.certificate_lifetime,
                    settings_.wall_now ? settings_.wall_now : roamdesk::wall_now),
        contents_(settings_.contents),
        branches_(
            io, handler, enrolments_, router_, [this] { return next_id(); }, own_addresses(settings_), contents_),
        local_(io, local_settings(settings_),
               {[this](const sip::Flow& flow, std::string_view message) { handler_.on_sip(flow, message); },
                [this](const sip::Flow& flow, std::string_view why) { handler_.on_flow_closed(flow, why); }}),
        timer_(io) {}

  void start() {
    local_.start();
    if (!settings_.tunnel.empty()) start_tunnel();
    wait();
  }

  void stop() {
    timer_.cancel();
    local_.stop();
    if (server_) server_->stop();
  }

  void order(const media::Order& order) {
    if (const auto* close = std::get_if<media::CloseStream>(&order)) {
      const auto site = router_.site_of(close->stream);
      if (site && *site != local_site()) branches_.note_closing(close->stream, *site);
    }
    perform(router_.handle(order));
  }

  void handle_engine_event(const media::Event& event) {
    if (const auto* ended = std::get_if<media::PlayEnded>(&event)) perform(router_.handle_play_ended(*ended));
    if (const auto* ended = std::get_if<media::RecordingEnded>(&event)) perform(router_.handle_recording_ended(*ended));
    if (const auto* quality = std::get_if<media::StreamQuality>(&event))
      if (branches_.reports_itself(quality->stream)) return;  // the trunk's figures aren't the phone's
    handler_.on_media(event);
  }

  void kick(const std::string& name) {
    if (server_) server_->disconnect(SiteId{name}, tunnel::Reason::revoked, "deleted, or its certificate replaced");
  }

  std::optional<Front> front(const SiteId& site, std::optional<IpAddress> at) const {
    return site == local_site() ? local_front(at) : sbc_front(site, at);
  }

  std::optional<tunnel::link::MediaPeer> media_peer(const SiteId& site) const {
    if (site == local_site() || !server_) return std::nullopt;
    return server_->media_peer(site);
  }

  DoorHandler& handler() { return handler_; }
  Contents& contents() { return contents_; }
  LocalNetwork& local() { return local_; }
  Branches& branches() { return branches_; }
  Enrolments& enrolments() { return enrolments_; }
  tunnel::link::Server* server() { return server_.get(); }

 private:
  sip::FlowId next_id() { return sip::FlowId{last_flow_ += 2}; }

  void start_tunnel() {
    tunnel::link::Server::Settings server;
    server.listen = settings_.tunnel;
    server.identity = enrolments_.authority().make_server(settings_.server_names, crypto::random_bytes(16),
                                                          roamdesk::wall_now(), server_certificate_lifetime);
    server.software = settings_.software;
    server.session = settings_.session;
    server.instance = settings_.instance;
    server.handshakes = settings_.handshakes;
    server_ = std::make_unique<tunnel::link::Server>(io_, std::move(server), branches_, links_);
    branches_.attach(*server_);
    server_->start();
  }

  void perform(MediaEffects effects) {
    for (auto& effect : effects) {
      if (auto* frame = std::get_if<ToSbc>(&effect)) {
        branches_.send_frame(frame->site, std::move(frame->frame));
        continue;
      }
      if (const auto* engine = std::get_if<ToEngine>(&effect); engine && media_) media_->order(engine->order);
    }
  }

  std::optional<Front> local_front(std::optional<IpAddress> at) const {
    Front front;
    const auto address_of = [&](const std::optional<Endpoint>& listener) {
      if (listener && !listener->address.is_unspecified()) return listener->address;
      return at && !at->is_unspecified() ? *at : settings_.advertise;
    };
    const auto udp = local_.at(sip::Transport::udp), tls = local_.at(sip::Transport::tls);
    const auto sip = udp ? udp : local_.at(sip::Transport::tcp);
    if (sip) front.sip = {address_of(sip), sip->port};
    if (tls) front.sips = {address_of(tls), tls->port};
    front.provisioning = {address_of(sip ? sip : tls), settings_.provisioning_port};
    if (settings_.https) front.https = {address_of(settings_.https), settings_.https->port};
    if (settings_.ntp) front.ntp = {address_of(settings_.ntp), settings_.ntp->port};
    front.rtp = settings_.rtp;
    return front;
  }

  std::optional<Front> sbc_front(const SiteId& site, std::optional<IpAddress> at) const {
    const auto* lans = branches_.lans(site);
    if (!lans) return std::nullopt;
    auto lan = lans->begin();
    if (at) {
      lan = std::find_if(lans->begin(), lans->end(), [&](const tunnel::Lan& l) { return l.address == *at; });
      if (lan == lans->end()) return std::nullopt;
    }
    Front front;
    front.sip = {lan->address, lan->sip};
    front.sips = {lan->address, lan->sips};
    front.provisioning = {lan->address, lan->provisioning};
    front.https = branches_.https(site, lan->address);
    front.ntp = {lan->address, lan->ntp};
    front.rtp = lan->rtp;
    return front;
  }

  void wait() { wait_for(sweep); }

  void wait_for(Duration time) {
    timer_.expires_after(time);
    timer_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      // In slices, so that messages come in between.
      wait_for(local_.expire(std::chrono::steady_clock::now()) ? slice : Duration{sweep});
      if (const auto line = dropped_.handle(local_.counters(), std::chrono::steady_clock::now()))
        log::warning("sip.dropped", {{"what", *line}});
    });
  }

  boost::asio::io_context& io_;
  DoorSettings settings_;
  DoorHandler& handler_;
  media::Plane* media_;
  std::vector<tunnel::link::MediaLink*> links_;
  std::uint64_t last_flow_ = 0;  // even: branches'; the core's own networks number theirs by odd ones
  MediaRouter router_;
  Enrolments enrolments_;
  Contents contents_;
  Branches branches_;
  LocalNetwork local_;
  std::unique_ptr<tunnel::link::Server> server_;
  boost::asio::steady_timer timer_;
  edge::DroppedLine dropped_;
};

Door::Door(boost::asio::io_context& io, DoorSettings settings, crypto::Authority authority, DoorHandler& handler,
           media::Plane* media, std::vector<tunnel::link::MediaLink*> media_links)
    : impl_(std::make_unique<Impl>(io, std::move(settings), std::move(authority), handler, media,
                                   std::move(media_links))) {}
Door::~Door() = default;

void Door::start() { impl_->start(); }
void Door::stop() { impl_->stop(); }

void Door::use_sips_identity(const net::TlsIdentity& identity) { impl_->local().use_identity(identity); }

void Door::send(sip::FlowId flow, std::string_view message) {
  if (!impl_->local().send(flow, message)) impl_->branches().send(flow, message);
}

std::optional<sip::Flow> Door::find_or_open(const sip::FlowAddress& address) {
  return address.site == local_site() ? impl_->local().find_or_open(address, std::chrono::steady_clock::now())
                                      : impl_->branches().find_or_open(address);
}

std::optional<sip::Flow> Door::connect(const sip::FlowAddress& address) {
  return address.site == local_site() ? impl_->local().connect(address, std::chrono::steady_clock::now())
                                      : impl_->branches().connect(address);
}

bool Door::can_reach(sip::Transport transport, const Endpoint& peer) const {
  return impl_->local().can_reach(transport, peer);
}
std::optional<sip::Flow> Door::dial(const SiteId& site, sip::Transport transport, Endpoint peer,
                                    const std::optional<sip::TlsName>& tls) {
  return site == local_site() ? impl_->local().dial(transport, peer, tls, std::chrono::steady_clock::now())
                              : impl_->branches().dial(site, transport, peer);
}

void Door::prove(const sip::FlowAddress& flow, sip::Standing standing) {
  if (flow.site == local_site())
    impl_->local().prove(flow, standing);
  else
    impl_->branches().prove(flow, standing);
}

void Door::release(const sip::FlowAddress& flow) {
  if (flow.site == local_site())
    impl_->local().release(flow);
  else
    impl_->branches().release(flow);
}

void Door::close(sip::FlowId flow) {
  if (!impl_->local().close(flow)) impl_->branches().close(flow);
}

void Door::handle_http(const http::Request& request, http::Respond respond) {
  handle_local_http(request, std::move(respond), impl_->handler(), impl_->contents());
}

void Door::order(const media::Order& order) { impl_->order(order); }
std::optional<tunnel::link::MediaPeer> Door::media_peer(const SiteId& site) const { return impl_->media_peer(site); }
void Door::handle_engine_event(const media::Event& event) { impl_->handle_engine_event(event); }

std::optional<Front> Door::front(const SiteId& site, std::optional<IpAddress> at) const {
  return impl_->front(site, at);
}

Door::LocalSip Door::local_sip() const {
  const auto& local = impl_->local();
  return {local.counters(), local.flows(), local.connections_refused()};
}

tunnel::link::TurnedAway Door::turned_away() const {
  return impl_->server() ? impl_->server()->turned_away() : tunnel::link::TurnedAway{};
}

std::vector<SbcInfo> Door::sbcs() const { return impl_->branches().infos(); }

std::optional<SbcInfo> Door::sbc(const std::string& name) const { return impl_->branches().info(SiteId{name}); }

void Door::kick(const std::string& name) { impl_->kick(name); }
void Door::update(const std::string& name, tunnel::UpdateOrder order) {
  impl_->branches().send_frame(SiteId{name}, std::move(order));
}
void Door::configure(const Sbc& record) { impl_->branches().configure(record); }
void Door::report(const std::string& name, tunnel::ReportOrder order, Reported done) {
  impl_->branches().report(SiteId{name}, std::move(order), std::move(done));
}
void Door::restart(const std::string& name, tunnel::RestartOrder order, Restarted done) {
  impl_->branches().restart(SiteId{name}, std::move(order), std::move(done));
}
Secret Door::make_enrolment_key(Sbc& record) const { return impl_->enrolments().make_key(record); }

std::optional<Endpoint> Door::udp() const { return impl_->local().at(sip::Transport::udp); }
std::optional<Endpoint> Door::tcp() const { return impl_->local().at(sip::Transport::tcp); }
std::optional<Endpoint> Door::tls() const { return impl_->local().at(sip::Transport::tls); }
Endpoint Door::tunnel(std::size_t index) const {
  return impl_->server() ? impl_->server()->local_endpoint(index) : Endpoint{};
}

}  // namespace roamdesk::door
