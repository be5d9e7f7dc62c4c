#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/sip/digest.hpp"
#include "exchange/trunks/machine.hpp"
#include "tests/support/servers.hpp"

namespace roamdesk::trunks {

using namespace std::chrono_literals;

using servers::at, servers::ours;

inline Trunk registering() {
  Trunk trunk;
  trunk.name = "provider";
  trunk.domain = "provider.example";
  trunk.user = "4930123";
  trunk.auth_user = "auth-4930123";
  trunk.password = Secret{"right"};
  trunk.expires = 600s;
  trunk.ping = 0s;
  return trunk;
}
inline Trunk by_address() {
  Trunk trunk;
  trunk.name = "carrier";
  trunk.kind = TrunkKind::address;
  trunk.domain = "carrier.example";
  trunk.ping = 30s;
  return trunk;
}

inline names::Target target(unsigned last, sip::Transport transport = sip::Transport::udp, const char* host = "") {
  return {transport, at(last), host, 300s};
}

// A machine, a provider that is what the test makes of it, and the time. The provider's servers answer at once what
// `answer` says; nullopt: nothing.
class MachineTest : public testing::Test {
 protected:
  struct Sent {
    TimePoint at;
    ServerKey server;
    sip::Message message;
  };
  using Answer = std::function<std::optional<sip::Message>(const Sent&)>;

  void begin(Trunk trunk, std::vector<names::Target> targets = {target(1)}) {
    located = {std::move(targets), 300s, std::nullopt, false};
    machine.emplace(std::move(trunk), "Roamdesk/test", [this] { return token(); });
    machine->start(now);
    work();
  }
  static ServerKey key(unsigned last, sip::Transport transport = sip::Transport::udp) { return {transport, at(last)}; }

  std::string token() { return tokens_.next(); }

  // Carries out what the machine wants, and everything that follows at this moment.
  void work() {
    for (bool busy = true; busy;) {
      busy = false;
      while (auto effect = machine->poll_effect()) {
        busy = true;
        std::visit([this](auto& each) { perform(each); }, *effect);
      }
      if (!replies_.empty()) {
        busy = true;
        auto [id, response] = std::move(replies_.front());
        replies_.pop_front();
        machine->answered(id, response, now);
      }
    }
  }
  // Lets the time go by, from deadline to deadline.
  void pass(Duration time) {
    const auto until = now + time;
    for (int steps = 0; steps < 100'000; ++steps) {
      const auto next = machine->deadline();
      if (!next || *next > until) break;
      now = std::max(now, *next);
      machine->handle_timeout(now);
      work();
      ASSERT_TRUE(!machine->deadline() || *machine->deadline() > now) << "a deadline that doesn't pass";
    }
    now = until;
  }

  void perform(const Locate& effect) {
    queries.push_back(effect.query);
    machine->located(located, now);
  }
  void perform(const Dial& effect) {
    dialled.push_back(effect);
    if (!reachable) return machine->dialled(effect.server, std::nullopt, now);
    sip::Flow flow{sip::FlowId{++flows_},
                   {machine->trunk().site, effect.server.transport, ours(), effect.server.endpoint}};
    flow_at[effect.server] = flow;
    machine->dialled(effect.server, flow, now);
  }
  void perform(const Send& effect) {
    const auto& to = effect.flow.address;
    sent.push_back({now, {to.transport, to.peer}, effect.message});
    if (!answer) return;
    auto response = answer(sent.back());
    if (response) replies_.emplace_back(effect.request, std::move(*response));
  }
  void perform(const KeepAlive& effect) { kept_alive.push_back({now, effect.flow}); }
  void perform(const ConditionChanged& effect) { told.push_back(effect.status); }

  static sip::Message reply(const Sent& request, int status, const std::string& reason = {}) {
    return servers::reply(request.message, status, reason);
  }
  static sip::Message ok(const Sent& request, int expires = 600) {
    auto response = reply(request, 200);
    response.contact = request.message.contact;
    for (auto& contact : response.contact) contact.params.set("expires", std::to_string(expires));
    return response;
  }
  // A registrar that wants these credentials.
  sip::Message challenging(const Sent& request, const std::string& password = "right", bool proxy = false,
                           const std::string& realm = "realm.example") {
    auto& server = digest_.try_emplace(realm, realm, Secret{std::string(32, 'k')}).first->second;
    const auto given = sip::find_digest_answer(request.message, realm, proxy);
    const auto verdict =
        given ? server.verify(*given, request.message.method, Secret{password}, now) : sip::DigestVerdict::wrong;
    if (given) ++with_credentials;
    if (verdict == sip::DigestVerdict::good) return ok(request, static_cast<int>(*request.message.expires));
    auto response = reply(request, proxy ? 407 : 401);
    response.add_header(proxy ? "Proxy-Authenticate" : "WWW-Authenticate",
                        server.make_challenge(sip::DigestAlgorithm::md5, verdict == sip::DigestVerdict::stale, now));
    return response;
  }

  Condition condition() const { return machine->status().condition; }
  std::string reason() const { return machine->status().reason; }
  std::size_t count(const std::string& method) const {
    return static_cast<std::size_t>(
        std::count_if(sent.begin(), sent.end(), [&](const Sent& s) { return s.message.method == method; }));
  }

  TimePoint now{100h};
  names::Located located;
  bool reachable = true;
  Answer answer = [](const Sent& request) { return std::optional{ok(request)}; };
  std::optional<Machine> machine;
  std::deque<Sent> sent;
  std::vector<names::Query> queries;
  std::vector<Dial> dialled;
  std::vector<std::pair<TimePoint, sip::FlowId>> kept_alive;
  std::vector<Status> told;
  std::map<ServerKey, sip::Flow> flow_at;
  unsigned with_credentials = 0;

 private:
  std::deque<std::pair<RequestId, sip::Message>> replies_;
  std::map<std::string, sip::DigestServer> digest_;
  servers::Tokens tokens_;
  std::uint64_t flows_ = 0;
};

}  // namespace roamdesk::trunks
