#include <cassert>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/sip/parse.hpp"
#include "exchange/trunks/machine.hpp"

// A trunk's machine, driven by a provider that answers anything at any time, DNS that says anything, and lines that
// come and go. Each byte is an event. What has to hold: a deadline passes, requests are bounded, and a refused account
// isn't tried more than three times in ten minutes.
namespace {

using namespace roamdesk;
using namespace std::chrono_literals;

class Day {
 public:
  explicit Day(std::string_view bytes) : bytes_(bytes) {}

  void run() {
    Trunk trunk;
    trunk.name = "t";
    trunk.domain = "provider.example";
    trunk.user = "u";
    trunk.password = Secret{"p"};
    trunk.kind = next() % 3 ? TrunkKind::registration : TrunkKind::address;
    machine_.emplace(trunk, "fuzz", [this] { return token(); });
    machine_->start(now_);
    work();
    while (!bytes_.empty()) {
      step(trunk);
      work();
      // What an attempt had put off is due at once after it, and done then.
      if (const auto deadline = machine_->deadline(); deadline && *deadline <= now_) {
        machine_->handle_timeout(now_);
        work();
        const auto next = machine_->deadline();
        assert(!next || *next > now_);
      }
    }
  }

 private:
  std::uint8_t next() {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }
  std::string token() {
    char text[33];
    ++tokens_;
    std::snprintf(text, sizeof text, "%08x%024x", tokens_ * 2654435761U, tokens_);
    return text;
  }

  void step(Trunk& trunk) {
    switch (next() % 12) {
      case 0:
        now_ += std::chrono::seconds{next()};
        break;
      case 1:
        now_ += std::chrono::minutes{next()};
        break;
      case 2:
      case 3:
      case 4:
      case 5:
        return answer();
      case 6:
        if (!sent_.empty()) machine_->failed(sent_[next() % sent_.size()].request, next() % 2, now_);
        break;
      case 7:
        machine_->flow_closed(sip::FlowId{next() % (flows_ + 1)}, "closed", now_);
        break;
      case 8:
        return located();
      case 9:
        trunk.password = Secret{std::to_string(next() % 4)};
        trunk.enabled = next() % 4 != 0;
        machine_->change(trunk, now_);
        break;
      case 10:
        machine_->server_failed(server(next()), "x", std::chrono::seconds{next()}, now_);
        break;
      case 11:
        reachable_ = next() % 2;
        machine_->site_connected(now_);
        break;
    }
    const auto before = machine_->deadline();
    machine_->handle_timeout(now_);
    work();
    const auto after = machine_->deadline();
    assert(!after || *after > now_ || !before);
  }

  static trunks::ServerKey server(unsigned n) {
    return {static_cast<sip::Transport>(n / 4 % 3), {{0xc6336400U + n % 4}, 5060}};
  }

  void located() {
    names::Located answer;
    answer.ttl = std::chrono::seconds{next()};
    for (unsigned count = next() % 4; count > 0; --count) {
      const auto at = server(next());
      answer.targets.push_back({at.transport, at.endpoint, "", answer.ttl});
    }
    if (answer.targets.empty()) answer.problem = names::Problem{names::Fault::no_answer, "x"};
    located_ = answer;
  }

  void answer() {
    if (sent_.empty()) return;
    const auto& request = sent_[next() % sent_.size()];
    constexpr int statuses[] = {100, 200, 200, 202, 301, 401, 401, 407, 403, 404, 408, 421, 423, 480, 500, 503, 603};
    auto response = sip::make_response(request.message, statuses[next() % std::size(statuses)], "", "t");
    switch (next() % 8) {
      case 0:
        response.add_header("WWW-Authenticate", "Digest realm=\"r\", nonce=\"" + std::to_string(next()) +
                                                    "\", qop=\"auth\"" + (next() % 2 ? ", stale=true" : ""));
        break;
      case 1:
        response.add_header("Proxy-Authenticate", "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256");
        break;
      case 2:
        response.add_header("Min-Expires", std::to_string(next() * 37));
        response.add_header("Retry-After", std::to_string(next()));
        break;
      case 3:
        response.contact = request.message.contact;
        for (auto& contact : response.contact) contact.params.set("expires", std::to_string(next()));
        break;
      case 4: {
        sip::Via via;
        via.host = "10.0.0.1";
        via.params.set("received", "203.0.113." + std::to_string(next()));
        via.params.set("rport", std::to_string(next() * 256));
        response.via = {via};
        break;
      }
      case 5:
        response.add_header("Require", "gin");
        break;
      default: {
        const auto take = std::min<std::size_t>(next(), bytes_.size());
        response.add_header("WWW-Authenticate", std::string{bytes_.substr(0, take)});
        bytes_.remove_prefix(take);
      }
    }
    machine_->answered(request.request, response, now_);
  }

  void work() {
    unsigned done = 0;
    while (auto effect = machine_->poll_effect()) {
      assert(++done < 1000);
      if (std::holds_alternative<trunks::Locate>(*effect)) {
        machine_->located(located_, now_);
      } else if (const auto* dial = std::get_if<trunks::Dial>(&*effect)) {
        const sip::Flow flow{sip::FlowId{++flows_},
                             {local_site(), dial->server.transport, {{0x0a000001}, 5060}, dial->server.endpoint}};
        machine_->dialled(dial->server, reachable_ ? std::optional{flow} : std::nullopt, now_);
      } else if (auto* send = std::get_if<trunks::Send>(&*effect)) {
        sent_.push_back(*send);
        if (sent_.size() > 32) sent_.erase(sent_.begin());
      }
    }
    static_cast<void>(machine_->status());
    static_cast<void>(machine_->attempts(now_));
  }

  std::string_view bytes_;
  TimePoint now_{100h};
  names::Located located_{{{sip::Transport::udp, {{0xc6336401U}, 5060}, "", 300s}}, 300s, std::nullopt, false};
  bool reachable_ = true;
  std::optional<trunks::Machine> machine_;
  std::vector<trunks::Send> sent_;
  unsigned tokens_ = 0;
  std::uint64_t flows_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Day{{reinterpret_cast<const char*>(data), size}}.run();
  return 0;
}
