#include "tests/sim/element/provider.hpp"

#include <algorithm>

#include "common/sip/parse.hpp"
#include "common/sip/via.hpp"

namespace roamdesk::sim {

Provider::Provider(Simulation& sim, SiteId site, const std::string& ip, std::uint16_t port, sip::Transport transport)
    : out(calls::PeerId{}, {sip::FlowId{}, {site, transport, {}, {parse_ip(ip).value(), port}}},
          [&sim] { return sim.fresh(); }),
      sim_(sim) {
  const Endpoint own{parse_ip(ip).value(), port};
  at_ = {site, transport, sim.face_to(site, own), own};
  out.flow.address = at_;
  out.habits.answers = out.habits.rings = true;
  sim_.listen(at_, [this](const std::string& bytes) { hear(bytes); });
}

Provider::~Provider() { sim_.listen(at_, nullptr); }

names::Target Provider::target() const { return {at_.transport, at_.peer, to_string(at_.peer.address), 300s}; }

void Provider::respond(const sip::Message& request, int status, const calls::sim::Outside::Edit& edit) {
  auto response = sip::make_response(request, status, {}, sim_.fresh());
  sip::stamp(response.via.front(), at_.face);
  if (edit) edit(response);
  sim_.say(at_, sip::serialise(response));
}

void Provider::on_register(const sip::Message& request) {
  if (registrar.refuses) return respond(request, registrar.refuses);
  if (!digest_) digest_ = std::make_unique<sip::DigestServer>(registrar.realm, Secret{std::string(32, 'k')});
  const auto answer = sip::find_digest_answer(request, registrar.realm, registrar.proxy);
  const std::string user = request.to.uri.user;
  std::string password = registrar.password;
  if (!registrar.passwords.empty()) {
    if (!registrar.passwords.contains(user)) return respond(request, 404);
    password = registrar.passwords[user];
  }
  const auto verdict =
      answer ? digest_->verify(*answer, request.method, Secret{password}, sim_.time()) : sip::DigestVerdict::wrong;
  if (verdict != sip::DigestVerdict::good)
    return respond(request, registrar.proxy ? 407 : 401, [&](sip::Message& m) {
      m.add_header(
          registrar.proxy ? "Proxy-Authenticate" : "WWW-Authenticate",
          digest_->make_challenge(sip::DigestAlgorithm::md5, verdict == sip::DigestVerdict::stale, sim_.time()));
    });
  const auto seconds = request.expires.value_or(3600);
  if (seconds > 0 && seconds < registrar.shortest)
    return respond(request, 423,
                   [&](sip::Message& m) { m.add_header("Min-Expires", std::to_string(registrar.shortest)); });
  contacts.erase(user);
  if (seconds == 0)
    contact.reset();
  else if (!request.contact.empty())
    contact = contacts[user] = request.contact.front().uri;
  respond(request, 200, [&](sip::Message& m) {
    m.contact = request.contact;
    for (auto& each : m.contact) each.params.set("expires", std::to_string(seconds));
  });
}

void Provider::on_subscribe(const sip::Message& request) {
  respond(request, registrar.subscriptions, [&](sip::Message& m) {
    if (m.status >= 300) return;
    if (request.to.tag().empty()) m.to.params.set("tag", "at-" + request.call_id);
    m.expires = request.expires;
    sip::NameAddr self;
    self.uri.user = "notifier";
    self.uri.host = to_string(at_.peer.address);
    self.uri.port = at_.peer.port;
    m.contact = {self};
  });
}

void Provider::hear(const std::string& bytes) {
  if (silent_) return;
  const auto message = sip::parse(bytes);
  if (!message) return;  // CRLF CRLF
  if (!message->is_request()) {
    answers_.push_back(*message);
    out.handle_bytes(bytes, sim_.time());
    return flush();
  }
  const bool again = std::any_of(heard.begin(), heard.end(), [&](const auto& known) {
    return known.method == message->method && known.call_id == message->call_id && known.cseq == message->cseq &&
           known.via == message->via;
  });
  if (!again) heard.push_back(*message);
  if (message->method == "REGISTER") return on_register(*message);
  if (message->method == "SUBSCRIBE") return on_subscribe(*message);
  if (message->method == "OPTIONS") {
    if (!hears_nothing_of_options) respond(*message, 200);
    return;
  }
  if (message->method == "INVITE" && message->to.tag().empty() && registrar.only_own_flow && !contact && !again &&
      !account.empty())
    return respond(*message, 403);
  if (message->method == "INVITE" && message->to.tag().empty() && !again) {
    const auto up = std::count_if(out.dialogs.begin(), out.dialogs.end(), [](const auto& each) { return !each.over; });
    if (lines > 0 && static_cast<std::size_t>(up) >= lines) return respond(*message, full);
    if (!reads_location && message->header("Geolocation")) return respond(*message, 424);
  }
  out.handle_bytes(bytes, sim_.time());
  flush();
}

void Provider::flush() {
  while (auto bytes = out.poll_bytes()) sim_.say(at_, *bytes);
}

int Provider::call(const std::string& number, const calls::sim::Outside::Edit& edit, Duration patience) {
  out.dial(number, [&](sip::Message& m) {
    m.request_uri.host = host_of(at_.face.address);
    m.request_uri.port = at_.face.port;
    // A registering trunk is called at its Contact; the number stands in To.
    if (contact) m.request_uri = *contact;
    if (edit) edit(m);
  });
  flush();
  sim_.run_until([&] { return status() >= 200; }, patience);
  return status();
}

int Provider::ask(const std::string& method, const std::string& user, const calls::sim::Outside::Edit& edit) {
  sip::Message m;
  m.method = method;
  m.request_uri.user = user;
  m.request_uri.host = host_of(at_.face.address);
  m.from.uri.user = "0301234567";
  m.from.uri.host = "provider.example";
  m.from.params.set("tag", sim_.fresh());
  m.to.uri = m.request_uri;
  m.call_id = sim_.fresh();
  m.cseq = {1, method, {}};
  m.max_forwards = 70;
  sip::Via via;
  via.host = host_of(at_.peer.address);
  via.port = at_.peer.port;
  via.params.set("branch", "z9hG4bK" + sim_.fresh());
  m.via = {via};
  sip::NameAddr self;
  self.uri.user = "gw";
  self.uri.host = via.host;
  self.uri.port = via.port;
  m.contact = {self};
  if (edit) edit(m);
  sim_.say(at_, sip::serialise(m));
  const auto is_it = [&](const sip::Message& a) {
    return a.call_id == m.call_id && a.cseq == m.cseq && a.status >= 200;
  };
  sim_.run_until([&] { return std::any_of(answers_.begin(), answers_.end(), is_it); }, 3s);
  const auto found = std::find_if(answers_.begin(), answers_.end(), is_it);
  return found == answers_.end() ? 0 : found->status;
}

std::size_t Provider::count(std::string_view method) const {
  return static_cast<std::size_t>(
      std::count_if(heard.begin(), heard.end(), [&](const auto& m) { return m.method == method; }));
}

const sip::Message* Provider::last(std::string_view method) const {
  const auto found = std::find_if(heard.rbegin(), heard.rend(), [&](const auto& m) { return m.method == method; });
  return found == heard.rend() ? nullptr : &*found;
}

}  // namespace roamdesk::sim
