#include "tests/sim/element/desk_phone.hpp"

#include <algorithm>
#include <cstdlib>

namespace roamdesk::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto T1 = 500ms;
constexpr auto T2 = 4s;

// `name = value`, as this maker writes its files.
std::string setting(const std::string& file, const std::string& name) {
  const auto at = file.find("\n" + name + " = ");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 4;
  const auto value = file.substr(begin, file.find('\n', begin) - begin);
  return value == "%NULL%" ? "" : value;
}

}  // namespace

DeskPhone::DeskPhone(Mac mac, SiteId site, Endpoint own, Habits h, Ports ports)
    : habits(h), mac_(std::move(mac)), site_(std::move(site)), own_(own), ports_(std::move(ports)) {}

// ---- power

void DeskPhone::later(Duration time, std::function<void()> then) {
  ports_.ground->after(time, [this, epoch = epoch_, then = std::move(then)] {
    if (on_ && epoch == epoch_) then();
  });
}

void DeskPhone::power_on() {
  if (on_) return;
  on_ = true;
  ++epoch_;
  later(habits.boot, [this] { boot(); });
}

void DeskPhone::power_off() {
  on_ = booted_ = registered_ = told_ = fetching_ = false;
  ++epoch_;
  ++registration_;
  pending_.clear();
  answered_.clear();
  calls_.clear();
  challenge_ = {};
}

void DeskPhone::reboot() {
  if (!on_) return;
  power_off();
  power_on();
}

void DeskPhone::forget_configuration() {
  url_.clear();
  account_ = {};
}

void DeskPhone::boot() {
  booted_ = true;
  ++boots;
  register_id_ = ports_.ground->fresh();
  register_cseq_ = 0;
  later(1h, [this] { fetch_when_idle(); });
  if (url_.empty()) return subscribe_pnp();
  if (!habits.fetches_at_boot) return start_registering();
  fetch([this] { start_registering(); });
}

// ---- its configuration

void DeskPhone::subscribe_pnp() {
  SipText text;
  const auto user = "MAC%3a" + mac_.text();
  text.start = "SUBSCRIBE sip:" + user + "@224.0.1.75 SIP/2.0";
  const auto branch = "z9hG4bK" + ports_.ground->fresh();
  text.add("Via", "SIP/2.0/UDP " + to_string(own_) + ";branch=" + branch);
  text.add("From", "<sip:" + user + "@224.0.1.75>;tag=" + ports_.ground->fresh());
  text.add("To", "<sip:" + user + "@224.0.1.75>");
  text.add("Call-ID", ports_.ground->fresh());
  text.add("CSeq", "1 SUBSCRIBE");
  text.add("Contact", "<sip:" + user + "@" + to_string(own_) + ">");
  text.add("Max-Forwards", "70");
  text.add("Expires", "0");
  text.add("Event", "ua-profile;profile-type=\"device\";vendor=\"Yealink\";model=\"T33G\";version=\"124.86.0.40\"");
  text.add("Accept", "application/url");
  ports_.send_multicast(text.write());
  // Until it is told where its configuration is.
  later(30s, [this] {
    if (url_.empty()) subscribe_pnp();
  });
}

void DeskPhone::fetch(std::function<void()> then) {
  if (fetching_ || url_.empty()) return;
  if (!habits.fetch_works) return later(5s, then);
  fetching_ = true;
  const auto url = url_.ends_with("/") ? url_ + mac_.text() + ".cfg" : url_;
  ports_.fetch(url, [this, epoch = epoch_, then = std::move(then)](int status, const std::string& body) {
    if (!on_ || epoch != epoch_) return;
    fetching_ = false;
    if (status == 200) {
      ++fetches;
      take(body);
    }
    then();
  });
}

void DeskPhone::take(const std::string& body) {
  Account account{setting(body, "account.1.user_name"), setting(body, "account.1.auth_name"),
                  setting(body, "account.1.password"), setting(body, "account.1.sip_server.1.address")};
  if (const auto url = setting(body, "static.auto_provision.server.url"); !url.empty()) url_ = url;
  use(std::move(account));
}

void DeskPhone::use(Account account) {
  if (account == account_) return;
  if (registered_ && habits.unregisters_first) {
    ++registration_;
    return send_register(0, false, [this, account = std::move(account)](bool) {
      registered_ = false;
      account_ = account;
      register_id_ = ports_.ground->fresh();
      start_registering();
    });
  }
  const bool running = registered_;
  account_ = std::move(account);
  register_id_ = ports_.ground->fresh();
  if (running) start_registering();
}

