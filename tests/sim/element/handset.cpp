#include "tests/sim/element/handset.hpp"

#include "tests/support/phone/text.hpp"

namespace roamdesk::sim {
namespace {

constexpr auto handset_patience = 6s;
constexpr auto domain = "pbx.example.com";

phone::Self self_of(const sip::FlowAddress& at) {
  const bool tcp = at.transport == sip::Transport::tcp;
  phone::Self self;
  self.domain = domain;
  self.here = to_string(at.peer);
  self.transport = tcp ? "TCP" : "UDP";
  self.contact = "<sip:phone@" + self.here + (tcp ? ";transport=tcp" : "") + ">";
  self.media.address = to_string(at.peer.address);
  self.media.port = 11800;
  self.media.codecs = "8 101";
  return self;
}

std::string address_of(const std::string& number) { return "sip:" + number + "@" + domain; }

}  // namespace

Handset::Handset(Simulation& sim, SiteId site, const std::string& ip, std::uint16_t port, sip::Transport transport)
    : sim_(sim),
      at_{std::move(site), transport, {}, {parse_ip(ip).value(), port}},
      agent_(
          self_of(at_), [this] { return sim_.fresh(); }, [this](const std::string& bytes) { sim_.say(at_, bytes); }) {
  at_.face = sim.face_to(at_.site, at_.peer);
  sim_.listen(at_, [this](const std::string& bytes) { hear(bytes); });
}

Handset::~Handset() { sim_.listen(at_, nullptr); }

void Handset::be(const Keys& keys) {
  agent_.self.user = keys.aor;
  agent_.credentials.user = keys.user;
  agent_.credentials.password = keys.password;
  agent_.credentials.forget();
}

void Handset::hear(const std::string& bytes) {
  if (!agent_.receive(bytes, sim_.time())) return;
  if (call_ && call_->takes(bytes)) return call_->handle(bytes, sim_.time());
  const auto method = phone::method_of(bytes);
  if (method == "ACK") return;
  if (method == "INVITE") ++rings;
  if (phone::header(bytes, "Subscription-State").starts_with("terminated") &&
      phone::header(bytes, "Event").starts_with("dialog"))
    ++lamps_over;
  if (method == "NOTIFY" && phone::header(bytes, "Event").starts_with("message-summary"))
    mailbox = bytes.substr(bytes.find("\r\n\r\n") + 4);
  if (method == "NOTIFY" && phone::header(bytes, "Event").starts_with("dialog"))
    lamp = bytes.substr(bytes.find("\r\n\r\n") + 4);
  agent_.answer(bytes, method == "INVITE" ? 486 : 200, {.tag = "handset"}, sim_.time());
}

int Handset::wait_for(const std::shared_ptr<std::optional<int>>& outcome) {
  sim_.run_until([&] { return outcome->has_value(); }, handset_patience);
  return outcome->value_or(0);
}

int Handset::register_as(const Keys& keys, const std::string& call_id, unsigned expires, const std::string& contact) {
  be(keys);
  const auto usual = agent_.self.contact;
  if (!contact.empty()) agent_.self.contact = contact;
  registration_.call_id = call_id.empty() ? sim_.fresh() : call_id;
  const auto outcome = std::make_shared<std::optional<int>>();
  registration_.send(expires, sim_.time(), [outcome](auto response, auto) { *outcome = phone::status_of(response); });
  const int status = wait_for(outcome);
  agent_.self.contact = usual;
  return status;
}

int Handset::invite(const Keys& keys, const std::string& number, const std::string& lines) {
  be(keys);
  auto call = std::make_unique<phone::Call>(agent_);
  call->dial(address_of(number), sim_.time(), [lines](std::string& message) { phone::insert(message, lines); });
  sim_.run_until([&] { return call->up || call->over; }, handset_patience);
  const int status = call->up || call->over ? call->status : 0;
  if (!call->up) return status;
  call_ = std::move(call);
  sim_.run_for(100ms);
  return status;
}

int Handset::subscribe(const Keys& keys, const std::string& number, const std::string& package) {
  be(keys);
  const auto uri = address_of(number), call_id = sim_.fresh(), tag = sim_.fresh();
  const auto write = [this, uri, call_id, tag, package] {
    auto writer = agent_.begin("SUBSCRIBE", uri);
    writer.add("From", agent_.identity(), ";tag=" + tag).add("To", "<" + uri + ">").add("Call-ID", call_id);
    writer.add("CSeq", std::to_string(++cseq_), " SUBSCRIBE").add("Contact", agent_.contact());
    writer.add("Event", package).add("Expires", "3600");
    writer.add("Accept", package == "dialog" ? "application/dialog-info+xml" : "application/simple-message-summary");
    return writer.lines(agent_.credentials.line("SUBSCRIBE", uri, agent_.unique())).finish();
  };
  const auto outcome = std::make_shared<std::optional<int>>();
  agent_.ask_with_credentials(
      write, [outcome](auto response, auto) { *outcome = phone::status_of(response); }, sim_.time());
  return wait_for(outcome);
}

int Handset::within_call(const std::string& method, const std::string& lines, const std::string& body,
                         const std::string& type) {
  const auto outcome = std::make_shared<std::optional<int>>();
  call_->answered = [outcome](const std::string&, int status, auto) { *outcome = status; };
  call_->send(method, sim_.time(), lines, body, type);
  return wait_for(outcome);
}

int Handset::refer(const std::string& number) {
  return within_call("REFER", "Refer-To: <" + address_of(number) + ">\r\n");
}

void Handset::press(const std::string& digits) {
  for (const char digit : digits) {
    within_call("INFO", {}, std::string{"Signal="} + digit + "\r\nDuration=160\r\n", "application/dtmf-relay");
    sim_.run_for(200ms);
  }
}

void Handset::bye() { within_call("BYE"); }

void Handset::close() { sim_.close(at_); }

}  // namespace roamdesk::sim
