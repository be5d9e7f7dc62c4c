#include <fmt/format.h>

#include <deque>

#include "bench/load/load.hpp"

// Phones that refresh their registration: REGISTER, 401, REGISTER with the answer, 200. The headers are a Yealink's.
namespace roamdesk::load {
namespace {

class Registering {
 public:
  explicit Registering(const Options& options) : options_(options), fan_(options.port) {
    // The next run of the same phone goes on counting, as a phone does that wasn't restarted.
    const auto cseq = std::chrono::duration_cast<std::chrono::seconds>(Clock::now().time_since_epoch()).count();
    for (std::size_t i = 0; i < options.accounts.size(); ++i) {
      auto& phone = phones_.emplace_back(agenda_, report_);
      phone.account = &options.accounts[i];
      phone.address = options.base + static_cast<std::uint32_t>(i);
      phone.call_id = fmt::format("0_{}@{}", 1000000 + i, dotted(phone.address));
      phone.cseq = static_cast<std::uint32_t>(cseq) * 16;
    }
  }

  Report run() {
    pace(
        options_, fan_, agenda_, report_, [this] { return begin(); },
        [this](std::uint32_t to, const sockaddr_in&, std::string_view bytes) { take(to, bytes); });
    return report_;
  }

 private:
  struct Phone {
    Phone(Agenda& agenda, Report& report) : asked(agenda, report) {}
    const Account* account = nullptr;
    std::uint32_t address = 0, cseq = 0;
    std::string call_id, from_tag;
    bool busy = false, challenged = false;
    Asked asked;
  };

  bool begin() {
    auto& phone = phones_[next_++ % phones_.size()];
    if (phone.busy) return false;
    phone.busy = true;
    phone.challenged = false;
    phone.from_tag = token().substr(0, 10);
    send(phone, {});
    return true;
  }

  void send(Phone& phone, const std::string& credentials) {
    const auto here = fmt::format("{}:{}", dotted(phone.address), options_.port);
    const auto& number = phone.account->number;
    auto bytes = fmt::format(
        "REGISTER sip:{domain} SIP/2.0\r\n"
        "Via: SIP/2.0/UDP {here};branch=z9hG4bK{branch};rport\r\n"
        "From: \"{number}\" <sip:{number}@{domain}>;tag={tag}\r\n"
        "To: \"{number}\" <sip:{number}@{domain}>\r\n"
        "Call-ID: {call_id}\r\nCSeq: {cseq} REGISTER\r\n"
        "Contact: <sip:{number}@{here}>\r\n"
        "{credentials}"
        "Allow: INVITE, INFO, PRACK, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REGISTER, SUBSCRIBE, REFER, PUBLISH, UPDATE, "
        "MESSAGE\r\n"
        "Max-Forwards: 70\r\nUser-Agent: Yealink SIP-T46S 66.85.0.5\r\nExpires: 3600\r\n"
        "Allow-Events: talk,hold,conference,refer,check-sync\r\nContent-Length: 0\r\n\r\n",
        fmt::arg("domain", options_.domain), fmt::arg("here", here), fmt::arg("branch", token()),
        fmt::arg("number", number), fmt::arg("tag", phone.from_tag), fmt::arg("call_id", phone.call_id),
        fmt::arg("cseq", ++phone.cseq),
        fmt::arg("credentials", credentials.empty() ? "" : "Authorization: " + credentials + "\r\n"));
    phone.asked.ask(
        std::move(bytes), [this, &phone](const std::string& b) { fan_.send(phone.address, options_.server, b); },
        [this, &phone] { end(phone, false); });
  }

  void take(std::uint32_t to, std::string_view bytes) {
    if (to < options_.base || to - options_.base >= phones_.size()) return;
    auto& phone = phones_[to - options_.base];
    const int status = status_of(bytes);
    if (status < 200 || !phone.busy || header(bytes, "CSeq") != fmt::format("{} REGISTER", phone.cseq)) return;
    phone.asked.answered();
    if (status == 401 && !phone.challenged) {
      phone.challenged = true;
      const auto credentials =
          answer(*phone.account, header(bytes, "WWW-Authenticate"), "REGISTER", "sip:" + options_.domain);
      if (!credentials.empty()) return send(phone, credentials);
    }
    // What both have to say: our contact, and for how long.
    const bool kept = header(bytes, "Contact", "m").find(dotted(phone.address)) != std::string_view::npos;
    end(phone, status == 200 && phone.challenged && kept);
  }

  void end(Phone& phone, bool right) {
    phone.busy = false;
    ++(right ? report_.done : report_.failed);
  }

  const Options& options_;
  Fan fan_;
  Agenda agenda_;
  Report report_;
  std::deque<Phone> phones_;
  std::size_t next_ = 0;
};

}  // namespace

Report register_phones(const Options& options) { return Registering{options}.run(); }

}  // namespace roamdesk::load
