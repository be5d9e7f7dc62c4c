#include "sbc/branch.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "common/asio/wall_clock.hpp"
#include "common/crypto/random.hpp"
#include "common/edge/request_line.hpp"
#include "common/edge/unavailable.hpp"
#include "common/log/log.hpp"
#include "common/phones/pnp.hpp"
#include "common/phones/pnp_origin.hpp"
#include "sbc/branch_settings.hpp"
#include "sbc/sips_identity.hpp"

namespace roamdesk::sbc {
namespace {

constexpr unsigned retry_after = 5;  // seconds; phones back off further by themselves

tunnel::Transport to_tunnel(sip::Transport transport) {
  return static_cast<tunnel::Transport>(static_cast<int>(transport) + 1);
}
static_assert(static_cast<int>(sip::Transport::udp) + 1 == static_cast<int>(tunnel::Transport::udp));
static_assert(static_cast<int>(sip::Transport::tcp) + 1 == static_cast<int>(tunnel::Transport::tcp));
static_assert(static_cast<int>(sip::Transport::tls) + 1 == static_cast<int>(tunnel::Transport::tls));

sip::Transport to_sip(tunnel::Transport transport) {
  return static_cast<sip::Transport>(static_cast<int>(transport) - 1);
}

// Requests that end something: the core must hear of them, also late.
bool ends_something(std::string_view method) { return method == "BYE" || method == "CANCEL" || method == "ACK"; }

// A core tells the streams that it goes on with as soon as it has greeted.
constexpr auto patience_with_streams = std::chrono::seconds{5};
constexpr auto certificate_check = std::chrono::hours{6};

}  // namespace

Branch::Branch(boost::asio::io_context& io, Config config, Options options, media::Plane* media,
               tunnel::link::MediaLink* link)
    : io_(io),
      config_(std::move(config)),
      media_(media),
      edge_(options.edge),
      listeners_(io, listener_settings(config_.lan, options),
                 {[this](const net::FlowKey& key, std::string_view message, bool to_group) {
                    handle_message(key, message, to_group);
                  },
                  {},
                  [this](const net::FlowKey& key, std::string_view) { handle_closed(key); },
                  [this](IpAddress address) { return edge_.is_home(address); }}),
      uplink_(io, uplink_settings(config_, options),
              {[this](Uplink::Known known) { handle_connected(known); }, [this] { handle_disconnected(); },
               [this](tunnel::Frame frame) { handle_frame(std::move(frame)); }},
              link),
      relay_(
          io, {}, [this](tunnel::Frame frame) { return uplink_.status().connected && uplink_.send(std::move(frame)); },
          config_.state_dir / "firmware"),
      serve_https_(options.serve_https),
      certificate_(config_.state_dir, addresses_of(config_.lan), [] { return wall_now(); }),
      streams_(config_.lan),
      package_(options.package),
      updater_({config_.state_dir / "update-request", options.update_result, options.package}),
      remote_(io, remote_parts(options)),
      timer_(io),
      watch_(io) {}

Remote::Parts Branch::remote_parts(const Options& options) {
  Remote::Parts parts;
  parts.state_dir = config_.state_dir;
  parts.own = values_of(config_);
  parts.apply = [this, apply = options.apply](const KeptSettings::Values& values) {
    listeners_.mark(values.sip_dscp);
    if (apply) apply(values);
  };
  parts.send = [this](tunnel::Frame frame) { return uplink_.send(std::move(frame)); };
  parts.status = [this] { return to_text(status()); };
  parts.configuration = [this] { return to_text(config_); };
  parts.streams = [this] { return streams_.size(); };
  parts.restarts = options.restarts;
  return parts;
}

void Branch::use(const Config& config) {
  uplink_.use_cores(names_of(config.core));
  remote_.use(values_of(config));
}

void Branch::start() {
  std::optional<net::TlsIdentity> sips;
  for (const LanConfig& lan : config_.lan)
    if (lan.sips && !sips) sips = load_or_make_sips_identity(config_.state_dir, config_.lan);
  own_certificate_ = sips && !is_made_by_us(*sips);
  if (own_certificate_ && has_https())
    log::warning("https.off", {{"why", "sips.pem is the operator's own; phones can't be told to trust it"}});
  listeners_.start(sips);
  remote_.begin();
  for (const LanConfig& lan : config_.lan) {
    if (!lan.ntp) continue;
    auto server = std::make_unique<net::SntpServer>(io_);
    if (const auto opened = server->open({lan.address, *lan.ntp}); !opened)
      throw std::runtime_error("the time service can't listen on " + to_string(Endpoint{lan.address, *lan.ntp}) + ": " +
                               opened.error().message() + "; ports below 1024 need CAP_NET_BIND_SERVICE");
    time_servers_.push_back(std::move(server));
  }
  uplink_.start();
  secure_lan();
  tick();
  watch();
}

void Branch::stop() {
  timer_.cancel();
  watch_.cancel();
  listeners_.stop();
  time_servers_.clear();
  relay_.handle_disconnected();
  uplink_.stop();
  for (const auto& close : streams_.clear()) order(close);
}

void Branch::handle_closed(const net::FlowKey& key) {
  const auto flow = edge_.close(key);
  if (!flow) return;
  const auto number = static_cast<std::uint32_t>(*flow);
  unannounced_.erase(number);
  uplink_.send(tunnel::FlowClose{tunnel::FlowNumber{number}});
}

void Branch::handle_message(const net::FlowKey& key, std::string_view message, bool to_group) {
  const auto accepted = edge_.handle_message(key, message, std::chrono::steady_clock::now());
  drain_closed();
  if (!accepted) return;
  const auto flow = static_cast<std::uint32_t>(accepted->flow);
  if (accepted->opened) unannounced_.insert(flow);
  if (to_group && !phones::is_discovery(message)) return;
  const auto marked = to_group ? std::nullopt : phones::mark_unicast(message);
  forward(flow, key, marked ? std::string_view{*marked} : message);
}

void Branch::forward(std::uint32_t flow, const net::FlowKey& key, std::string_view message) {
  const auto method = edge::method_of(message);
  const bool wait = uplink_.reachable() || method.empty() || ends_something(method);
  tunnel::Sip frame;
  frame.flow = tunnel::FlowNumber{flow};
  frame.message = std::string{message};
  if (wait && announce(flow, key) && uplink_.send(std::move(frame))) {
    unanswered_.handle_from_phone(flow, message, std::chrono::steady_clock::now());
    return;
  }
  answer_unavailable(key, message);
}

// A line that has gone silent is dead only after 15 s; a phone doesn't wait that long for the first word to an INVITE.
// The core may still get it: then it gets the CANCEL behind it.
void Branch::answer_unanswered() {
  for (auto& given_up : unanswered_.give_up(uplink_.status().heard, std::chrono::steady_clock::now())) {
    const auto key = edge_.find(given_up.flow);
    if (!key) continue;
    answer_unavailable(*key, given_up.invite);
    tunnel::Sip frame;
    frame.flow = tunnel::FlowNumber{given_up.flow};
    if (auto cancel = edge::cancel_of(given_up.invite)) frame.message = std::move(*cancel);
    if (!frame.message.empty()) uplink_.send(std::move(frame));
  }
}

bool Branch::announce(std::uint32_t flow, const net::FlowKey& key) {
  if (!unannounced_.contains(flow)) return true;
  tunnel::FlowOpen open;
  open.flow = tunnel::FlowNumber{flow};
  open.transport = to_tunnel(key.transport);
  open.face = key.face;
  open.peer = key.peer;
  if (!uplink_.send(open)) return false;
  unannounced_.erase(flow);
  return true;
}

void Branch::answer_unavailable(const net::FlowKey& key, std::string_view message) {
  // Any tag will do: without a dialog it only has to differ from others' (RFC 3261 §8.2.6.2).
  const auto response = edge::unavailable(message, retry_after, crypto::random_hex(8));
  if (!response) return;
  ++unavailable_;
  listeners_.send(key, *response);
}

bool Branch::has_https() const {
  return serve_https_ && std::any_of(config_.lan.begin(), config_.lan.end(),
                                     [](const LanConfig& lan) { return lan.https.has_value(); });
}

void Branch::secure_lan() {
  if (own_certificate_ || !has_https()) return;
  looked_at_certificate_ = std::chrono::steady_clock::now();
  if (const auto files = certificate_.usable(uplink_.authority())) {
    const auto identity = certificate_.identity();
    if (identity.certificate != presented_) {
      presented_ = identity.certificate;
      const auto served = serve_https_(*files);
      https_ = served.has_value();
      if (!served) log::error("https.off", {{"why", served.error().message()}});
      listeners_.use_identity(identity);
    }
  }
  if (!uplink_.status().connected) return;
  if (https_) {
    tunnel::HttpsOffered offered;
    for (const LanConfig& lan : config_.lan)
      if (lan.https) offered.at.push_back({{lan.address, *lan.https}});
    uplink_.send(std::move(offered));
  }
  if (auto request = certificate_.request_if_due(uplink_.authority()))
    uplink_.send(tunnel::LanCertificateWanted{std::move(*request)});
}

void Branch::handle(const tunnel::LanCertificate& frame) {
  if (!certificate_.adopt(frame.certificate)) return;
  log::info("sbc.lan_certificate_stored");
  secure_lan();
}

void Branch::handle(const tunnel::UpdateOrder& frame) {
  uplink_.send(updater_.handle(frame, std::chrono::steady_clock::now()));
}

void Branch::handle_disconnected() {
  relay_.handle_disconnected();
  updater_.handle_disconnected();
  remote_.handle_disconnected();
}

void Branch::handle_connected(Uplink::Known known) {
  secure_lan();
  if (known == Uplink::Known::all) return;
  if (known == Uplink::Known::streams) {
    streams_.doubt_all();
    doubted_until_ = std::chrono::steady_clock::now() + patience_with_streams;
  } else {
    for (const auto& close : streams_.clear()) order(close);
  }
  unannounced_.clear();
  for (const auto& announced : edge_.renumber()) {
    const auto flow = static_cast<std::uint32_t>(announced.flow);
    unannounced_.insert(flow);
    announce(flow, announced.key);
  }
}

void Branch::handle_frame(tunnel::Frame frame) {
  if (const auto* sip = std::get_if<tunnel::Sip>(&frame)) {
    handle(*sip);
  } else if (const auto* open = std::get_if<tunnel::FlowOpen>(&frame)) {
    handle(*open);
  } else if (const auto* close = std::get_if<tunnel::FlowClose>(&frame)) {
    handle(*close);
  } else if (const auto* standing = std::get_if<tunnel::FlowStanding>(&frame)) {
    handle(*standing);
  } else if (auto* head = std::get_if<tunnel::HttpHead>(&frame)) {
    relay_.handle(std::move(*head));
  } else if (auto* body = std::get_if<tunnel::HttpBody>(&frame)) {
    relay_.handle(std::move(*body));
  } else if (const auto* cancel = std::get_if<tunnel::HttpCancel>(&frame)) {
    relay_.handle(*cancel);
  } else if (const auto* certificate = std::get_if<tunnel::LanCertificate>(&frame)) {
    handle(*certificate);
  } else if (const auto* order = std::get_if<tunnel::UpdateOrder>(&frame)) {
    handle(*order);
  } else if (!remote_.handle(frame)) {
    handle_stream(frame);
  }
}

void Branch::handle(const tunnel::Sip& frame) {
  if (frame.message.empty()) return;  // it came too late to be said (docs/tunnel.md, Reliability)
  unanswered_.handle_from_core(frame.flow.value(), frame.message);
  if (const auto key = edge_.find(frame.flow.value()))
    listeners_.send(*key, frame.message);
  else
    uplink_.send(tunnel::FlowClose{frame.flow});
}

void Branch::handle(const tunnel::FlowOpen& frame) {
  const net::FlowKey key{to_sip(frame.transport), frame.face, frame.peer};
  const auto now = std::chrono::steady_clock::now();
  bool open = edge_.open_from_core(key, frame.flow.value(), listeners_.faces(), now);
  if (open && key.transport != sip::Transport::udp && !listeners_.connect(key)) {
    edge_.close(frame.flow.value());
    open = false;
  }
  if (!open) uplink_.send(tunnel::FlowClose{frame.flow});
  drain_closed();
}

void Branch::handle(const tunnel::FlowClose& frame) {
  if (const auto key = edge_.close(frame.flow.value())) listeners_.close(*key);
}

void Branch::handle(const tunnel::FlowStanding& frame) {
  edge_.prove(frame.flow.value(), frame.standing);
  const auto key = edge_.find(frame.flow.value());
  if (key && frame.standing != sip::Standing::unproven) listeners_.prove(*key);
}

void Branch::handle_stream(const tunnel::Frame& frame) {
  const auto outcome = streams_.handle(frame);
  if (outcome.answer) uplink_.send(*outcome.answer);
  for (const auto& each : outcome.orders) order(each);
}

void Branch::order(const media::Order& order) {
  if (media_) media_->order(order);
}

void Branch::handle_media(const media::Event& event) {
  if (const auto frame = streams_.report(event)) uplink_.send(*frame);
}

void Branch::drain_closed() {
  while (const auto closed = edge_.poll_closed()) {
    const auto flow = static_cast<std::uint32_t>(closed->number);
    if (unannounced_.erase(flow) == 0) uplink_.send(tunnel::FlowClose{tunnel::FlowNumber{flow}});
  }
}

void Branch::tick() {
  const bool more = edge_.handle_timeout(std::chrono::steady_clock::now());
  drain_closed();
  uplink_.report_load(static_cast<std::uint32_t>(edge_.phones()), static_cast<std::uint32_t>(streams_.size()));
  if (const auto line = dropped_.handle(edge_.counters(), std::chrono::steady_clock::now()))
    log::warning("sip.dropped", {{"what", *line}});
  // Idle flows end in slices, so that messages come in between.
  timer_.expires_after(more ? Duration{std::chrono::milliseconds{5}} : Duration{std::chrono::seconds{5}});
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) tick();
  });
}

