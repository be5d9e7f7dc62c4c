#include "tests/support/phone/call.hpp"

#include <algorithm>

#include "tests/support/phone/text.hpp"

namespace roamdesk::phone {

std::string Call::describe(const std::string& direction, std::string_view offer) {
  auto media = agent_.self.media;
  media.direction = direction;
  media.version = ++version_;
  if (agent_.self.describes) agent_.self.describes(media, offer);
  return sdp(media);
}

std::string Call::answer_to(std::string_view offer) {
  return describe(offer.empty() ? "sendrecv" : turned(direction_of(offer)), offer);
}

// ---- the caller

void Call::dial(const std::string& uri, Time now, Edit edit) {
  caller = true;
  uri_ = uri;
  edit_ = std::move(edit);
  call_id = agent_.unique();
  local = agent_.identity() + ";tag=" + agent_.unique();
  send_invite(now);
}

void Call::send_invite(Time now) {
  target = uri_;
  remote = "<" + uri_ + ">";
  routes.clear();
  auto writer = agent_.begin("INVITE", *this);
  if (!agent_.self.allow.empty()) writer.add("Allow", agent_.self.allow);
  writer.lines(agent_.self.more);
  if (agent_.credentials.known()) writer.lines(agent_.credentials.line("INVITE", uri_, agent_.unique()));
  opening = writer.finish(describe());
  if (edit_) edit_(opening);
  said = body_of(opening);
  agent_.ask(opening, while_alive([this](std::string_view response, Time at) { on_set_up(response, at); }), now);
}

void Call::cancel(Time now, const std::string& reason) {
  agent_.transactions().cancel(opening, reason.empty() ? reason : "Reason: " + reason + "\r\n", now);
}

void Call::on_set_up(std::string_view response, Time now) {
  const int code = response.empty() ? 408 : status_of(response);
  if (code < 200) return on_progress(response, now);
  if (code < 300) {
    if (!up) learn(response);
    up = true;
    status = code;
    return confirm(response);
  }
  if ((code == 401 || code == 407) && !challenged && agent_.credentials.take(response)) {
    challenged = true;
    return send_invite(now);
  }
  status = code;
  over = true;
  constexpr std::size_t before = std::string_view{"SIP/2.0 486 "}.size();
  const auto line = response.substr(0, response.find('\r'));
  phrase = line.substr(std::min(line.size(), before));
}

void Call::on_progress(std::string_view response, Time now) {
  const std::string rseq{lists(response, "Require", "100rel") ? header(response, "RSeq") : std::string_view{}};
  if (!rseq.empty() && rseq == rseq_heard_) return;  // again: its PRACK is under way (RFC 3262 §4)
  status = status_of(response);
  progress.push_back(status);
  learn(response);
  if (const auto body = body_of(response); !body.empty()) {
    heard = body;
    early_media = true;
  }
  if (rseq.empty()) return;
  rseq_heard_ = rseq;
  const std::string number{cseq_of(response)};
  send("PRACK", now, "RAck: " + rseq + " " + number + " INVITE\r\n");
}

void Call::confirm(std::string_view response) {
  const auto number = static_cast<std::uint32_t>(std::stoul(std::string{cseq_of(response)}));
  if (const auto found = acks_.find(number); found != acks_.end()) {  // again
    if (number != waiting_) agent_.transactions().send(found->second);
    return;
  }
  if (const auto body = body_of(response); !body.empty()) heard = body;
  auto writer = agent_.begin("ACK", *this, number);
  const bool answers = said.empty();
  if (answers) said = answer_to(heard);
  auto& ack = acks_[number] = writer.finish(answers ? said : std::string{});
  if (answers && words) words(ack);
  waiting_ = number;
  if (!acknowledges_late) acknowledge();
}

void Call::acknowledge() {
  if (waiting_ != 0) agent_.transactions().send(acks_.at(std::exchange(waiting_, 0)));
}

// ---- both

void Call::hang_up(Time now) {
  if (over) return;
  if (!up && caller) return cancel(now);
  if (!up) return reject(486, now);
  over = true;
  send("BYE", now);
}

void Call::modify(const std::string& method, const std::string& direction, Time now) {
  said = describe(direction);
  modify_by(method, said, now);
}

void Call::modify_without_offer(Time now) {
  said.clear();
  modify_by("INVITE", said, now);
}

void Call::modify_by(const std::string& method, const std::string& offer, Time now) {
  modified = 0;
  auto writer = agent_.begin(method, *this);
  if (!agent_.self.allow.empty()) writer.add("Allow", agent_.self.allow);
  agent_.ask(writer.finish(offer),
             while_alive([this](std::string_view response, Time at) { on_modified(response, at); }), now);
}

void Call::on_modified(std::string_view response, Time) {
  const int code = response.empty() ? 408 : status_of(response);
  if (code < 200) return;
  modified = code;
  if (code >= 300) return;
  aim(response);
  if (method_of(response) == "INVITE") return confirm(response);
  if (const auto body = body_of(response); !body.empty()) heard = body;
}

void Call::send(const std::string& method, Time now, const std::string& lines, const std::string& body,
                const std::string& type, const Edit& edit) {
  auto request = agent_.begin(method, *this).lines(lines).finish(body, type);
  if (edit) edit(request);
  const auto done = [this, method](std::string_view response, Time at) {
    const int code = status_of(response);
    if (!response.empty() && code < 200) return;
    if (method == "INVITE" && code != 0) on_modified(response, at);
    if (answered) answered(method, code, at);
  };
  agent_.ask(std::move(request), while_alive(done), now);
}

}  // namespace roamdesk::phone
