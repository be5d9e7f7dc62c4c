#include "tests/sim/element/desk_phone.hpp"

#include <utility>

#include "tests/support/phone/text.hpp"

namespace roamdesk::sim {
namespace {

using namespace std::chrono_literals;

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
  calls_.clear();
  registering_.reset();
  agent_.reset();
  waking_.reset();
}

void DeskPhone::reboot() {
  if (!on_) return;
  power_off();
  power_on();
}

void DeskPhone::forget_configuration() {
  url_.clear();
  to_reach_.clear();
  checks_ = false;
  account_ = {};
  be_known();
}

void DeskPhone::move_to(Endpoint own) {
  own_ = own;
  be_known();
}

void DeskPhone::boot() {
  booted_ = true;
  ++boots;
  agent_.emplace(
      phone::Self{}, [this] { return ports_.ground->fresh(); },
      [this](const std::string& bytes) { ports_.send(bytes); });
  agent_->self.user_agent = agent();
  be_known();
  registering_.emplace(*agent_);
  later(1h, [this] { fetch_when_idle(); });
  if (url_.empty()) return subscribe_pnp();
  if (!habits.fetches_at_boot) return start_registering();
  fetch([this] { start_registering(); });
}

// ---- its configuration

std::string ask_for_url(const phone::Agent& agent, const Mac& mac, const std::string& lines) {
  const auto uri = "sip:MAC%3a" + mac.text() + "@224.0.1.75";
  auto writer = agent.begin("SUBSCRIBE", uri);
  writer.add("From", "<" + uri + ">;tag=" + agent.unique()).add("To", "<" + uri + ">").add("Call-ID", agent.unique());
  writer.add("CSeq", "1 SUBSCRIBE").add("Contact", "<sip:MAC%3a" + mac.text() + "@" + agent.self.here + ">");
  writer.add("Expires", "0").add("Accept", "application/url").lines(lines);
  writer.add("Event", "ua-profile;profile-type=\"device\";vendor=\"Yealink\";model=\"T33G\";version=\"124.86.0.40\"");
  return writer.finish();
}

void DeskPhone::subscribe_pnp() {
  ports_.send_multicast(ask_for_url(*agent_, mac_));
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
  checks_ = setting(body, "static.security.trust_certificates") == "1";
  to_reach_ = setting(body, "action_url.registered");
  date_format_ = setting(body, "local_time.date_format");
  if (setting(body, "features.dnd.enable") == "0") do_not_disturb = false;
  if (const auto url = setting(body, "static.trusted_certificates.url"); url.starts_with("http"))
    ports_.fetch(url, [](int, const std::string&) {});
  use(std::move(account));
  offered_ = setting(body, "static.firmware.url");
  if (!offered_.empty()) later(1s, [this] { upgrade(); });
  if (checks_ && !habits.trusts && std::exchange(registered_, false)) start_registering();
}

void DeskPhone::upgrade() {
  // ".../T33G-124.86.0.75.rom"
  const auto dash = offered_.rfind('-'), dot = offered_.rfind('.');
  if (offered_.empty() || dash == std::string::npos || dot <= dash) return;
  const auto version = offered_.substr(dash + 1, dot - dash - 1);
  if (version == firmware) return;
  ports_.fetch(offered_, [this, epoch = epoch_, version](int status, const std::string&) {
    if (!on_ || epoch != epoch_ || status != 200) return;
    ++firmware_fetches;
    if (!habits.takes_firmware) return;
    later(2min, [this, version] {
      firmware = version;
      reboot();
    });
  });
}

// What it asks for once it is registered.
void DeskPhone::reach() {
  if (to_reach_.starts_with("https://") && habits.trusts) ports_.fetch(to_reach_, [](int, const std::string&) {});
}

void DeskPhone::use(Account account) {
  if (account == account_) return;
  if (registered_ && habits.unregisters_first) {
    ++registration_;
    return send_register(0, [this, account = std::move(account)](bool) {
      registered_ = false;
      account_ = account;
      be_known();
      registering_->call_id = ports_.ground->fresh();
      start_registering();
    });
  }
  const bool running = registered_;
  account_ = std::move(account);
  be_known();
  registering_->call_id = ports_.ground->fresh();
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
  send_register(60, [this, mine](bool ok) {
    if (mine != registration_) return;
    if (ok && !std::exchange(registered_, ok)) reach();
    registered_ = ok;
    later(ok ? Duration{30s} : Duration{habits.retry}, [this, mine] {
      if (mine == registration_) start_registering();
    });
  });
}

void DeskPhone::be_known() {
  if (!agent_) return;
  auto& self = agent_->self;
  self.here = to_string(own_);
  self.user = account_.user.empty() ? "phone" : account_.user;
  self.domain = account_.domain.empty() ? to_string(own_.address) : account_.domain;
  self.media.address = to_string(own_.address);
  self.media.port = 11800;
  self.media.codecs = "8 101";
  agent_->credentials.user = account_.auth_user;
  agent_->credentials.password = account_.password;
}

void DeskPhone::send_register(unsigned expires, std::function<void(bool)> done) {
  if (checks_ && !habits.trusts) return later(1s, [done = std::move(done)] { done(false); });
  registering_->send(expires, ports_.ground->time(), [done = std::move(done)](std::string_view response, TimePoint) {
    done(phone::status_of(response) == 200);
  });
  touched();
}

// ---- its clock

void DeskPhone::touched() {
  for (auto it = calls_.begin(); it != calls_.end();) {
    const auto next = std::next(it);
    if (it->second.over) {
      auto ended = calls_.extract(it);
      if (ended.mapped().caller) over_.insert(std::move(ended));
      if (calls_.empty() && told_) later(1s, [this] { fetch_when_idle(); });
    }
    it = next;
  }
  wake();
}

void DeskPhone::wake() {
  const auto at = agent_->deadline();
  if (!at || (waking_ && *waking_ <= *at)) return;
  waking_ = at;
  later(*at - ports_.ground->time(), [this, at] {
    if (waking_ == at) waking_.reset();
    agent_->handle_timeout(ports_.ground->time());
    touched();
  });
}

}  // namespace roamdesk::sim