void Branch::watch() {
  remote_.look(std::chrono::steady_clock::now());
  answer_unanswered();
  if (uplink_.status().connected)
    if (auto news = updater_.look(std::chrono::steady_clock::now())) uplink_.send(std::move(*news));
  if (doubted_until_ && std::chrono::steady_clock::now() >= *doubted_until_) {
    doubted_until_.reset();
    for (const auto& close : streams_.close_doubted()) order(close);
  }
  if (std::chrono::steady_clock::now() - looked_at_certificate_ > certificate_check) secure_lan();
  watch_.expires_after(std::chrono::seconds{1});
  watch_.async_wait([this](boost::system::error_code error) {
    if (!error) watch();
  });
}

Status Branch::status() const {
  const auto link = uplink_.status();
  Status status;
  status.connected = link.connected;
  status.log_level = remote_.settings().log_level_text();
  status.sip_dscp = remote_.settings().sip_dscp_text();
  status.rtp_dscp = remote_.settings().rtp_dscp_text();
  status.name = uplink_.name();
  if (package_) status.package = to_string(*package_);
  status.core = link.core;
  status.trouble = link.last_error;
  status.since = std::chrono::duration_cast<std::chrono::seconds>(link.since.time_since_epoch()).count();
  const auto rtt = link.media.udp && link.media.rtt.count() > 0 ? link.media.rtt : link.rtt;
  status.rtt_ms = std::chrono::duration<double, std::milli>(rtt).count();
  status.loss = link.media.loss;
  status.udp = link.media.udp;
  status.phones = edge_.phones();
  status.flows = edge_.flows();
  status.streams = streams_.size();
  for (const LanConfig& lan : config_.lan) status.lans.push_back(to_string(lan.address));
  status.sip_passed = edge_.counters().passed;
  status.sip_dropped = edge_.counters().dropped();
  status.sip_keepalives = edge_.counters().keepalives;
  status.sip_newcomers_dropped = edge_.counters().newcomers_over_rate;
  status.flows_gave_way = edge_.counters().gave_way;
  status.proven_flows_gave_way = edge_.counters().proven_gave_way;
  status.connections_refused = listeners_.connections_refused();
  status.sip_unavailable = unavailable_;
  status.provisioning_relayed = relay_.relayed();
  status.provisioning_refused = relay_.refused();
  for (const auto& server : time_servers_) {
    status.ntp_answered += server->answered();
    status.ntp_dropped += server->dropped();
  }
  status.media_dropped = link.media.dropped + link.media_late;
  status.media_refused = link.media.replayed + link.media.unauthentic;
  return status;
}

}  // namespace roamdesk::sbc
