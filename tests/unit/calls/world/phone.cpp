#include "tests/unit/calls/world/phone.hpp"

#include <algorithm>
#include <cassert>

#include "common/sdp/crypto.hpp"
#include "common/sip/parse.hpp"
#include "tests/support/phone/text.hpp"

namespace roamdesk::calls::sim {
namespace {

constexpr auto domain = "pbx.example.com";

phone::Edit as_edit(const Alter& alter) {
  if (!alter) return {};
  return [alter](std::string& text) {
    auto message = sip::parse(text);
    assert(message);
    alter(*message);
    text = sip::serialise(*message);
  };
}

phone::Self self_of(const Phone& phone) {
  phone::Self self;
  self.user = phone.user;
  self.domain = domain;
  self.here = to_string(phone.flow.address.peer);
  self.transport = phone.flow.reliable() ? "TCP" : "UDP";
  self.contact = "<" + phone.contact + ">";
  self.more = "Supported: timer\r\n";
  self.media.address = to_string(phone.flow.address.peer.address);
  self.media.port = static_cast<std::uint16_t>(4000 + 2 * phone.flow.id.value());
  return self;
}

}  // namespace

Phone::Phone(std::string user_, Mac mac_, sip::Flow flow_, std::function<std::string()> unique)
    : user(std::move(user_)),
      mac(std::move(mac_)),
      flow(std::move(flow_)),
      contact("sip:" + user + "@" + to_string(flow.address.peer) + ";line=" + std::to_string(flow.id.value())),
      agent_(self_of(*this), std::move(unique), [this](const std::string& bytes) { said_.push_back(bytes); }) {
  agent_.self.describes = [this](phone::Media& media, std::string_view offer) { seal(media, offer); };
}

// Its keys (RFC 4568): of an offer all that it knows, of an answer the first of the offer's, in the offer's profile.
void Phone::seal(phone::Media& media, std::string_view offer) const {
  const auto line = [&](std::uint32_t tag, SrtpSuite suite) {
    const Secret key{std::string(srtp_key_size(suite), habits.key)};
    return "a=" + sdp::crypto_line({tag, suite, key}).value + "\r\n";
  };
  const auto session = sdp::parse(offer);
  if (const auto* audio = session ? sdp::audio_of(*session, habits.srtp) : nullptr) {
    media.profile = audio->protocol;
    for (const auto& crypto : sdp::cryptos_of(*audio))
      if (habits.srtp != Srtp::off && std::ranges::find(habits.suites, crypto.suite) != habits.suites.end()) {
        media.more += line(crypto.tag, crypto.suite);
        return;
      }
    return;
  }
  if (habits.srtp == Srtp::off) return;
  if (habits.srtp == Srtp::required) media.profile = "RTP/SAVP";
  std::uint32_t tag = 20;
  for (const auto suite : habits.suites) media.more += line(++tag, suite);
}

PhoneDialog& Phone::at(int dialog) {
  assert(!dialogs.empty());
  return dialog < 0 ? dialogs.back() : dialogs.at(static_cast<std::size_t>(dialog));
}

bool Phone::idle() const {
  return std::all_of(dialogs.begin(), dialogs.end(), [](const auto& d) { return d.over; });
}

void Phone::heed() {
  agent_.self.allow = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, REFER, NOTIFY, PRACK";
  if (habits.takes_update) agent_.self.allow += ", UPDATE";
  for (auto& d : dialogs) d.acknowledges_late = habits.acknowledges_late;
}

PhoneDialog& Phone::added() {
  auto& d = dialogs.back();
  d.words = [this](std::string& text) {
    if (habits.words) as_edit(habits.words)(text);
  };
  d.answered = [this](const std::string& method, int status, TimePoint) {
    if (status != 0) responses.emplace_back(method, status);
  };
  heed();
  return d;
}

// ---- what its user does

std::size_t Phone::dial(const std::string& number, TimePoint now, const Alter& alter) {
  dialogs.emplace_back(agent_);
  added().dial("sip:" + number + "@" + domain, now, as_edit(alter));
  return dialogs.size() - 1;
}

void Phone::cancel(TimePoint now, int dialog, const std::string& reason) { at(dialog).cancel(now, reason); }

void Phone::answer(TimePoint now, int dialog) {
  heed();
  const auto lines = habits.privacy.empty() ? std::string{} : "Privacy: " + habits.privacy + "\r\n";
  at(dialog).answer(now, lines, !habits.early_answer_only);
}

void Phone::reject(int status, TimePoint now, int dialog) {
  std::string lines;
  if (status == 302) {
    auto contacts = habits.contacts;
    if (contacts.empty()) contacts.push_back("<sip:" + habits.redirect + "@" + domain + ">");
    for (const auto& text : contacts) lines += "Contact: " + text + "\r\n";
  }
  at(dialog).reject(status, now, lines);
}

void Phone::hang_up(TimePoint now, int dialog) { at(dialog).hang_up(now); }

void Phone::modify(const std::string& method, const std::string& direction, TimePoint now, int dialog) {
  heed();
  at(dialog).modify(method, direction, now);
}

void Phone::modify_without_offer(TimePoint now, int dialog) { at(dialog).modify_without_offer(now); }

void Phone::send(const std::string& method, TimePoint now, const Alter& alter, int dialog) {
  at(dialog).send(method, now, {}, {}, {}, as_edit(alter));
}

void Phone::refer(const std::string& refer_to, TimePoint now, int dialog) {
  at(dialog).send("REFER", now, "Refer-To: " + refer_to + "\r\n");
}

void Phone::late_ack() {
  for (auto& d : dialogs) d.acknowledge();
}

std::string Phone::replaces(int dialog) const {
  const auto& d = dialogs.at(static_cast<std::size_t>(dialog));
  return "Replaces=" + d.call_id + "%3Bto-tag%3D" + d.remote_tag() + "%3Bfrom-tag%3D" + d.local_tag();
}

// ---- what it hears

void Phone::handle_bytes(const std::string& bytes, TimePoint now) {
  if (habits.silent) return;
  heed();
  if (phone::status_of(bytes) >= 300) warning = phone::header(bytes, "Warning");
  if (agent_.receive(bytes, now)) on_request(bytes, now);
}

void Phone::handle_timeout(TimePoint now) {
  heed();
  agent_.handle_timeout(now);
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
}

std::optional<TimePoint> Phone::deadline() const {
  auto result = agent_.deadline();
  for (const auto& [at, call_id] : answering_)
    if (!result || at < *result) result = at;
  return result;
}

std::optional<std::string> Phone::poll_bytes() {
  if (said_.empty()) return std::nullopt;
  auto bytes = std::move(said_.front());
  said_.pop_front();
  return bytes;
}

PhoneDialog* Phone::find(const std::string& request) {
  const auto found = std::find_if(dialogs.begin(), dialogs.end(), [&](const auto& d) { return d.takes(request); });
  return found == dialogs.end() ? nullptr : &*found;
}

void Phone::invited(const std::string& bytes, const sip::Message& invite, TimePoint now) {
  dialogs.emplace_back(agent_, bytes);
  auto& d = added();
  d.invite = invite;
  if (habits.rejects) return reject(habits.rejects, now);
  if (habits.rings || habits.early_media) d.ring(habits.early_media ? 183 : 180, habits.early_media, now);
  if (habits.answers) answering_.emplace_back(now + *habits.answers, d.call_id);
}

void Phone::on_request(const std::string& bytes, TimePoint now) {
  const auto method = phone::method_of(bytes);
  auto* d = find(bytes);
  if (method == "ACK" || method == "CANCEL") {
    if (d) d->handle(bytes, now);
    return;
  }
  const auto message = sip::parse(bytes);
  if (!message) return;
  requests.push_back(*message);
  if (method == "INVITE" && message->to.tag().empty()) return invited(bytes, *message, now);
  if (!d || (d->over && method != "NOTIFY")) {
    const auto tag = agent_.unique();
    return agent_.answer(bytes, 481, {.tag = tag}, now);
  }
  if (method == "NOTIFY") sipfrags.push_back(message->body);
  if (method != "BYE" && habits.refers_away) return;
  if (method == "INVITE" || method == "UPDATE") {
    const bool lacks = habits.wants_offers && message->body.empty() && method == "INVITE";
    if (lacks || habits.modifies) return agent_.answer(bytes, lacks ? 488 : habits.modifies, {}, now);
    d->invite = *message;
  }
  d->handle(bytes, now);
}

}  // namespace roamdesk::calls::sim