void DeskPhone::fetch_when_idle() {
  if (!idle()) {
    told_ = true;
    return;
  }
  told_ = false;
  fetch([this] {
    if (!registered_) start_registering();
  });
  later(1h, [this] { fetch_when_idle(); });
}

// ---- its registration

void DeskPhone::start_registering() {
  if (account_.user.empty()) return;
  const auto mine = ++registration_;
  send_register(60, false, [this, mine](bool ok) {
    if (mine != registration_) return;
    registered_ = ok;
    later(ok ? Duration{30s} : Duration{habits.retry}, [this, mine] {
      if (mine == registration_) start_registering();
    });
  });
}

std::string DeskPhone::contact() const {
  return "<sip:" + (account_.user.empty() ? "phone" : account_.user) + "@" + to_string(own_) + ">";
}

std::string DeskPhone::authorise(const std::string& method, const std::string& uri) {
  return answer(challenge_, account_.auth_user, account_.password, method, uri, ++nonce_count_);
}

SipText DeskPhone::base(const std::string& method, const std::string& uri, const std::string& branch) const {
  SipText text;
  text.start = method + " " + uri + " SIP/2.0";
  text.add("Via", "SIP/2.0/UDP " + to_string(own_) + ";branch=" + branch + ";rport");
  text.add("Max-Forwards", "70");
  text.add("User-Agent", "Yealink SIP-T33G 124.86.0.40 " + mac_.text());
  return text;
}

void DeskPhone::send_register(unsigned expires, bool challenged, std::function<void(bool)> done) {
  const auto uri = "sip:" + account_.domain;
  auto text = base("REGISTER", uri, "z9hG4bK" + ports_.ground->fresh());
  const auto aor = "<sip:" + account_.user + "@" + account_.domain + ">";
  text.add("From", aor + ";tag=" + ports_.ground->fresh());
  text.add("To", aor);
  text.add("Call-ID", register_id_);
  text.add("CSeq", std::to_string(++register_cseq_) + " REGISTER");
  text.add("Contact", contact());
  text.add("Expires", std::to_string(expires));
  if (!challenge_.nonce.empty()) text.add("Authorization", authorise("REGISTER", uri));
  request(std::move(text), [this, expires, challenged, done = std::move(done)](const SipText* response) {
    if (response && response->status() == 401 && !challenged) {
      challenge_ = read_challenge(response->header("WWW-Authenticate"));
      nonce_count_ = 0;
      return send_register(expires, true, done);
    }
    done(response && response->status() == 200);
  });
}

// ---- transactions (RFC 3261 §17.1, over UDP)

void DeskPhone::request(SipText text, std::function<void(const SipText*)> done) {
  const auto branch = parameter(text.header("Via"), "branch");
  const auto bytes = text.write();
  pending_[branch] = {bytes, T1, ports_.ground->time() + 64 * T1, false, std::move(done)};
  ports_.send(bytes);
  later(T1, [this, branch] { resend(branch); });
}

void DeskPhone::resend(const std::string& branch) {
  const auto found = pending_.find(branch);
  if (found == pending_.end() || found->second.provisional) return;
  Pending& pending = found->second;
  if (ports_.ground->time() >= pending.give_up) {
    const auto done = std::move(pending.done);
    pending_.erase(found);
    return done(nullptr);
  }
  ports_.send(pending.text);
  pending.interval = std::min<Duration>(pending.interval * 2, T2);
  later(pending.interval, [this, branch] { resend(branch); });
}

void DeskPhone::receive(std::string_view bytes) {
  if (!booted_) return;
  const auto text = SipText::read(bytes);
  if (text.is_request()) return on_request(text);
  const auto branch = parameter(text.header("Via"), "branch");
  const auto found = pending_.find(branch);
  if (found == pending_.end()) return;
  const auto cseq = text.method();
  if (cseq == "CANCEL") return;  // the INVITE's own answer follows
  if (text.status() < 200) {
    if (cseq == "INVITE") found->second.provisional = true;
    const auto done = found->second.done;
    if (cseq == "INVITE") done(&text);
    return;
  }
  const auto done = std::move(found->second.done);
  pending_.erase(found);
  done(&text);
}

void DeskPhone::respond(const SipText& request, int status, const std::string& reason, const std::string& body) {
  SipText text;
  text.start = "SIP/2.0 " + std::to_string(status) + " " + reason;
  for (const auto& via : request.all("Via")) text.add("Via", via);
  text.add("From", request.header("From"));
  auto to = request.header("To");
  const auto id = request.header("Call-ID");
  if (parameter(to, "tag").empty() && status > 100) {
    const auto found = calls_.find(id);
    to += ";tag=" + (found == calls_.end() ? "t" + mac_.text() : parameter(found->second.local, "tag"));
  }
  text.add("To", to);
  text.add("Call-ID", id);
  text.add("CSeq", request.header("CSeq"));
  if (request.method() == "INVITE" || request.method() == "UPDATE") text.add("Contact", contact());
  if (!body.empty()) text.add("Content-Type", "application/sdp");
  text.body = body;
  const auto bytes = text.write();
  answered_[parameter(request.header("Via"), "branch") + request.method()] = bytes;
  ports_.send(bytes);
}

