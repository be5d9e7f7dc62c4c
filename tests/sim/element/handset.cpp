#include "tests/sim/element/handset.hpp"

namespace roamdesk::sim {
namespace {

constexpr auto patience = 6s;

std::string domain() { return "pbx.example.com"; }

}  // namespace

Handset::Handset(Simulation& sim, SiteId site, const std::string& ip, std::uint16_t port, sip::Transport transport)
    : sim_(sim) {
  at_ = {std::move(site), transport, {}, {parse_ipv4(ip).value(), port}};
  at_.face = sim.face(at_.site);
  sim_.listen(at_, [this](const std::string& bytes) { hear(bytes); });
}

Handset::~Handset() { sim_.listen(at_, nullptr); }

std::string Handset::contact() const {
  return "<sip:phone@" + to_string(at_.peer) + (at_.transport == sip::Transport::tcp ? ";transport=tcp" : "") + ">";
}

SipText Handset::request(const std::string& method, const std::string& uri, const std::string& aor,
                         const std::string& to) {
  SipText text;
  text.start = method + " " + uri + " SIP/2.0";
  text.add("Max-Forwards", "70");
  text.add("From", "<sip:" + aor + "@" + domain() + ">;tag=" + sim_.fresh());
  text.add("To", to);
  text.add("Contact", contact());
  return text;
}

void Handset::hear(const std::string& bytes) {
  const auto text = SipText::read(bytes);
  if (!text.is_request()) {
    if (text.status() >= 200) answers_[parameter(text.header("Via"), "branch")] = text;
    return;
  }
  if (text.method() == "ACK") return;
  if (text.method() == "INVITE") ++rings;
  if (text.header("Subscription-State").starts_with("terminated") && text.header("Event").starts_with("dialog"))
    ++lamps_over;
  SipText answer;
  answer.start = text.method() == "INVITE" ? "SIP/2.0 486 Busy Here" : "SIP/2.0 200 OK";
  for (const auto& via : text.all("Via")) answer.add("Via", via);
  for (const auto* name : {"From", "Call-ID", "CSeq"}) answer.add(name, text.header(name));
  const auto to = text.header("To");
  answer.add("To", parameter(to, "tag").empty() ? to + ";tag=handset" : to);
  sim_.say(at_, answer.write());
}

int Handset::send(const SipText& text) {
  const auto branch = parameter(text.header("Via"), "branch");
  sim_.say(at_, text.write());
  sim_.run_until([&] { return answers_.contains(branch); }, patience);
  return answers_.contains(branch) ? answers_[branch].status() : 0;
}

int Handset::ask(SipText text, const Keys& keys) {
  const auto method = text.method();
  const auto uri = text.start.substr(method.size() + 1, text.start.find(' ', method.size() + 1) - method.size() - 1);
  const auto transport = at_.transport == sip::Transport::tcp ? "TCP " : "UDP ";
  Challenge challenge;
  for (int turn = 0; turn < 2; ++turn) {
    SipText now = text;
    now.headers.insert(now.headers.begin(), {"Via", std::string{"SIP/2.0/"} + transport + to_string(at_.peer) +
                                                        ";branch=z9hG4bK" + sim_.fresh() + ";rport"});
    now.add("CSeq", std::to_string(++cseq_) + " " + method);
    if (turn == 1) now.add("Authorization", answer(challenge, keys.user, keys.password, method, uri, 1));
    const int status = send(now);
    const auto reply = answers_[parameter(now.header("Via"), "branch")];
    if (method == "INVITE" && status >= 200) {
      SipText ack;
      ack.start = "ACK " + (status < 300 ? uri_of(reply.header("Contact")) : uri) + " SIP/2.0";
      const auto via = now.header("Via");
      ack.add("Via", status < 300 ? via.substr(0, via.find(";branch=")) + ";branch=z9hG4bK" + sim_.fresh() : via);
      ack.add("From", now.header("From"));
      ack.add("To", reply.header("To"));
      ack.add("Call-ID", now.header("Call-ID"));
      ack.add("CSeq", std::to_string(cseq_) + " ACK");
      ack.add("Max-Forwards", "70");
      sim_.say(at_, ack.write());
      if (status < 300) {
        call_ = {now, reply, now.header("From"), reply.header("To"), cseq_};
        sim_.run_for(100ms);
      }
    }
    if (status != 401) return status;
    challenge = read_challenge(reply.header("WWW-Authenticate"));
  }
  return 401;
}

int Handset::register_as(const Keys& keys, const std::string& call_id, unsigned expires, const std::string& contact) {
  auto text = request("REGISTER", "sip:" + domain(), keys.aor, "<sip:" + keys.aor + "@" + domain() + ">");
  text.add("Call-ID", call_id.empty() ? sim_.fresh() : call_id);
  text.add("Expires", std::to_string(expires));
  if (!contact.empty())
    for (auto& [name, value] : text.headers)
      if (name == "Contact") value = contact;
  return ask(std::move(text), keys);
}

int Handset::invite(const Keys& keys, const std::string& number) {
  auto text = request("INVITE", "sip:" + number + "@" + domain(), keys.aor, "<sip:" + number + "@" + domain() + ">");
  const auto ip = to_string(at_.peer.address);
  text.add("Call-ID", sim_.fresh());
  text.add("Content-Type", "application/sdp");
  text.body = "v=0\r\no=- 1 1 IN IP4 " + ip + "\r\ns=-\r\nc=IN IP4 " + ip +
              "\r\nt=0 0\r\nm=audio 11800 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";
  return ask(std::move(text), keys);
}

int Handset::subscribe(const Keys& keys, const std::string& number) {
  auto text = request("SUBSCRIBE", "sip:" + number + "@" + domain(), keys.aor, "<sip:" + number + "@" + domain() + ">");
  text.add("Call-ID", sim_.fresh());
  text.add("Event", "dialog");
  text.add("Accept", "application/dialog-info+xml");
  text.add("Expires", "3600");
  return ask(std::move(text), keys);
}

int Handset::refer(const std::string& number) {
  SipText text;
  text.start = "REFER " + uri_of(call_.answer.header("Contact")) + " SIP/2.0";
  text.add("Via", "SIP/2.0/UDP " + to_string(at_.peer) + ";branch=z9hG4bK" + sim_.fresh() + ";rport");
  text.add("From", call_.from);
  text.add("To", call_.to);
  text.add("Call-ID", call_.invite.header("Call-ID"));
  text.add("CSeq", std::to_string(cseq_ = ++call_.cseq) + " REFER");
  text.add("Max-Forwards", "70");
  text.add("Contact", contact());
  text.add("Refer-To", "<sip:" + number + "@" + domain() + ">");
  return send(text);
}

void Handset::press(const std::string& digits) {
  for (const char digit : digits) {
    SipText text;
    text.start = "INFO " + uri_of(call_.answer.header("Contact")) + " SIP/2.0";
    const auto transport = at_.transport == sip::Transport::tcp ? "TCP " : "UDP ";
    text.add("Via", std::string{"SIP/2.0/"} + transport + to_string(at_.peer) + ";branch=z9hG4bK" + sim_.fresh());
    text.add("From", call_.from);
    text.add("To", call_.to);
    text.add("Call-ID", call_.invite.header("Call-ID"));
    text.add("CSeq", std::to_string(cseq_ = ++call_.cseq) + " INFO");
    text.add("Max-Forwards", "70");
    text.add("Content-Type", "application/dtmf-relay");
    text.body = std::string{"Signal="} + digit + "\r\nDuration=160\r\n";
    send(text);
    sim_.run_for(200ms);
  }
}

void Handset::bye() {
  SipText text;
  text.start = "BYE " + uri_of(call_.answer.header("Contact")) + " SIP/2.0";
  text.add("Via", "SIP/2.0/UDP " + to_string(at_.peer) + ";branch=z9hG4bK" + sim_.fresh());
  text.add("From", call_.from);
  text.add("To", call_.to);
  text.add("Call-ID", call_.invite.header("Call-ID"));
  text.add("CSeq", std::to_string(cseq_ = ++call_.cseq) + " BYE");
  text.add("Max-Forwards", "70");
  send(text);
}

void Handset::close() { sim_.close(at_); }

}  // namespace roamdesk::sim
