#include <fmt/format.h>

#include <cstdio>
#include <deque>
#include <unordered_map>
#include <utility>

#include "bench/load/load.hpp"
#include "bench/load/talk.hpp"

// Phone 2n calls phone 2n+1: INVITE (challenged once), 180, 200, ACK, BYE. No RTP. Both have to be registered from
// here.
namespace roamdesk::load {
namespace {

std::string offer(std::uint32_t address) {
  return fmt::format(
      "v=0\r\no=- 20001 20001 IN IP4 {0}\r\ns=SDP data\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio 11780 RTP/AVP 0 8 18 9 "
      "101\r\n"
      "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\n"
      "a=rtpmap:9 G722/8000\r\na=fmtp:101 0-15\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\na=sendrecv\r\n",
      dotted(address));
}

std::string with_body(std::string head, const std::string& body) {
  if (!body.empty()) head += "Content-Type: application/sdp\r\n";
  return head + fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
}

class Calling {
 public:
  explicit Calling(const Options& options) : options_(options), fan_(options.port) {
    for (std::size_t i = 0; i + 1 < options.accounts.size(); i += 2) {
      auto& caller = callers_.emplace_back(agenda_, report_);
      caller.account = &options.accounts[i];
      caller.callee = &options.accounts[i + 1];
      caller.address = options.base + static_cast<std::uint32_t>(options.callees ? i / 2 : i);
    }
  }

  Report run() {
    pace(
        options_, fan_, agenda_, report_, [this] { return begin(); },
        [this](std::uint32_t to, const sockaddr_in& from, std::string_view bytes) { take(to, from, bytes); });
    return report_;
  }