void DeskPhone::on_request(const SipText& request) {
  const auto method = request.method();
  const auto id = request.header("Call-ID");
  if (method != "ACK") {
    if (const auto before = answered_.find(parameter(request.header("Via"), "branch") + method);
        before != answered_.end())
      return ports_.send(before->second);
  }
  if (method == "NOTIFY") return on_notify(request);
  if (method == "INVITE") return on_invite(request);
  if (method == "OPTIONS" && !habits.knows_options) return;
  if (method == "OPTIONS") return respond(request, 200, "OK");
  const auto found = calls_.find(id);
  if (method == "ACK") {
    if (found != calls_.end() && !found->second.outgoing) found->second.up = true;
    return;
  }
  if (found == calls_.end()) return respond(request, 481, "Call/Transaction Does Not Exist");
  if (method == "CANCEL") {
    respond(request, 200, "OK");
    if (!found->second.up && !found->second.outgoing) {
      respond(found->second.invite, 487, "Request Terminated");
      end(id);
    }
  } else if (method == "BYE") {
    respond(request, 200, "OK");
    end(id);
  } else if (method == "UPDATE") {
    respond(request, 200, "OK", request.body.empty() ? "" : sdp());
  } else {
    respond(request, 200, "OK");
  }
}

void DeskPhone::on_notify(const SipText& request) {
  const auto event = request.header("Event");
  if (event.starts_with("ua-profile")) {
    respond(request, 200, "OK");
    if (!url_.empty() && !account_.user.empty()) return;
    url_ = request.body;
    return fetch([this] { start_registering(); });
  }
  if (!event.starts_with("check-sync")) return respond(request, 489, "Bad Event");
  // Another phone's: a phone answers only for the user that it is.
  if (!account_.user.empty() && request.uri_user() != account_.user && !request.uri_user().starts_with("MAC")) {
    ++strangers;
    return respond(request, 404, "Not Found");
  }
  respond(request, 200, "OK");
  if (event.find("reboot=true") != std::string::npos) {
    ++reboots_told;
    if (habits.heeds_reboot) later(1s, [this] { reboot(); });
    return;
  }
  ++resyncs;
  if (habits.heeds_resync) later(1s, [this] { fetch_when_idle(); });
}

// ---- calls

std::string DeskPhone::sdp() const {
  const auto ip = to_string(own_.address);
  return "v=0\r\no=- 1 1 IN IP4 " + ip + "\r\ns=-\r\nc=IN IP4 " + ip +
         "\r\nt=0 0\r\nm=audio 11800 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
         "a=sendrecv\r\n";
}

void DeskPhone::on_invite(const SipText& request) {
  const auto id = request.header("Call-ID");
  if (const auto found = calls_.find(id); found != calls_.end() && !parameter(request.header("To"), "tag").empty())
    return respond(request, 200, "OK", sdp());
  if (!parameter(request.header("To"), "tag").empty()) return respond(request, 481, "No Such Call");
  if (calls_.size() >= 2) return respond(request, 486, "Busy Here");
  Call call;
  call.call_id = id;
  call.local = request.header("To") + ";tag=" + ports_.ground->fresh();
  call.remote = request.header("From");
  call.target = uri_of(request.header("Contact"));
  call.number = user_of(request.header("From"));
  call.invite = request;
  call.began = ports_.ground->time();
  calls_[id] = call;
  if (ports_.rings) ports_.rings(account_.user, request);
  respond(request, 180, "Ringing");
  if (!habits.answers) return;
  later(1s, [this, id] {
    const auto found = calls_.find(id);
    if (found == calls_.end()) return;
    respond(found->second.invite, 200, "OK", sdp());
    later(32s, [this, id] {
      if (const auto there = calls_.find(id); there != calls_.end() && !there->second.up) end(id);  // no ACK
    });
  });
}

std::string DeskPhone::dial(const std::string& number) {
  if (!booted_) return {};
  Call call;
  call.outgoing = true;
  call.call_id = ports_.ground->fresh();
  call.number = number;
  const auto domain = account_.domain.empty() ? to_string(own_.address) : account_.domain;
  const auto user = account_.user.empty() ? "phone" : account_.user;
  call.local = "<sip:" + user + "@" + domain + ">;tag=" + ports_.ground->fresh();
  call.remote = "<sip:" + number + "@" + domain + ">";
  call.target = "sip:" + number + "@" + domain;
  call.began = ports_.ground->time();
  const auto id = call.call_id;
  calls_[id] = std::move(call);
  send_invite(id);
  return id;
}

