#include "tests/unit/calls/world/outside.hpp"

#include <algorithm>
#include <cassert>

#include "common/sip/call_headers.hpp"
#include "common/sip/parse.hpp"
#include "tests/unit/calls/world/phone.hpp"

namespace roamdesk::calls::sim {
namespace {

bool repeats(const sip::Message& a, const sip::Message& b) {
  return a.method == b.method && a.call_id == b.call_id && a.cseq == b.cseq && a.via == b.via;
}

}  // namespace

Outside::Outside(PeerId peer_, sip::Flow flow_, std::function<std::string()> unique)
    : peer(peer_), flow(std::move(flow_)), unique_(std::move(unique)) {}

std::string Outside::describe(const std::string& direction, const std::string& codecs) {
  return phone::sdp({.address = to_string(flow.address.peer.address),
                     .port = static_cast<std::uint16_t>(20000 + 2 * (flow.id.value() % 1000)),
                     .direction = direction,
                     .codecs = codecs.empty() ? habits.codecs : codecs,
                     .version = ++version_});
}

std::string Outside::answer_to(const std::string& offer) {
  const auto theirs = direction_of(offer);
  auto answer = describe(theirs == "sendonly" ? "recvonly" : theirs == "recvonly" ? "sendonly" : theirs);
  if (!habits.image.empty() && offer.find("m=image") != offer.npos)
    answer = answer.substr(0, answer.find("m=audio")) + habits.image;
  return answer;
}

OutsideDialog& Outside::at(int dialog) {
  assert(!dialogs.empty());
  return dialog < 0 ? dialogs.back() : dialogs.at(static_cast<std::size_t>(dialog));
}

const sip::Message* Outside::last(std::string_view method) const {
  const auto it = std::find_if(requests.rbegin(), requests.rend(), [&](const auto& m) { return m.method == method; });
  return it == requests.rend() ? nullptr : &*it;
}

std::size_t Outside::count(std::string_view method) const {
  return static_cast<std::size_t>(
      std::count_if(requests.begin(), requests.end(), [&](const auto& m) { return m.method == method; }));
}

void Outside::put(const sip::Message& message) { bytes_.push_back(sip::serialise(message)); }

std::optional<std::string> Outside::poll_bytes() {
  if (bytes_.empty()) return std::nullopt;
  auto next = std::move(bytes_.front());
  bytes_.pop_front();
  return next;
}

OutsideDialog* Outside::find(const sip::Message& m) {
  const auto found = std::find_if(dialogs.begin(), dialogs.end(), [&](const auto& d) {
    return d.call_id == m.call_id && d.local.tag() == (m.is_request() ? m.to : m.from).tag();
  });
  return found == dialogs.end() ? nullptr : &*found;
}

void Outside::handle_bytes(const std::string& bytes, TimePoint now) {
  if (habits.silent) return;
  const auto message = sip::parse(bytes);
  if (!message) return;
  if (!message->is_request()) return on_response(*message);
  const bool again =
      std::any_of(requests.begin(), requests.end(), [&](const auto& known) { return repeats(known, *message); });
  if (again && message->method != "ACK") return;
  if (!again) requests.push_back(*message);
  on_request(*message, now);
}

void Outside::respond(const sip::Message& request, int status, const Edit& edit, const std::string& tag) {
  auto response = sip::make_response(request, status, sip::default_reason(status), tag);
  if (status > 100 && status < 300 && request.method != "CANCEL" && request.method != "BYE") {
    sip::NameAddr contact;
    contact.uri.user = "gw";
    contact.uri.host = host_of(flow.address.peer.address);
    contact.uri.port = flow.address.peer.port;
    response.contact = {contact};
    response.set_header("Allow", habits.allow);
  }
  if (edit) edit(response);
  put(response);
}

bool Outside::challenged(const sip::Message& request, TimePoint now) {
  if (!challenges || request.method == "ACK" || request.method == "CANCEL") return false;
  if (!digest_)
    digest_ = std::make_unique<sip::DigestServer>(challenges->realm, Secret{"0123456789abcdef0123456789abcdef"});
  const auto answer = sip::find_digest_answer(request, challenges->realm, challenges->proxy);
  auto verdict = sip::DigestVerdict::wrong;
  if (answer) verdict = digest_->verify(*answer, request.method, Secret{challenges->password}, now);
  if (verdict == sip::DigestVerdict::good && !challenges->never_content) return false;
  refused.push_back(request);
  respond(
      request, challenges->proxy ? 407 : 401,
      [&](sip::Message& m) {
        m.set_header(challenges->proxy ? "Proxy-Authenticate" : "WWW-Authenticate",
                     digest_->make_challenge(sip::DigestAlgorithm::md5, verdict == sip::DigestVerdict::stale, now));
      },
      unique_());
  return true;
}

void Outside::on_request(const sip::Message& m, TimePoint now) {
  OutsideDialog* d = find(m);
  if (m.method == "ACK") {
    if (!d) return;
    d->acked = true;
    if (!m.body.empty()) d->heard = m.body;
    return;
  }
  if (challenged(m, now) || habits.mute) return;
  if (m.method == "INVITE" && m.to.tag().empty()) return invited(m);
  if (m.method == "CANCEL") {
    respond(m, 200, {}, unique_());
    for (auto& one : dialogs)
      if (one.call_id == m.call_id && one.invite.cseq.number == m.cseq.number && !one.up && !one.over) {
        one.over = true;
        respond(one.invite, 487, {}, one.local.tag());
      }
    return;
  }
  if (!d && m.method != "BYE" && m.method != "PRACK") return respond(m, 481, {}, unique_());
  if (d && m.method == "BYE") d->over = true;
  if (d && (m.method == "INVITE" || m.method == "UPDATE")) return changed(*d, m);
  respond(m, 200);
}

void Outside::invited(const sip::Message& invite) {
  OutsideDialog d;
  d.call_id = invite.call_id;
  d.remote = invite.from;
  d.local = invite.to;
  d.local.params.set("tag", unique_());
  d.target = invite.contact.empty() ? invite.from.uri : invite.contact.front().uri;
  d.invite = invite;
  d.heard = invite.body;
  dialogs.push_back(std::move(d));
  respond(invite, 100);
  if (habits.refuses) return refuse(habits.refuses);
  const auto asked = sip::session_expires(invite);
  if (!habits.min_se.empty() && asked && asked->interval < std::chrono::seconds{std::stoi(habits.min_se)})
    return refuse(422, [&](sip::Message& m) { m.set_header("Min-SE", habits.min_se); });
  if (habits.wants_offers && invite.body.empty()) return refuse(488);
  if (habits.rings) ring();
  if (habits.answers) answer();
}

void Outside::changed(OutsideDialog& d, const sip::Message& m) {
  const auto asked = sip::session_expires(m);
  const bool brief =
      !habits.min_se.empty() && asked && asked->interval < std::chrono::seconds{std::stoi(habits.min_se)};
  if (brief) return respond(m, 422, [&](sip::Message& r) { r.set_header("Min-SE", habits.min_se); });
  const bool late = m.method == "INVITE" && m.body.empty();
  if (late && habits.wants_offers) return respond(m, 488);
  if (habits.refuses_changes) return respond(m, habits.refuses_changes);
  if (!m.body.empty()) d.heard = m.body;
  if (!m.body.empty() || late) d.said = late ? describe() : answer_to(m.body);
  respond(m, 200, [&](sip::Message& r) {
    if (m.body.empty() && !late) return;
    r.content_type = "application/sdp";
    r.body = d.said;
    if (habits.words) habits.words(r);
    d.said = r.body;
  });
}

void Outside::ring(int status, const std::string& sdp, const Edit& edit, int dialog) {
  auto& d = at(dialog);
  if (!sdp.empty()) d.said = sdp;
  respond(
      d.invite, status,
      [&](sip::Message& m) {
        if (!sdp.empty()) m.content_type = "application/sdp", m.body = sdp;
        if (edit) edit(m);
      },
      d.local.tag());
}

void Outside::ring_as(const std::string& tag, int status, const std::string& sdp, const Edit& edit) {
  auto& d = at();
  d.local.params.set("tag", tag);
  ring(status, sdp, edit);
}

void Outside::answer(const Edit& edit, int dialog) {
  auto& d = at(dialog);
  if (d.up || d.over) return;
  d.up = true;
  d.said = d.invite.body.empty() ? describe() : answer_to(d.invite.body);
  respond(
      d.invite, 200,
      [&](sip::Message& m) {
        m.content_type = "application/sdp";
        m.body = d.said;
        if (!habits.session_expires.empty()) m.set_header("Session-Expires", habits.session_expires);
        if (habits.words) habits.words(m);
        if (edit) edit(m);
        d.said = m.body;
      },
      d.local.tag());
}

void Outside::refuse(int status, const Edit& edit, int dialog) {
  auto& d = at(dialog);
  if (d.up || d.over) return;
  d.over = true;
  respond(d.invite, status, edit, d.local.tag());
}

sip::Message Outside::request(OutsideDialog& d, const std::string& method) {
  sip::Message m;
  m.method = method;
  m.request_uri = d.target;
  m.from = d.local;
  m.to = d.remote;
  m.call_id = d.call_id;
  m.cseq = {++d.cseq, method, {}};
  m.max_forwards = 70;
  m.route = d.routes;
  sip::NameAddr contact;
  contact.uri.user = "gw";
  contact.uri.host = host_of(flow.address.peer.address);
  contact.uri.port = flow.address.peer.port;
  m.contact = {contact};
  m.set_header("Allow", habits.allow);
  sip::Via via;
  via.host = host_of(flow.address.peer.address);
  via.port = flow.address.peer.port;
  via.params.set("branch", "z9hG4bK" + unique_());
  m.via = {via};
  return m;
}

void Outside::dial(const std::string& number, const Edit& edit) {
  OutsideDialog d;
  d.call_id = unique_();
  d.caller = true;
  d.local.uri.user = "0301234567";
  d.local.uri.host = domain;
  d.local.params.set("tag", unique_());
  d.remote.uri.user = number;
  d.remote.uri.host = domain;
  d.target = d.remote.uri;
  auto m = request(d, "INVITE");
  m.content_type = "application/sdp";
  m.body = describe();
  if (edit) edit(m);
  d.local = m.from;
  d.said = m.body;
  d.invite = m;
  dialogs.push_back(std::move(d));
  put(m);
}

void Outside::cancel(int dialog) {
  auto& d = at(dialog);
  if (d.up || d.over) return;
  auto m = d.invite;
  m.method = m.cseq.method = "CANCEL";
  m.contact.clear();
  m.content_type.clear();
  m.body.clear();
  put(m);
}

void Outside::hang_up(int dialog, const Edit& edit) {
  auto& d = at(dialog);
  if (d.over) return;
  if (!d.up) return d.caller ? cancel(dialog) : refuse(486, {}, dialog);
  d.over = true;
  send("BYE", edit, dialog);
}

void Outside::send(const std::string& method, const Edit& edit, int dialog) {
  auto m = request(at(dialog), method);
  if (edit) edit(m);
  put(m);
}

void Outside::modify(const std::string& method, const std::string& sdp, int dialog) {
  at(dialog).said = sdp;
  send(
      method,
      [&](sip::Message& m) {
        if (!sdp.empty()) m.content_type = "application/sdp";
        m.body = sdp;
      },
      dialog);
}

void Outside::on_response(const sip::Message& r) {
  OutsideDialog* d = find(r);
  if (!d) return;
  d->responses.push_back(r);
  const bool invite = r.cseq.method == "INVITE", setup = invite && d->caller && r.cseq.number == d->invite.cseq.number;
  if (setup) d->status = r.status;
  if (setup && r.status < 200) d->progress.push_back(r.status);
  if (r.status > 100 && r.status < 300 && !r.body.empty()) d->heard = r.body;
  if (!invite || r.status < 200) return;
  if (setup) {
    d->up = r.status < 300;
    d->over = d->over || r.status >= 300;
    if (d->up) {
      d->remote = r.to;
      if (!r.contact.empty()) d->target = r.contact.front().uri;
    }
  }
  auto ack = request(*d, "ACK");
  --d->cseq;
  ack.cseq = {r.cseq.number, "ACK", {}};
  ack.to = r.to;
  if (r.status >= 300) {
    ack.via = r.via;
  } else if (d->said.empty()) {
    d->said = answer_to(r.body);
    ack.content_type = "application/sdp";
    ack.body = d->said;
  }
  put(ack);
}

}  // namespace roamdesk::calls::sim
