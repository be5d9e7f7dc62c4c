#include "tests/sim/element/simulation.hpp"
#include "tests/support/phone/text.hpp"

// The lines between phones and core, and what goes over them.
namespace roamdesk::sim {
namespace {

constexpr auto wan = 20ms;
constexpr auto fetch_time = 200ms;
constexpr auto dead_peer = 20s;  // a silent line is noticed after
constexpr auto reconnect = 2s;

}  // namespace

Endpoint Simulation::face(const SiteId& site) const {
  return site == local_site() ? *parse_endpoint("10.0.0.1:5060") : *parse_endpoint("192.168.1.5:5060");
}

Endpoint Simulation::face_to(const SiteId& site, const Endpoint& peer) const {
  return peer.address.is_v4() ? face(site) : *parse_endpoint("[2001:db8::1]:5060");
}

std::optional<door::Front> Simulation::front(const SiteId& site, std::optional<IpAddress> at) const {
  const auto sip = at ? Endpoint{*at, 5060} : face(site);
  return door::Front{
      sip, {sip.address, 5061}, {sip.address, 5000}, {sip.address, 123}, {10000, 19999}, {sip.address, 5001}};
}

sip::Flow Simulation::flow_of(const sip::FlowAddress& address) {
  if (const auto found = flows_.find(address); found != flows_.end()) return found->second;
  const sip::Flow flow{sip::FlowId{++last_flow_}, address};
  flows_.emplace(address, flow);
  addresses_.emplace(flow.id, address);
  return flow;
}

std::optional<sip::Flow> Simulation::find_or_open(const sip::FlowAddress& address) {
  if (!reaches_core(address.site)) return std::nullopt;
  // A connection is opened by connect() only.
  if (address.transport != sip::Transport::udp && !flows_.contains(address)) return std::nullopt;
  return flow_of(address);
}

void Simulation::line_down(const SiteId& site) {
  if (!dead_.insert(site).second) return;
  after(dead_peer, [this, site] {
    if (!dead_.contains(site) || !away_.insert(site).second || !core_) return;
    core_->element.handle_site_disconnected(site, now());
  });
}

void Simulation::line_up(const SiteId& site) {
  if (!dead_.contains(site)) return;
  after(reconnect, [this, site] {
    if (!dead_.erase(site) || !away_.erase(site) || !core_) return;  // not noticed: all goes on
    std::vector<sip::Flow> closed;
    for (const auto& [address, flow] : flows_)
      if (address.site == site) closed.push_back(flow);
    for (const auto& flow : closed) {
      flows_.erase(flow.address);
      addresses_.erase(flow.id);
    }
    for (const auto& flow : closed) core_->element.handle_flow_closed(flow, now());
    core_->element.handle_site_connected(site, now());
  });
}

bool Simulation::lost(const SiteId& site) {
  if (dead_.contains(site)) return true;
  return settings_.loss > 0 && site != local_site() && std::uniform_real_distribution<>{}(random_) < settings_.loss;
}

void Simulation::to_core(const DeskPhone& phone, std::string bytes) {
  if (lost(phone.site())) return;
  const sip::FlowAddress address{phone.site(), sip::Transport::udp, face(phone.site()), phone.own()};
  after(phone.site() == local_site() ? Duration{lan} : Duration{wan}, [this, address, bytes = std::move(bytes)] {
    if (dead_.contains(address.site) || !core_) return;
    core_->element.handle_sip(flow_of(address), bytes, now());
  });
}

void Simulation::send(sip::FlowId flow, std::string bytes) {
  const auto found = addresses_.find(flow);
  if (found == addresses_.end() || lost(found->second.site)) return;
  if (const auto ear = ears_.find(found->second); ear != ears_.end()) {
    after(lan, [hears = ear->second, bytes = std::move(bytes)] { hears(bytes); });
    return;
  }
  if (found->second.transport != sip::Transport::udp) return;
  const auto phone = at_.find({found->second.site, found->second.peer});
  if (phone == at_.end()) return to_strangers.push_back(bytes);
  if (bytes.starts_with("INVITE ")) check_ring(*phone->second, bytes);
  after(found->second.site == local_site() ? Duration{lan} : Duration{wan},
        [this, to = phone->second, site = found->second.site, bytes = std::move(bytes)] {
          if (!dead_.contains(site)) to->receive(bytes);
        });
}

// A call to a person rings at the desk where they are at this moment, and at their own phones.
void Simulation::check_ring(const DeskPhone& phone, std::string_view invite) {
  if (!phone::tag_of(phone::header(invite, "To")).empty()) return;              // within a call
  if (!rung_.insert(std::string{phone::header(invite, "Via")}).second) return;  // repeated to a phone that is away
  const auto& directory = core_->element.directory();
  const Phone* record = directory.phone(phone.mac());
  std::string is;
  if (const HotDesk* desk = directory.desk_of(phone.mac())) {
    if (const auto who = core_->element.desks().machine().occupant(desk->id)) is = who->value();
  } else if (record && record->assigned && record->extension) {
    is = record->extension->value();
  }
  const std::string to{phone::user_of(phone::header(invite, "To"))};
  if (to != is && core_->element.directory().extension(ExtensionNumber{to}))
    wrong_rings.push_back("a call to " + to + " rings at the phone of " + (is.empty() ? "nobody" : is));
}

void Simulation::fetch(const DeskPhone& phone, const std::string& url, std::function<void(int, std::string)> then) {
  const auto slash = url.find('/', url.find("//") + 2);
  door::HttpRequest request;
  request.site = phone.site();
  request.tls = url.starts_with("https://");
  request.face = {face(phone.site()).address, static_cast<std::uint16_t>(request.tls ? 5001 : 5000)};
  request.peer = phone.own();
  request.path = slash == std::string::npos ? "/" : url.substr(slash);
  request.user_agent = phone.agent();
  after(fetch_time, [this, request, then = std::move(then)] {
    if (dead_.contains(request.site) || !core_) return after(5s, [then] { then(0, ""); });
    const auto answer = core_->element.handle_http(request, now());
    after(fetch_time, [answer, then] { then(answer.status, answer.body); });
  });
}

int Simulation::fetch_from(const std::string& ip, const DeskPhone& phone, const std::string& url,
                           const std::string& agent) {
  door::HttpRequest request;
  request.site = phone.site();
  request.tls = url.starts_with("https://");
  request.face = {face(phone.site()).address, static_cast<std::uint16_t>(request.tls ? 5001 : 5000)};
  request.peer = {*parse_ipv4(ip), 40000};
  request.path = url.substr(url.find('/', url.find("//") + 2));
  if (request.path.ends_with("/")) request.path += phone.mac().text() + ".cfg";
  request.user_agent = agent.empty() ? phone.agent() : agent;
  const auto status = core_->element.handle_http(request, now()).status;
  run_for(50ms);
  return status;
}

void Simulation::ask_from(const std::string& ip, const DeskPhone& phone, bool by_unicast) {
  const Endpoint own{*parse_ipv4(ip), 5060};
  phone::Self stranger;
  stranger.here = to_string(own);
  const phone::Agent agent{stranger, [this] { return fresh(); }, {}};
  const auto text = ask_for_url(agent, phone.mac(), by_unicast ? "X-Asked-By-Unicast: 1\r\n" : "");
  const sip::FlowAddress address{phone.site(), sip::Transport::udp, face(phone.site()), own};
  core_->element.handle_sip(flow_of(address), text, now());
  run_for(50ms);
}

int Simulation::fetch(const DeskPhone& phone, const std::string& url) {
  int status = -1;
  fetch(phone, url + phone.mac().text() + ".cfg", [&](int s, const std::string&) { status = s; });
  run_until([&] { return status != -1; }, 10s);
  return status;
}

}  // namespace roamdesk::sim
