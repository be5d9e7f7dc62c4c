#include "pbx-core/door/branches.hpp"

#include <algorithm>

#include "common/crypto/bytes.hpp"
#include "common/log/log.hpp"

namespace roamdesk::door {
namespace {

std::string to_text(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (const IpAddress address : addresses) text += (text.empty() ? "" : " ") + to_string(address);
  return text;
}

}  // namespace

Branches::Branches(boost::asio::io_context& io, DoorHandler& handler, Enrolments& enrolments, MediaRouter& media,
                   std::function<sip::FlowId()> next_id, std::vector<IpAddress> core, const Contents& contents)
    : io_(io),
      handler_(handler),
      enrolments_(enrolments),
      media_(media),
      next_id_(std::move(next_id)),
      contents_(contents),
      certificates_(std::move(core)) {}

Branches::Branch& Branches::branch(const SiteId& site) {
  const auto [found, added] = branches_.try_emplace(site, site);
  if (!added) return found->second;
  found->second.asked = std::make_shared<Asked>(io_);
  found->second.http = std::make_shared<RelayedHttp>(
      io_, site, [this, site](tunnel::Frame frame) { return server_->send(site, std::move(frame)); },
      [this, site](HttpRequest request, HttpReply reply) {
        request.tls = https(site, request.face.address) == request.face;
        handler_.on_http(std::move(request), std::move(reply));
      },
      contents_);
  return found->second;
}

void Branches::send_frame(const SiteId& site, tunnel::Frame frame) {
  // Where there is no session nothing is kept: a fresh one is told everything.
  if (server_) server_->send(site, std::move(frame));
}

bool Branches::send(sip::FlowId flow, std::string_view message) {
  const auto site = site_of_flow_.find(flow);
  if (site == site_of_flow_.end()) return false;
  Branch& at = branch(site->second);
  if (!at.has_session) return true;
  // While nothing gets through, what is repeated isn't kept: each copy would ring the phone once more, much later.
  if (!at.connected && at.flows.is_repeated(flow, message)) return true;
  if (!at.flows.number_of(flow)) send_frame(site->second, *at.flows.announce(flow));
  const auto number = at.flows.number_of(flow);
  tunnel::Sip frame;
  frame.flow = *number;
  frame.message = std::string{message};
  send_frame(site->second, std::move(frame));
  return true;
}

std::optional<sip::Flow> Branches::open(const sip::FlowAddress& address, sip::Transport transport) {
  const auto found = branches_.find(address.site);
  if (found == branches_.end() || !found->second.has_session) return std::nullopt;
  Branch& branch = found->second;
  if (const auto flow = branch.flows.find(address)) return flow;
  const bool is_face = std::any_of(branch.lans.begin(), branch.lans.end(), [&](const tunnel::Lan& lan) {
    return lan.sip != 0 && Endpoint{lan.address, lan.sip} == address.face;
  });
  if (address.transport != transport || !is_face) return std::nullopt;
  const sip::Flow flow{next_id_(), address};
  site_of_flow_.emplace(flow.id, address.site);
  send_frame(address.site, branch.flows.open(address, flow.id));
  return flow;
}

std::optional<sip::Flow> Branches::dial(const SiteId& site, sip::Transport transport, Endpoint peer) {
  const auto* known = lans(site);
  if (!known || transport == sip::Transport::tls || !peer.address.is_v4()) return std::nullopt;
  // The LAN that has most of the address in common: a branch's gateway stands in one of them.
  const tunnel::Lan* nearest = nullptr;
  for (const tunnel::Lan& lan : *known) {
    const auto distance = [&](const tunnel::Lan& l) { return l.address.v4() ^ peer.address.v4(); };
    if (lan.sip != 0 && (!nearest || distance(lan) < distance(*nearest))) nearest = &lan;
  }
  if (!nearest) return std::nullopt;
  return open({site, transport, {nearest->address, nearest->sip}, peer}, transport);
}

bool Branches::close(sip::FlowId flow) {
  const auto site = site_of_flow_.find(flow);
  if (site == site_of_flow_.end()) return false;
  if (const auto number = branch(site->second).flows.close(flow)) send_frame(site->second, tunnel::FlowClose{*number});
  site_of_flow_.erase(site);
  return true;
}

void Branches::prove(const sip::FlowAddress& address, sip::Standing standing) {
  const auto found = branches_.find(address.site);
  if (found == branches_.end()) return;
  SiteFlows& flows = found->second.flows;
  if (const auto flow = flows.find(address); flow && found->second.has_session && !flows.number_of(flow->id))
    send_frame(address.site, *flows.announce(flow->id));
  if (const auto frame = flows.prove(address, standing)) send_frame(address.site, *frame);
}

void Branches::release(const sip::FlowAddress& address) {
  const auto found = branches_.find(address.site);
  if (found == branches_.end()) return;
  if (const auto frame = found->second.flows.release(address)) send_frame(address.site, *frame);
}

Branches::Branch* Branches::remote(const SiteId& site) {
  const auto found = branches_.find(site);
  const bool is_there = found != branches_.end() && found->second.connected && found->second.is_run_from_core;
  return is_there ? &found->second : nullptr;
}

void Branches::report(const SiteId& site, tunnel::ReportOrder order, SbcPort::Reported done) {
  Branch* const at = remote(site);
  if (!at) return done(std::nullopt, "The SBC isn't connected, or is too old for this.");
  if (at->asked->begin_report(order.order, std::move(done), std::chrono::steady_clock::now()))
    send_frame(site, std::move(order));
}

void Branches::restart(const SiteId& site, tunnel::RestartOrder order, SbcPort::Restarted done) {
  Branch* const at = remote(site);
  if (!at) return done("The SBC isn't connected, or is too old for this.");
  if (at->asked->begin_restart(order.order, std::move(done))) send_frame(site, std::move(order));
}

void Branches::configure(const Sbc& record) {
  if (!remote(SiteId{record.name})) return;
  tunnel::SettingsOrder order;
  if (record.wishes.log_level) order.log_level = static_cast<std::uint8_t>(*record.wishes.log_level);
  order.sip_dscp = record.wishes.sip_dscp.value_or(tunnel::as_its_file);
  order.rtp_dscp = record.wishes.rtp_dscp.value_or(tunnel::as_its_file);
  send_frame(SiteId{record.name}, order);
}

const std::vector<tunnel::Lan>* Branches::lans(const SiteId& site) const {
  const auto found = branches_.find(site);
  return found == branches_.end() || found->second.lans.empty() ? nullptr : &found->second.lans;
}

SbcInfo Branches::info_of(const tunnel::link::SbcStatus& status) const {
  SbcInfo info;
  info.name = status.site.value();
  info.connected = status.connected;
  info.address = status.address;
  info.version = name_in(status.software);
  info.package = package_in(status.software);
  const auto& instance = status.instance.value();
  info.instance = crypto::to_hex(instance);
  if (const auto found = branches_.find(status.site); found != branches_.end()) {
    info.update = found->second.update;
    info.is_run_from_core = found->second.is_run_from_core;
    info.uses = found->second.uses;
  }
  info.lans = status.lans;
  info.since = status.since;
  info.certificate_until = status.certificate_until;
  info.rtt = status.media.udp && status.media.rtt.count() > 0 ? status.media.rtt : status.rtt;
  if (status.media.udp && status.media.rtt.count() > 0) info.jitter = status.media.jitter;
  info.loss = status.media.loss;
  info.udp = status.media.udp;
  info.phones = status.phones;
  info.streams = status.streams;
  info.superseded = status.superseded;
  info.media_dropped = status.media.dropped + status.media_late;
  info.media_refused = status.media.replayed + status.media.unauthentic;
  return info;
}

std::vector<SbcInfo> Branches::infos() const {
  std::vector<SbcInfo> infos;
  if (!server_) return infos;
  for (const auto& status : server_->status()) infos.push_back(info_of(status));
  return infos;
}

std::optional<SbcInfo> Branches::info(const SiteId& site) const {
  const auto status = server_ ? server_->status(site) : std::nullopt;
  if (!status) return std::nullopt;
  return info_of(*status);
}

bool Branches::reports_itself(media::StreamId stream) const {
  if (closing_.contains(stream)) return true;
  const auto site = media_.site_of(stream);
  return site && *site != local_site();
}

bool Branches::is_allowed(const SiteId& site, std::string_view serial) {
  return enrolments_.is_allowed(site.value(), serial);
}

void Branches::on_enrol(const tunnel::Enrol& enrol, Reply reply) {
  enrolments_.enrol(enrol, std::move(reply), [this, name = enrol.name] {
    server_->disconnect(SiteId{name}, tunnel::Reason::revoked, "enrolled anew; this certificate isn't good any more");
  });
}

void Branches::on_renew(const SiteId& site, const std::string& request, Reply reply) {
  enrolments_.renew(site.value(), request, std::move(reply));
}

void Branches::on_connected(const SiteId& site, const tunnel::Hello& hello, bool resumed) {
  Branch& at = branch(site);
  at.lans = hello.lans;
  at.is_run_from_core = is_run_from_core(hello.software);
  if (!resumed) {
    at.https.clear();
    at.uses.reset();
    lose_session(site, at);
    begin_session(at);
  }
  at.has_session = at.connected = true;
  log::info("sbc.connected", {{"sbc", site}, {"version", hello.software}, {"resumed", resumed}});
  if (!resumed)
    for (auto& effect : media_.handle_site_fresh(site)) {
      if (auto* frame = std::get_if<ToSbc>(&effect)) send_frame(site, std::move(frame->frame));
      if (const auto* news = std::get_if<ToSignalling>(&effect)) handler_.on_media(news->event);
    }
  if (const auto record = handler_.find_sbc(site.value())) configure(*record);
  handler_.on_sbc_connected(site.value(), !resumed);
}

void Branches::on_disconnected(const SiteId& site, tunnel::Reason reason, std::string_view text) {
  Branch& at = branch(site);
  at.connected = false;
  at.http->clear();
  at.asked->clear();
  const std::string why = text.empty() ? std::string{tunnel::explain(reason)} : std::string{text};
  log::warning("sbc.disconnected", {{"sbc", site}, {"why", why}});
  handler_.on_sbc_disconnected(site.value(), why);
}

void Branches::on_expired(const SiteId& site) { lose_session(site, branch(site)); }

// Its streams and its UDP flows stay in our books, and are told again when it is back.
void Branches::lose_session(const SiteId& site, Branch& at) {
  at.has_session = false;
  at.http->clear();
  std::erase_if(closing_, [&](const auto& entry) { return entry.second == site; });
}

void Branches::begin_session(Branch& at) {
  std::vector<Endpoint> faces;
  for (const tunnel::Lan& lan : at.lans)
    if (lan.sip != 0) faces.push_back({lan.address, lan.sip});
  const auto ended = at.flows.begin_session(faces);
  for (const sip::Flow& flow : ended) site_of_flow_.erase(flow.id);
  for (const sip::Flow& flow : ended) handler_.on_flow_closed(flow, "its branch has lost it");
}

void Branches::on_frame(const SiteId& site, tunnel::Frame frame) {
  Branch& at = branch(site);
  if (const auto* sip = std::get_if<tunnel::Sip>(&frame)) {
    handle(site, at, *sip);
  } else if (const auto* open = std::get_if<tunnel::FlowOpen>(&frame)) {
    handle(site, at, *open);
  } else if (const auto* close = std::get_if<tunnel::FlowClose>(&frame)) {
    handle(site, at, *close);
  } else if (auto* request = std::get_if<tunnel::HttpRequest>(&frame)) {
    at.http->handle(std::move(*request));
  } else if (const auto* cancel = std::get_if<tunnel::HttpCancel>(&frame)) {
    at.http->handle(*cancel);
  } else if (const auto* wanted = std::get_if<tunnel::LanCertificateWanted>(&frame)) {
    handle(site, at, *wanted);
  } else if (const auto* offered = std::get_if<tunnel::HttpsOffered>(&frame)) {
    handle(at, *offered);
  } else if (const auto* failed = std::get_if<tunnel::StreamFailed>(&frame)) {
    handle(site, *failed);
  } else if (const auto* quality = std::get_if<tunnel::StreamQuality>(&frame)) {
    handle(site, *quality);
  } else if (auto* news = std::get_if<tunnel::UpdateNews>(&frame)) {
    at.update = std::move(*news);
  } else {
    handle_operation(at, std::move(frame));
  }
  // The session has refused whatever an SBC may not send; LinkReport is the server's own (SbcStatus).
}

void Branches::handle_operation(Branch& at, tunnel::Frame frame) {
  if (auto* uses = std::get_if<tunnel::SettingsNews>(&frame))
    at.uses = std::move(*uses);
  else if (const auto* part = std::get_if<tunnel::ReportPart>(&frame))
    at.asked->handle(*part);
  else if (const auto* restarts = std::get_if<tunnel::RestartNews>(&frame))
    at.asked->handle(*restarts);
}

void Branches::on_turned_away(const tunnel::link::TurnedAway& since) {
  log::warning("tunnel.turned_away", {{"crowded", since.crowded},
                                      {"silent", since.silent},
                                      {"not_tls", since.not_tls},
                                      {"no_handshake", since.no_handshake},
                                      {"unknown", since.unknown},
                                      {"enrolments", since.enrolments}});
}

void Branches::handle(const SiteId& site, Branch& at, const tunnel::FlowOpen& frame) {
  const sip::FlowId candidate = next_id_();
  const auto opened = at.flows.handle_open(frame, candidate);
  if (!opened)
    log::repeated(log::Level::warning, "sbc.bad_flow", site.value(), {{"sbc", site}, {"flow", frame.flow}});
  else if (opened->is_new)
    site_of_flow_.emplace(candidate, site);
}

void Branches::handle(const SiteId& site, Branch& at, const tunnel::Sip& frame) {
  if (frame.message.empty()) return;  // it came too late to be said (docs/tunnel.md, Reliability)
  if (const auto flow = at.flows.find(frame.flow)) {
    handler_.on_sip(*flow, frame.message);
    return;
  }
  // It crossed a close of ours: the SBC announces a new one with the next message.
  send_frame(site, tunnel::FlowClose{frame.flow});
}

void Branches::handle(const SiteId&, Branch& at, const tunnel::FlowClose& frame) {
  const auto flow = at.flows.find(frame.flow);
  if (!flow) return;
  // Strangers' flows come and go; the element has nothing on them that doesn't end by itself.
  const bool known = at.flows.standing(flow->id) != sip::Standing::unproven;
  at.flows.handle_close(frame.flow);
  site_of_flow_.erase(flow->id);
  if (known) handler_.on_flow_closed(*flow, {});
}

// For the addresses of its hello, whatever the request says: what a phone is told of its SBC is that, too.
void Branches::handle(const SiteId& site, const Branch& at, const tunnel::LanCertificateWanted& frame) {
  std::vector<IpAddress> addresses;
  std::vector<std::string> names;
  for (const tunnel::Lan& lan : at.lans) {
    addresses.push_back(lan.address);
    names.push_back(to_string(lan.address));
  }
  const auto refuse = [&](std::string_view why) {
    log::repeated(log::Level::warning, "sbc.lan_certificate_refused", site.value(),
                  {{"sbc", site}, {"addresses", to_text(addresses)}, {"why", why}});
  };
  if (const auto why = certificates_.refusal(site, addresses, std::chrono::steady_clock::now())) return refuse(*why);
  const auto certificate = enrolments_.certify(frame.request, names);
  if (!certificate) return refuse(crypto::describe(certificate.error()));
  if (const auto before = certificates_.note(site, addresses); !before.empty())
    log::warning("sbc.lan_addresses_changed",
                 {{"sbc", site}, {"before", to_text(before)}, {"addresses", to_text(addresses)}});
  log::info("sbc.lan_certificate_issued", {{"sbc", site}, {"addresses", to_text(addresses)}});
  send_frame(site, tunnel::LanCertificate{*certificate});
}

void Branches::handle(Branch& at, const tunnel::HttpsOffered& frame) {
  at.https.clear();
  for (const auto& listener : frame.at) {
    const auto is_there = [&](const tunnel::Lan& lan) { return lan.address == listener.endpoint.address; };
    if (std::any_of(at.lans.begin(), at.lans.end(), is_there)) at.https.push_back(listener.endpoint);
  }
}

Endpoint Branches::https(const SiteId& site, IpAddress lan) const {
  const auto found = branches_.find(site);
  if (found != branches_.end())
    for (const Endpoint& at : found->second.https)
      if (at.address == lan) return at;
  return {lan, 0};
}

void Branches::handle(const SiteId& site, const tunnel::StreamFailed& frame) {
  const media::StreamId stream{frame.stream};
  if (media_.site_of(stream) != site) return;  // an SBC speaks for its own site only
  handler_.on_media(media::StreamFailed{stream, frame.why});
}

void Branches::handle(const SiteId& site, const tunnel::StreamQuality& frame) {
  if (!frame.closed) return;
  const auto closing = closing_.find(media::StreamId{frame.stream});
  if (closing == closing_.end() || closing->second != site) return;
  closing_.erase(closing);
  media::StreamQuality quality;
  quality.stream = media::StreamId{frame.stream};
  quality.received = frame.received;
  quality.lost = frame.lost;
  quality.dropped = frame.dropped;
  quality.jitter_ms = frame.jitter_us / 1000.0;
  handler_.on_media(quality);
}

}  // namespace roamdesk::door
