#include "tests/sim/element/desk_phone.hpp"
#include "tests/support/phone/text.hpp"

// What a desk phone hears, and its calls.
namespace roamdesk::sim {

using namespace std::chrono_literals;

void DeskPhone::receive(std::string_view bytes) {
  if (!booted_) return;
  if (agent_->receive(bytes, ports_.ground->time())) on_request(bytes);
  if (agent_) touched();
}

void DeskPhone::say(int status, std::string_view request) {
  const auto tag = agent_->unique();
  agent_->answer(request, status, {.tag = tag}, ports_.ground->time());
}

void DeskPhone::on_request(std::string_view request) {
  const auto method = phone::method_of(request);
  if (method == "NOTIFY") return on_notify(request);
  if (method == "INVITE" && phone::tag_of(phone::header(request, "To")).empty()) return on_invite(request);
  if (method == "OPTIONS" && !habits.knows_options) return;
  if (method == "OPTIONS") return say(200, request);
  for (auto& [id, call] : calls_)
    if (call.takes(request)) return call.handle(request, ports_.ground->time());
  if (method != "ACK") say(481, request);
}

void DeskPhone::on_notify(std::string_view request) {
  const auto event = phone::header(request, "Event");
  if (event.starts_with("ua-profile")) {
    say(200, request);
    if (!url_.empty() && !account_.user.empty()) return;
    url_ = phone::body_of(request);
    return fetch([this] { start_registering(); });
  }
  if (event.starts_with("refer")) {
    sipfrags.emplace_back(phone::body_of(request));
    return say(200, request);
  }
  if (!event.starts_with("check-sync")) return say(489, request);
  // Another phone's: a phone answers only for the user that it is.
  const auto user = phone::user_of(phone::request_uri_of(request));
  if (!account_.user.empty() && user != account_.user && !user.starts_with("MAC")) {
    ++strangers;
    return say(404, request);
  }
  say(200, request);
  if (event.find("reboot=true") != std::string_view::npos) {
    ++reboots_told;
    if (habits.heeds_reboot) later(1s, [this] { reboot(); });
    return;
  }
  ++resyncs;
  if (habits.heeds_resync) later(1s, [this] { fetch_when_idle(); });
}

void DeskPhone::on_invite(std::string_view request) {
  if (!habits.redirects.empty()) {
    agent_->answer(
        request, 302,
        {.tag = agent_->unique(), .lines = "Contact: <sip:" + habits.redirects + "@" + agent_->self.domain + ">\r\n"},
        ports_.ground->time());
    return;
  }
  if (calls_.size() >= 2) return say(486, request);
  const std::string id{phone::header(request, "Call-ID")};
  auto& call = calls_.try_emplace(id, *agent_, request).first->second;
  call.ring(180, false, ports_.ground->time());
  ++rings;
  if (!habits.answers) return;
  later(1s, [this, id] {
    const auto found = calls_.find(id);
    if (found == calls_.end() || !found->second.pending()) return;
    found->second.answer(ports_.ground->time());
    touched();
  });
}

std::string DeskPhone::dial(const std::string& number) {
  if (!booted_) return {};
  const auto id = agent_->unique();
  auto& call = calls_.try_emplace(id, *agent_).first->second;
  call.dial("sip:" + number + "@" + agent_->self.domain, ports_.ground->time());
  touched();
  return id;
}

void DeskPhone::press(const std::string& id, const std::string& digits) {
  Duration time{};
  for (const char digit : digits) {
    later(time, [this, id, digit] {
      const auto found = calls_.find(id);
      if (found == calls_.end()) return;
      found->second.send("INFO", ports_.ground->time(), {}, std::string{"Signal="} + digit + "\r\nDuration=160\r\n",
                         "application/dtmf-relay");
      touched();
    });
    time += 200ms;
  }
}

void DeskPhone::transfer(const std::string& number) {
  for (auto& [id, call] : calls_)
    if (call.up && !call.over) {
      call.send("REFER", ports_.ground->time(), "Refer-To: <sip:" + number + "@" + agent_->self.domain + ">\r\n");
      return touched();
    }
}

void DeskPhone::hang_up() {
  if (!agent_) return;
  for (auto& [id, call] : calls_) call.hang_up(ports_.ground->time());
  touched();
}

const DeskPhone::Call* DeskPhone::call(const std::string& id) const {
  if (const auto found = calls_.find(id); found != calls_.end()) return &found->second;
  const auto found = over_.find(id);
  return found == over_.end() ? nullptr : &found->second;
}

}  // namespace roamdesk::sim
