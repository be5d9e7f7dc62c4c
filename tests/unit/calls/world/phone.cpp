#include "tests/unit/calls/world/phone.hpp"

#include <algorithm>
#include <cassert>

#include "common/sip/parse.hpp"

namespace roamdesk::calls::sim {

std::string sdp(const Media& media) {
  const auto address = to_string(media.at.address);
  return "v=0\r\no=phone 1 " + std::to_string(media.version) + " IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address +
         "\r\nt=0 0\r\nm=audio " + std::to_string(media.at.port) + " RTP/AVP " + media.codecs +
         "\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 "
         "0-15\r\na=" +
         media.direction + "\r\n";
}

std::string media_of(const std::string& sdp) {
  const auto c = sdp.find("c=IN IP4 "), m = sdp.find("m=audio ");
  if (c == sdp.npos || m == sdp.npos) return {};
  const auto address = sdp.substr(c + 9, sdp.find_first_of("\r\n", c) - c - 9);
  return address + ":" + sdp.substr(m + 8, sdp.find(' ', m + 8) - m - 8);
}

std::string direction_of(const std::string& sdp) {
  for (const char* word : {"sendonly", "recvonly", "inactive"})
    if (sdp.find(std::string{"a="} + word) != sdp.npos) return word;
  return "sendrecv";
}

Phone::Phone(std::string user_, Mac mac_, sip::Flow flow_, std::function<std::string()> unique)
    : user(std::move(user_)),
      mac(std::move(mac_)),
      flow(std::move(flow_)),
      layer_({}, unique),
      unique_(std::move(unique)) {
  own_ = flow;
  std::swap(own_.address.face, own_.address.peer);
  contact = "sip:" + user + "@" + to_string(flow.address.peer) + ";line=" + std::to_string(flow.id.value());
}

std::string Phone::describe(const std::string& direction) {
  return sdp({{flow.address.peer.address, static_cast<std::uint16_t>(4000 + 2 * flow.id.value())},
              direction,
              "8 0 101",
              ++version_});
}

std::string Phone::answer_to(const std::string& offer) {
  const auto theirs = direction_of(offer);
  return describe(theirs == "sendonly" ? "recvonly" : theirs == "recvonly" ? "sendonly" : theirs);
}

PhoneDialog& Phone::at(int dialog) {
  assert(!dialogs.empty());
  return dialog < 0 ? dialogs.back() : dialogs.at(static_cast<std::size_t>(dialog));
}

bool Phone::idle() const {
  return std::all_of(dialogs.begin(), dialogs.end(), [](const auto& d) { return d.over; });
}

sip::Message Phone::request(PhoneDialog& d, const std::string& method) {
  sip::Message m;
  m.method = method;
  m.request_uri = d.target;
  m.from = d.local;
  m.to = d.remote;
  m.call_id = d.call_id;
  m.cseq = {++d.cseq, method};
  m.max_forwards = 70;
  sip::NameAddr self;
  self.uri = *sip::parse_uri(contact);
  m.contact = {self};
  std::string allow = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, REFER, NOTIFY, PRACK";
  if (habits.takes_update) allow += ", UPDATE";
  m.set_header("Allow", allow);
  return m;
}

std::size_t Phone::dial(const std::string& number, TimePoint now, std::function<void(sip::Message&)> edit) {
  PhoneDialog d;
  d.caller = true;
  d.call_id = unique_();
  d.local.uri.user = user;
  d.local.uri.host = "pbx.example.com";
  d.local.params.set("tag", unique_());
  d.remote.uri.user = number;
  d.remote.uri.host = "pbx.example.com";
  d.target = d.remote.uri;
  d.said = describe();
  auto invite = request(d, "INVITE");
  invite.set_header("Supported", "timer");
  invite.content_type = "application/sdp";
  invite.body = d.said;
  if (edit) edit(invite);
  d.said = invite.body;
  d.invite = invite;
  d.invite_ctx = layer_.send_request(own_, std::move(invite), sip::Owner{}, now);
  dialogs.push_back(std::move(d));
  drain(now);
  return dialogs.size() - 1;
}

void Phone::cancel(TimePoint now, int dialog, std::string reason) {
  layer_.cancel(*at(dialog).invite_ctx, now, std::move(reason));
  drain(now);
}

void Phone::answer(TimePoint now, int dialog) {
  auto& d = at(dialog);
  if (!d.invite_tx || d.over) return;
  auto response = sip::make_response(d.invite, 200, "OK", d.local.tag());
  sip::NameAddr self;
  self.uri = *sip::parse_uri(contact);
  response.contact = {self};
  response.set_header("Allow", habits.takes_update ? "INVITE, ACK, BYE, CANCEL, UPDATE" : "INVITE, ACK, BYE, CANCEL");
  response.content_type = "application/sdp";
  if (!habits.privacy.empty()) response.set_header("Privacy", habits.privacy);
  if (d.said.empty()) d.said = d.invite.body.empty() ? describe() : answer_to(d.invite.body);
  response.body = d.said;
  if (habits.words) habits.words(response);
  if (habits.early_answer_only) {
    response.content_type.clear();
    response.body.clear();
  }
  d.up = true;
  d.status = 200;
  layer_.respond(*d.invite_tx, std::move(response), now);
  d.invite_tx.reset();
  drain(now);
}

void Phone::reject(int status, TimePoint now, int dialog) {
  auto& d = at(dialog);
  if (!d.invite_tx) return;
  auto response = sip::make_response(d.invite, status, sip::default_reason(status), d.local.tag());
  if (status == 302) {
    auto contacts = habits.contacts;
    if (contacts.empty()) contacts.push_back("<sip:" + habits.redirect + "@pbx.example.com>");
    for (const auto& text : contacts) response.contact.push_back(*sip::parse_name_addr(text));
  }
  d.status = status;
  d.over = true;
  layer_.respond(*d.invite_tx, std::move(response), now);
  d.invite_tx.reset();
  drain(now);
}

void Phone::hang_up(TimePoint now, int dialog) {
  auto& d = at(dialog);
  if (d.over) return;
  if (!d.up && d.caller) return cancel(now, dialog);
  if (!d.up) return reject(486, now, dialog);
  d.over = true;
  layer_.send_request(own_, request(d, "BYE"), sip::Owner{}, now);
  drain(now);
}

void Phone::modify(const std::string& method, const std::string& direction, TimePoint now, int dialog) {
  auto& d = at(dialog);
  auto m = request(d, method);
  m.content_type = "application/sdp";
  m.body = d.said = describe(direction);
  d.modified = 0;
  d.modify_ctx = layer_.send_request(own_, std::move(m), sip::Owner{}, now);
  drain(now);
}

void Phone::modify_without_offer(TimePoint now, int dialog) {
  auto& d = at(dialog);
  auto m = request(d, "INVITE");
  d.said.clear();
  d.modified = 0;
  d.modify_ctx = layer_.send_request(own_, std::move(m), sip::Owner{}, now);
  drain(now);
}

void Phone::send(const std::string& method, TimePoint now, std::function<void(sip::Message&)> edit, int dialog) {
  auto m = request(at(dialog), method);
  if (edit) edit(m);
  layer_.send_request(own_, std::move(m), sip::Owner{}, now);
  drain(now);
}

void Phone::refer(const std::string& refer_to, TimePoint now, int dialog) {
  send(
      "REFER", now, [&](sip::Message& m) { m.set_header("Refer-To", refer_to); }, dialog);
}

std::string Phone::replaces(int dialog) const {
  const auto& d = dialogs.at(static_cast<std::size_t>(dialog));
  return "Replaces=" + d.call_id + "%3Bto-tag%3D" + d.remote.tag() + "%3Bfrom-tag%3D" + d.local.tag();
}

void Phone::handle_bytes(const std::string& bytes, TimePoint now) {
  if (habits.silent) return;
  auto parsed = sip::parse(bytes);
  if (!parsed) return;
  layer_.handle_message(own_, std::move(*parsed), now);
  drain(now);
}

void Phone::handle_timeout(TimePoint now) {
  layer_.handle_timeout(now);
  for (auto it = answering_.begin(); it != answering_.end();) {
    if (it->first > now) {
      ++it;
      continue;
    }
    const auto call_id = it->second;
    it = answering_.erase(it);
    for (std::size_t i = 0; i < dialogs.size(); ++i)
      if (dialogs[i].call_id == call_id) answer(now, static_cast<int>(i));
  }
  drain(now);
}

std::optional<TimePoint> Phone::deadline() const {
  auto result = layer_.deadline();
  for (const auto& [at, call_id] : answering_)
    if (!result || at < *result) result = at;
  return result;
}

std::optional<std::string> Phone::poll_bytes() {
  const auto transmit = layer_.poll_transmit();
  return transmit ? std::optional{transmit->bytes} : std::nullopt;
}

PhoneDialog* Phone::find(const sip::Message& m) {
  for (auto& d : dialogs)
    if (d.call_id == m.call_id && d.local.tag() == m.to.tag() &&
        (d.remote.tag().empty() || d.remote.tag() == m.from.tag()))
      return &d;
  return nullptr;
}

void Phone::drain(TimePoint now) {
  while (auto event = layer_.poll_event()) {
    if (const auto* e = std::get_if<sip::RequestReceived>(&*event)) on(*e, now);
    if (const auto* e = std::get_if<sip::AckReceived>(&*event)) on(*e);
    if (const auto* e = std::get_if<sip::CancelReceived>(&*event)) on(*e, now);
    if (const auto* e = std::get_if<sip::ResponseReceived>(&*event)) on(*e, now);
    if (const auto* e = std::get_if<sip::ClientTxFailed>(&*event)) {
      for (auto& d : dialogs) {
        if (d.invite_ctx == e->tx && !d.up) {
          d.over = true;
          d.status = 408;
        }
        if (d.modify_ctx == e->tx) d.modified = 408;
      }
    }
    if (const auto* e = std::get_if<sip::ServerTxFailed>(&*event))
      for (auto& d : dialogs)
        if (d.invite_tx == e->tx) d.over = true;
  }
}

void Phone::invited(const sip::RequestReceived& e, TimePoint now) {
  PhoneDialog d;
  d.call_id = e.request.call_id;
  d.remote = e.request.from;
  d.local = e.request.to;
  d.local.params.set("tag", unique_());
  d.target = e.request.contact.front().uri;
  d.invite = e.request;
  d.invite_tx = e.tx;
  d.heard = e.request.body;
  dialogs.push_back(d);
  if (habits.rejects) return reject(habits.rejects, now);
  if (habits.rings || habits.early_media) {
    auto& mine = dialogs.back();
    auto ringing = sip::make_response(e.request, habits.early_media ? 183 : 180, "Ringing", mine.local.tag());
    if (habits.early_media) {
      mine.said = answer_to(e.request.body);
      ringing.content_type = "application/sdp";
      ringing.body = mine.said;
      if (habits.words) habits.words(ringing);
    }
    layer_.respond(e.tx, std::move(ringing), now);
  }
  if (habits.answers) answering_.emplace_back(now + *habits.answers, d.call_id);
}

void Phone::on(const sip::RequestReceived& e, TimePoint now) {
  requests.push_back(e.request);
  if (e.request.method == "INVITE" && e.request.to.tag().empty()) return invited(e, now);
  PhoneDialog* d = find(e.request);
  if (!d || (d->over && e.request.method != "NOTIFY")) {
    layer_.respond(e.tx, sip::make_response(e.request, 481, "No Dialog", unique_()), now);
    return;
  }
  if (e.request.method == "BYE") {
    d->over = true;
    d->bye_reason = std::string{e.request.header("Reason").value_or("")};
    if (d->invite_tx) reject(487, now, static_cast<int>(d - dialogs.data()));
    layer_.respond(e.tx, sip::make_response(e.request, 200, "OK", {}), now);
    return;
  }
  if (habits.refers_away) return;
  auto response = sip::make_response(e.request, 200, "OK", {});
  if (e.request.method == "INVITE" || e.request.method == "UPDATE") {
    const int refuses =
        habits.wants_offers && e.request.body.empty() && e.request.method == "INVITE" ? 488 : habits.modifies;
    if (refuses) {
      layer_.respond(e.tx, sip::make_response(e.request, refuses, sip::default_reason(refuses), {}), now);
      return;
    }
    if (!e.request.body.empty()) {
      d->heard = e.request.body;
      d->said = answer_to(e.request.body);
    } else if (e.request.method == "INVITE") {
      d->said = describe();
    }
    if (e.request.method == "INVITE" || !e.request.body.empty()) {
      response.content_type = "application/sdp";
      response.body = d->said;
      if (habits.words) habits.words(response);
    }
    sip::NameAddr self;
    self.uri = *sip::parse_uri(contact);
    response.contact = {self};
    d->invite = e.request;
  }
  if (e.request.method == "NOTIFY") sipfrags.push_back(e.request.body);
  layer_.respond(e.tx, std::move(response), now);
}

void Phone::on(const sip::AckReceived& e) {
  if (auto* d = find(e.ack)) {
    d->acked = true;
    if (!e.ack.body.empty()) d->heard = e.ack.body;
  }
}

void Phone::on(const sip::CancelReceived& e, TimePoint now) {
  for (std::size_t i = 0; i < dialogs.size(); ++i)
    if (dialogs[i].invite_tx == e.invite) {
      dialogs[i].cancel_reason = std::string{e.cancel.header("Reason").value_or("")};
      reject(487, now, static_cast<int>(i));
    }
}

void Phone::on(const sip::ResponseReceived& e, TimePoint now) {
  const auto& r = e.response;
  for (auto& d : dialogs) {
    const bool setup = d.invite_ctx == e.tx;
    const bool modifying = d.modify_ctx == e.tx;
    if (!setup && !modifying) continue;
    if (r.status < 200) {
      if (!setup) return;
      d.status = r.status;
      d.progress.push_back(r.status);
      if (!r.to.tag().empty()) d.remote = r.to;
      if (!r.body.empty()) d.heard = r.body;
      if (r.lists("Require", "100rel")) {
        d.remote = r.to;
        if (!r.contact.empty()) d.target = r.contact.front().uri;
        auto ack = request(d, "PRACK");
        ack.set_header("RAck", std::string{r.header("RSeq").value_or("")} + " " + std::to_string(d.invite.cseq.number) +
                                   " INVITE");
        layer_.send_request(own_, std::move(ack), sip::Owner{}, now);
      }
      return;
    }
    (setup ? d.status : d.modified) = r.status;
    if (r.status >= 300) {
      if (setup) d.over = true;
      return;
    }
    if (setup) {
      d.up = true;
      d.remote = r.to;
    }
    if (!r.contact.empty()) d.target = r.contact.front().uri;
    if (!r.body.empty()) d.heard = r.body;
    if (r.cseq.method == "INVITE") {
      sip::Message ack = request(d, "ACK");
      --d.cseq;
      ack.cseq = {r.cseq.number, "ACK"};
      if (d.said.empty()) {
        d.said = answer_to(d.heard);
        ack.content_type = "application/sdp";
        ack.body = d.said;
        if (habits.words) habits.words(ack);
      }
      late_ack = [this, tx = e.tx, ack](TimePoint at) { layer_.acknowledge(tx, ack, at); };
      if (!habits.acknowledges_late) late_ack(now);
    }
    return;
  }
  if (r.status >= 200) responses.emplace_back(r.cseq.method, r.status);
}

}  // namespace roamdesk::calls::sim
