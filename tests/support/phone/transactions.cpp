#include "tests/support/phone/transactions.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/support/phone/text.hpp"
#include "tests/support/phone/writer.hpp"

namespace roamdesk::phone {
namespace {

using namespace std::chrono_literals;

constexpr Duration t1 = 500ms, t2 = 4s, patience = 64 * t1;
constexpr Duration trying_after = 200ms;  // §17.2.1

std::string key_of(std::string_view message, std::string_view method) {
  return std::string{branch_of(message)}.append(" ").append(method);
}

// A CANCEL, or a refusal's ACK: what they take over from their INVITE (§9.1, §17.1.1.3).
std::string following(std::string_view invite, std::string_view method, std::string_view to, std::string_view lines) {
  Writer writer{std::string{method}.append(" ").append(request_uri_of(invite)).append(" SIP/2.0")};
  writer.add("Via", header(invite, "Via")).add("Max-Forwards", "70");
  for (const auto route : headers(invite, "Route")) writer.add("Route", route);
  writer.add("From", header(invite, "From")).add("To", to).add("Call-ID", header(invite, "Call-ID"));
  writer.add("CSeq", std::string{cseq_of(invite)} + " ", method).lines(lines);
  return writer.finish();
}

std::string trying(std::string_view invite) {
  Writer writer{"SIP/2.0 100 Trying"};
  for (const auto via : headers(invite, "Via")) writer.add("Via", via);
  for (const auto* name : {"From", "To", "Call-ID", "CSeq"}) writer.add(name, header(invite, name));
  return writer.finish();
}

}  // namespace

// ---- requests

void Transactions::request(std::string message, Heard heard, Time now) {
  forget(now);
  auto& asked = asked_[key_of(message, method_of(message))];
  asked.invite = message.starts_with("INVITE ");
  asked.message = std::move(message);
  asked.heard = std::move(heard);
  asked.interval = t1;
  asked.end = now + patience;
  asked.next = reliable_ ? asked.end : now + t1;
  send_(asked.message);
}

void Transactions::cancel(std::string_view invite, std::string lines, Time now) {
  const auto found = asked_.find(key_of(invite, "INVITE"));
  if (found == asked_.end() || found->second.done) return;
  found->second.cancel = std::move(lines);
  if (found->second.provisional) send_cancel(found->second, now);
}

void Transactions::send_cancel(Asked& asked, Time now) {
  asked.next = asked.end = now + patience;
  const auto lines = std::exchange(asked.cancel, std::nullopt).value();
  request(following(asked.message, "CANCEL", header(asked.message, "To"), lines), {}, now);
}

void Transactions::hear(std::string_view response, Time now) {
  const auto found = asked_.find(key_of(response, method_of(response)));
  if (found == asked_.end()) return;
  auto& asked = found->second;
  const int status = status_of(response);
  if (asked.done) {
    if (!asked.invite || status < 200) return;
    ++repeated_;
    if (status >= 300) return send_(asked.message);
    const auto heard = asked.heard;
    return heard(response, now);
  }
  if (status < 200) {
    if (asked.invite && !asked.provisional) asked.next = asked.end = never;
    if (!asked.invite) asked.interval = t2;
    asked.provisional = true;
    if (asked.cancel) send_cancel(asked, now);
  } else {
    asked.done = true;
    asked.next = never;
    asked.end = now + patience;
    const bool refused = asked.invite && status >= 300;
    asked.message = refused ? following(asked.message, "ACK", header(response, "To"), {}) : std::string{};
    if (refused) send_(asked.message);
  }
  auto heard = std::move(asked.heard);
  if (status < 200 || (asked.invite && status < 300)) asked.heard = heard;  // there may be more
  if (status >= 200 && !asked.invite) asked_.erase(found);  // to repetitions of its answer nothing is said
  if (heard) heard(response, now);
}

void Transactions::repeat(Asked& asked, Time now) {
  if (now >= asked.end) {
    asked.done = true;
    asked.next = never;
    asked.invite = false;  // what comes now is of no use
    if (const auto heard = std::exchange(asked.heard, {})) heard({}, now);
    return;
  }
  ++repeated_;
  asked.interval = asked.invite ? asked.interval * 2 : std::min(asked.interval * 2, t2);
  asked.next = std::min(now + asked.interval, asked.end);
  send_(asked.message);
}

// ---- responses

bool Transactions::receive(std::string_view message, Time now) {
  if (status_of(message) != 0) {
    hear(message, now);
    return false;
  }
  const auto method = method_of(message);
  if (method == "ACK") {
    const auto refused = answered_.find(key_of(message, "INVITE"));
    const bool is_refused = refused != answered_.end() && refused->second.status >= 300;
    if (is_refused) refused->second.next = never;
    if (!is_refused) acknowledged(message);
    return !is_refused;
  }
  forget(now);
  const auto [place, is_new] = answered_.try_emplace(key_of(message, method));
  auto& answered = place->second;
  if (!is_new) {
    ++repeated_;
    if (!answered.response.empty()) send_(answered.response);
    return false;
  }
  answered.call_id = header(message, "Call-ID");
  answered.cseq = cseq_of(message);
  answered.invite = method == "INVITE";
  if (answered.invite) {
    answered.response = trying(message);
    answered.interval = Duration::zero();
    answered.next = now + trying_after;
  } else {
    answered.end = now + patience;
  }
  if (method == "PRACK") {
    const auto acknowledges = header(message, "RAck");
    for (auto& [key, invite] : answered_)
      if (invite.call_id == answered.call_id && !invite.rseq.empty() &&
          acknowledges == invite.rseq + " " + invite.cseq + " INVITE")
        invite.next = never;
  }
  return true;
}

void Transactions::acknowledged(std::string_view ack) {
  for (auto& [key, answered] : answered_)
    if (answered.invite && answered.status >= 200 && answered.call_id == header(ack, "Call-ID") &&
        answered.cseq == cseq_of(ack))
      answered.next = never;
}

void Transactions::respond(std::string_view request, std::string response, Time now, Lost lost) {
  const auto method = method_of(request);
  auto& answered = answered_[key_of(request, method)];
  answered.status = status_of(response);
  answered.rseq = header(response, "RSeq");
  answered.response = std::move(response);
  answered.lost = std::move(lost);
  const bool final = answered.status >= 200;
  const bool until_ack = final && method == "INVITE" && (answered.status < 300 || !reliable_);
  answered.interval = t1;
  answered.next = until_ack || (!final && !answered.rseq.empty()) ? now + t1 : never;
  if (final || answered.next != never) answered.end = now + patience;
  send_(answered.response);
}

void Transactions::repeat(Answered& answered, Time now) {
  if (answered.status == 0) {  // the user hasn't said anything yet
    answered.next = never;
    return send_(answered.response);
  }
  if (now >= answered.end) {
    answered.next = never;
    if (const auto lost = std::exchange(answered.lost, {})) lost(now);
    return;
  }
  ++repeated_;
  answered.interval = std::min(answered.interval * 2, t2);
  answered.next = std::min(now + answered.interval, answered.end);
  send_(answered.response);
}

// ---- time

std::optional<Time> Transactions::deadline() const {
  auto first = never;
  for (const auto& [key, asked] : asked_) first = std::min(first, asked.next);
  for (const auto& [key, answered] : answered_) first = std::min(first, answered.next);
  return first == never ? std::nullopt : std::optional{first};
}

void Transactions::handle_timeout(Time now) {
  // What is called may add entries and forget old ones.
  std::vector<std::string> due;
  for (const auto& [key, asked] : asked_)
    if (asked.next <= now) due.push_back(key);
  for (const auto& key : due)
    if (const auto found = asked_.find(key); found != asked_.end() && found->second.next <= now)
      repeat(found->second, now);
  due.clear();
  for (const auto& [key, answered] : answered_)
    if (answered.next <= now) due.push_back(key);
  for (const auto& key : due)
    if (const auto found = answered_.find(key); found != answered_.end() && found->second.next <= now)
      repeat(found->second, now);
}

void Transactions::forget(Time now) {
  std::erase_if(asked_, [&](const auto& entry) { return entry.second.next == never && entry.second.end <= now; });
  std::erase_if(answered_, [&](const auto& entry) { return entry.second.next == never && entry.second.end <= now; });
}

}  // namespace roamdesk::phone