void DeskPhone::send_invite(const std::string& id) {
  Call& call = calls_.at(id);
  call.invite_branch = "z9hG4bK" + ports_.ground->fresh();
  auto text = base("INVITE", call.target, call.invite_branch);
  text.add("From", call.local);
  text.add("To", call.remote);
  text.add("Call-ID", id);
  text.add("CSeq", std::to_string(call.cseq) + " INVITE");
  text.add("Contact", contact());
  if (!challenge_.nonce.empty()) text.add("Authorization", authorise("INVITE", call.target));
  text.add("Content-Type", "application/sdp");
  text.body = sdp();
  call.invite = text;
  request(std::move(text), [this, id](const SipText* response) { on_invite_response(id, response); });
}

void DeskPhone::acknowledge(const Call& call, const SipText& response) {
  const bool ok = response.status() < 300;
  auto text = base("ACK", ok ? call.target : call.invite.start.substr(7, call.invite.start.find(' ', 7) - 7),
                   ok ? "z9hG4bK" + ports_.ground->fresh() : call.invite_branch);
  text.add("From", call.local);
  text.add("To", response.header("To"));
  text.add("Call-ID", call.call_id);
  text.add("CSeq", std::to_string(call.cseq) + " ACK");
  ports_.send(text.write());
}

void DeskPhone::on_invite_response(const std::string& id, const SipText* response) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  Call& call = found->second;
  if (!response) {
    call.status = 408;
    return end(id);
  }
  const int status = response->status();
  if (status == 401 && !call.challenged) {
    acknowledge(call, *response);
    call.challenged = true;
    challenge_ = read_challenge(response->header("WWW-Authenticate"));
    nonce_count_ = 0;
    ++call.cseq;
    return send_invite(id);
  }
  call.status = status;
  if (status > 100 && !call.first_answer) call.first_answer = ports_.ground->time();
  if (status < 200) {
    if (!response->body.empty()) call.early_media = true;
    return;
  }
  if (status < 300) {
    call.remote = response->header("To");
    call.target = uri_of(response->header("Contact"));
    call.up = true;
    return acknowledge(call, *response);
  }
  acknowledge(call, *response);
  end(id);
}

void DeskPhone::in_dialog(const std::string& id, const std::string& method, const std::string& type,
                          const std::string& body) {
  Call& call = calls_.at(id);
  auto text = base(method, call.target, "z9hG4bK" + ports_.ground->fresh());
  text.add("From", call.local);
  text.add("To", call.remote);
  text.add("Call-ID", id);
  text.add("CSeq", std::to_string(++call.cseq) + " " + method);
  text.add("Contact", contact());
  if (!type.empty()) text.add("Content-Type", type);
  text.body = body;
  request(std::move(text), [](const SipText*) {});
}

void DeskPhone::press(const std::string& id, const std::string& digits) {
  Duration time{};
  for (const char digit : digits) {
    later(time, [this, id, digit] {
      if (calls_.contains(id))
        in_dialog(id, "INFO", "application/dtmf-relay", std::string{"Signal="} + digit + "\r\nDuration=160\r\n");
    });
    time += 200ms;
  }
}

void DeskPhone::hang_up() {
  for (const auto& [id, call] : std::map{calls_}) {
    if (call.up) {
      in_dialog(id, "BYE", "", "");
      end(id);
    } else if (call.outgoing) {
      auto text = base("CANCEL", call.invite.start.substr(7, call.invite.start.find(' ', 7) - 7), call.invite_branch);
      text.add("From", call.local);
      text.add("To", call.remote);
      text.add("Call-ID", id);
      text.add("CSeq", std::to_string(call.cseq) + " CANCEL");
      ports_.send(text.write());
      later(32s, [this, over = id] { end(over); });
    } else {
      respond(call.invite, 486, "Busy Here");
      end(id);
    }
  }
}

void DeskPhone::end(const std::string& id) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  if (found->second.outgoing) over_[id] = found->second;
  calls_.erase(found);
  if (calls_.empty() && told_) later(1s, [this] { fetch_when_idle(); });
}

const DeskPhone::Call* DeskPhone::call(const std::string& id) const {
  if (const auto found = calls_.find(id); found != calls_.end()) return &found->second;
  const auto found = over_.find(id);
  return found == over_.end() ? nullptr : &found->second;
}

}  // namespace roamdesk::sim