  Report run(Talk& talk) {
    talk_ = &talk;
    const auto turn = [this] {
      agenda_.run(Clock::now());
      fan_.receive(
          1, [this](std::uint32_t to, const sockaddr_in& from, std::string_view bytes) { take(to, from, bytes); });
    };
    const auto begun = Clock::now();
    for (std::size_t i = 0; i < callers_.size(); turn())
      if (Clock::now() >= begun + std::chrono::duration<double>(static_cast<double>(i) / options_.rate)) {
        begin();
        ++i;
      }
    const auto patience = Clock::now() + milliseconds{10'000};
    while (up_ < callers_.size() && report_.failed == 0 && Clock::now() < patience) turn();
    fmt::print("{}\n", up_ == callers_.size() && talk.size() == 2 * up_ ? "up" : "failed");
    std::fflush(stdout);
    talk.obey();
    for (auto& caller : callers_)
      if (caller.up) ask(caller, "BYE", {});
    while (report_.done + report_.failed < up_) turn();
    report_.failed += callers_.size() - up_;
    return report_;
  }

 private:
  struct Caller {
    Caller(Agenda& agenda, Report& report) : asked(agenda, report) {}
    const Account* account = nullptr;
    const Account* callee = nullptr;
    std::uint32_t address = 0, cseq = 0;
    bool busy = false, challenged = false, up = false;
    std::string call_id, tag, to, branch, target, routes, ack;
    Asked asked;
  };
  void take(std::uint32_t to, const sockaddr_in& from, std::string_view bytes) {
    const bool apart = options_.callees != 0;
    if (apart && to >= options_.callees && to - options_.callees < callers_.size()) return at_callee(to, from, bytes);
    const auto index = to - options_.base;
    if (to < options_.base || index / (apart ? 1 : 2) >= callers_.size()) return;
    if (!apart && index % 2 != 0) return at_callee(to, from, bytes);
    at_caller(callers_[apart ? index : index / 2], bytes);
  }

  // What the callee said last in this call, so that it can say it again.
  struct Answered {
    std::string ok;
    bool acknowledged = false, over = false;
  };

  bool begin() {
    auto& caller = callers_[next_++ % callers_.size()];
    if (caller.busy) return false;
    caller.busy = true;
    caller.challenged = caller.up = false;
    caller.call_id = token() + "@" + dotted(caller.address);
    caller.tag = token().substr(0, 10);
    caller.cseq = 0;
    caller.target = fmt::format("sip:{}@{}", caller.callee->number, options_.domain);
    caller.to = fmt::format("<{}>", caller.target);
    caller.routes.clear();
    ask(caller, "INVITE", {});
    return true;
  }

  // ACKs take the number of their INVITE, and that of a refusal its branch.
  std::string head(Caller& caller, std::string_view method, const std::string& branch) {
    const auto here = fmt::format("{}:{}", dotted(caller.address), options_.port);
    return fmt::format(
        "{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch={branch};rport\r\n{routes}"
        "From: \"{number}\" <sip:{number}@{domain}>;tag={tag}\r\nTo: {to}\r\nCall-ID: {call_id}\r\n"
        "CSeq: {cseq} {method}\r\nContact: <sip:{number}@{here}>\r\nMax-Forwards: 70\r\n"
        "User-Agent: Yealink SIP-T46S 66.85.0.5\r\n",
        fmt::arg("method", method), fmt::arg("target", caller.target), fmt::arg("here", here),
        fmt::arg("branch", branch), fmt::arg("routes", caller.routes), fmt::arg("number", caller.account->number),
        fmt::arg("domain", options_.domain), fmt::arg("tag", caller.tag), fmt::arg("to", caller.to),
        fmt::arg("call_id", caller.call_id), fmt::arg("cseq", caller.cseq));
  }

  void ask(Caller& caller, std::string_view method, const std::string& credentials) {
    ++caller.cseq;
    caller.branch = "z9hG4bK" + token();
    auto bytes = head(caller, method, caller.branch) + credentials;
    const bool invite = method == "INVITE";
    if (invite)
      bytes +=
          "Allow: INVITE, INFO, PRACK, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REGISTER, SUBSCRIBE, REFER, PUBLISH, UPDATE, "
          "MESSAGE\r\nAllow-Events: talk,hold,conference,refer,check-sync\r\nSupported: replaces\r\n";
    caller.asked.ask(
        with_body(std::move(bytes), invite ? offer(caller.address) : ""),
        [this, &caller](const std::string& b) { fan_.send(caller.address, options_.server, b); },
        [this, &caller] { end(caller, false); });
  }

  void at_caller(Caller& caller, std::string_view bytes) {
    const int status = status_of(bytes);
    if (status == 0 || header(bytes, "Call-ID", "i") != caller.call_id) return;
    const auto cseq = header(bytes, "CSeq");
    if (cseq != fmt::format("{} {}", caller.cseq, caller.up ? "BYE" : "INVITE")) {
      if (caller.up && status >= 200 && cseq.ends_with("INVITE")) {  // the 200 again
        ++report_.retransmitted;
        fan_.send(caller.address, options_.server, caller.ack);
      }
      return;
    }
    caller.asked.answered();
    if (status < 200 || !caller.busy) return;
    if (caller.up) return end(caller, status == 200);
    if (status >= 300) {
      const auto to = std::exchange(caller.to, std::string{header(bytes, "To", "t")});
      fan_.send(caller.address, options_.server, with_body(head(caller, "ACK", caller.branch), ""));
      caller.to = to;
      if ((status != 401 && status != 407) || std::exchange(caller.challenged, true)) return end(caller, false);
      const bool proxy = status == 407;
      const auto challenge = header(bytes, proxy ? "Proxy-Authenticate" : "WWW-Authenticate");
      const auto credentials = answer(*caller.account, challenge, "INVITE", caller.target);
      if (credentials.empty()) return end(caller, false);
      return ask(caller, "INVITE",
                 fmt::format("{}: {}\r\n", proxy ? "Proxy-Authorization" : "Authorization", credentials));
    }
    caller.up = true;
    caller.to = header(bytes, "To", "t");
    caller.target = uri_of(header(bytes, "Contact", "m"));
    if (const auto recorded = header(bytes, "Record-Route"); !recorded.empty())
      caller.routes = fmt::format("Route: {}\r\n", recorded);  // one proxy: nothing to turn round
    caller.ack = with_body(head(caller, "ACK", "z9hG4bK" + token()), "");
    fan_.send(caller.address, options_.server, caller.ack);
    if (body_of(bytes).find("m=audio ") == std::string_view::npos) return end(caller, false);
    if (talk_) {
      talk_->add(caller.address, body_of(bytes));
      ++up_;
      return;
    }
    agenda_.at(Clock::now() + options_.hold, [this, &caller] { ask(caller, "BYE", {}); });
  }

  void end(Caller& caller, bool right) {
    caller.busy = false;
    ++(right ? report_.done : report_.failed);
  }

  void at_callee(std::uint32_t address, const sockaddr_in& from, std::string_view bytes) {
    if (status_of(bytes) != 0) return;
    const auto method = method_of(bytes);
    const std::string call_id{header(bytes, "Call-ID", "i")};
    if (method == "ACK") {
      calls_[call_id].acknowledged = true;
    } else if (method == "INVITE") {
      auto& call = calls_[call_id];
      if (!call.ok.empty()) {
        ++report_.retransmitted;
        return fan_.send(address, from, call.ok);
      }
      if (talk_) talk_->add(address, body_of(bytes));
      const auto tag = token().substr(0, 10);
      fan_.send(address, from, reply(address, bytes, "180 Ringing", tag, ""));
      call.ok = reply(address, bytes, "200 OK", tag, offer(address));
      fan_.send(address, from, call.ok);
      repeat_ok(address, from, call_id);
    } else if (method == "BYE") {
      auto& call = calls_[call_id];
      if (std::exchange(call.over, true)) ++report_.retransmitted;
      fan_.send(address, from, reply(address, bytes, "200 OK", "", ""));
      // Kept a while for a BYE that comes again.
      agenda_.at(Clock::now() + milliseconds{5000}, [this, call_id] { calls_.erase(call_id); });
    }
  }

  void repeat_ok(std::uint32_t address, const sockaddr_in& from, const std::string& call_id) {
    agenda_.at(Clock::now() + milliseconds{500}, [this, address, from, call_id] {
      const auto found = calls_.find(call_id);
      if (found == calls_.end() || found->second.acknowledged || found->second.over) return;
      ++report_.retransmitted;
      fan_.send(address, from, found->second.ok);
      repeat_ok(address, from, call_id);
    });
  }

  std::string reply(std::uint32_t address, std::string_view request, std::string_view status, const std::string& tag,
                    const std::string& body) {
    std::string to{header(request, "To", "t")};
    if (!tag.empty()) to += ";tag=" + tag;
    const auto head = fmt::format(
        "SIP/2.0 {}\r\n{}{}From: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {}\r\nContact: <sip:{}:{}>\r\n"
        "User-Agent: Yealink SIP-T46S 66.85.0.5\r\n",
        status, headers(request, "Via", "v"), headers(request, "Record-Route"), header(request, "From", "f"), to,
        header(request, "Call-ID", "i"), header(request, "CSeq"), dotted(address), options_.port);
    return with_body(head, body);
  }

  const Options& options_;
  Fan fan_;
  Agenda agenda_;
  Report report_;
  std::deque<Caller> callers_;
  std::unordered_map<std::string, Answered> calls_;
  std::size_t next_ = 0;
  Talk* talk_ = nullptr;
  std::size_t up_ = 0;
};

}  // namespace

Report make_calls(const Options& options) { return Calling{options}.run(); }

Report talk(const Options& options) {
  Talk talk;
  return Calling{options}.run(talk);
}

}  // namespace roamdesk::load
