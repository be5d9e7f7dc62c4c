#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/sip/digest.hpp"
#include "exchange/upstream/upstream.hpp"
#include "tests/support/servers.hpp"

namespace roamdesk::upstream {

using namespace std::chrono_literals;

using servers::at, servers::ours;

inline Trunk upstream_record() {
  Trunk trunk;
  trunk.name = "old-pbx";
  trunk.kind = TrunkKind::accounts;
  trunk.domain = "pbx.example";
  trunk.expires = 600s;
  return trunk;
}
inline UpstreamAccount account_of(unsigned number, AccountRegisters registers = AccountRegisters::always) {
  UpstreamAccount account;
  account.extension = std::to_string(number);
  account.trunk = "old-pbx";
  account.user = std::to_string(number);
  account.auth_user = "auth-" + account.user;
  account.password = Secret{"secret-" + account.user};
  account.registers = registers;
  return account;
}

// An upstream, another exchange with a registrar in simulated time, and the way between them.
class RegistrarTest : public testing::Test {
 protected:
  struct Sent {
    TimePoint at;
    sip::FlowId flow;
    sip::Message message;
  };
  struct Bound {
    std::string call_id;
    std::uint32_t cseq = 0;
    TimePoint until;
  };

  void begin(Trunk trunk = upstream_record()) {
    up.emplace(
        std::move(trunk), "Roamdesk/test", [this] { return token(); }, 1'000);
    use(1);
  }
  void use(unsigned server, sip::Transport transport = sip::Transport::udp) {
    const trunks::ServerKey key{transport, at(server)};
    auto& flow = flows_[key];
    if (!flow) flow = sip::Flow{sip::FlowId{++last_flow_}, {local_site(), transport, ours(), key.endpoint}};
    up->use(Upstream::Server{key, *flow, std::nullopt}, now);
    work();
  }
  // Another connection the next time.
  void close(unsigned server, sip::Transport transport, std::string_view why = {}) {
    const auto flow = flows_.extract({transport, at(server)}).mapped();
    up->flow_closed(flow->id, why, now);
    work();
  }
  void put(unsigned number, AccountRegisters registers = AccountRegisters::always, bool someone = false) {
    put(account_of(number, registers), someone);
  }
  void put(UpstreamAccount account, bool someone = false) {
    const AccountNumber number{std::stoul(account.extension)};
    up->put(number, std::move(account), someone, now);
    work();
  }

  std::string token() { return tokens_.next(); }

  void work() {
    while (auto effect = up->poll_effect()) {
      if (auto* send = std::get_if<Send>(&*effect)) {
        sent.push_back({now, send->flow.id, send->message});
        auto response = answer(sent.back());
        if (response) replies_.emplace(now + latency, std::pair{send->request, std::move(*response)});
      } else if (auto* failed = std::get_if<ServerFailed>(&*effect)) {
        lost.push_back({now, failed->why});
        // As a trunk's machine: it is left alone for a while.
        const auto pause = std::max<Duration>(server_pause, failed->at_least);
        if (pause > 0s) again_ = std::pair{now + pause, failed->server};
      } else if (auto* changed = std::get_if<AccountChanged>(&*effect)) {
        told.push_back(*changed);
      } else if (std::holds_alternative<KeepAlive>(*effect)) {
        ++kept_alive;
      }
    }
    work_more();
  }
  // What else stands on the upstream.
  virtual void work_more() {}
  virtual std::optional<TimePoint> next_of_more() const { return std::nullopt; }
  virtual void pass_more() {}
  // Lets the time go by, from event to event.
  void pass(Duration time) {
    const auto until = now + time;
    for (int steps = 0; steps < 1'000'000; ++steps) {
      auto next = up->deadline();
      if (!replies_.empty() && (!next || replies_.begin()->first < *next)) next = replies_.begin()->first;
      if (again_ && (!next || again_->first < *next)) next = again_->first;
      if (const auto more = next_of_more(); more && (!next || *more < *next)) next = more;
      if (!next || *next > until) break;
      now = std::max(now, *next);
      while (!replies_.empty() && replies_.begin()->first <= now) {
        auto [request, response] = std::move(replies_.begin()->second);
        replies_.erase(replies_.begin());
        up->answered(request, response, now);
        work();
      }
      if (again_ && again_->first <= now) {
        const auto server = std::exchange(again_, std::nullopt)->second;
        use(server.endpoint.address.v4() - at(0).address.v4(), server.transport);
      }
      up->handle_timeout(now);
      pass_more();
      work();
      ASSERT_TRUE(!up->deadline() || *up->deadline() > now) << "a deadline that doesn't pass";
      ASSERT_TRUE(!next_of_more() || *next_of_more() > now) << "another one that doesn't pass";
    }
    now = until;
  }

  static sip::Message reply(const Sent& request, int status) { return servers::reply(request.message, status); }
  // What a registrar with credentials does (RFC 3261 §10.3).
  sip::Message registrar(const Sent& request) {
    const auto& message = request.message;
    const std::string user = message.to.uri.user;
    const auto given = sip::find_digest_answer(message, "pbx.example", false);
    const auto known = passwords.find(user);
    const Secret password{known == passwords.end() ? "secret-" + user : known->second};
    const auto verdict = given ? digest_.verify(*given, message.method, password, now) : sip::DigestVerdict::wrong;
    if (given && verdict == sip::DigestVerdict::wrong) wrong.push_back({now, user});
    if (verdict != sip::DigestVerdict::good) {
      auto response = reply(request, 401);
      response.add_header("WWW-Authenticate",
                          digest_.make_challenge(sip::DigestAlgorithm::md5, verdict == sip::DigestVerdict::stale, now));
      return response;
    }
    auto& all = bound[user];
    std::erase_if(all, [&](const auto& entry) { return entry.second.until <= now; });
    for (const auto& contact : message.contact) {
      const auto own = contact.params.find("expires");
      const auto seconds = own ? std::stoul(std::string{*own}) : *message.expires;
      const auto uri = to_string(contact.uri);
      if (all.contains(uri) && all[uri].call_id == message.call_id) {
        EXPECT_GT(message.cseq.number, all[uri].cseq);
      }
      if (seconds == 0)
        all.erase(uri);
      else
        all[uri] = {message.call_id, message.cseq.number, now + std::chrono::seconds{seconds}};
      most_bound = std::max(most_bound, all.size());
    }
    auto response = reply(request, 200);
    for (const auto& [uri, binding] : all) {
      sip::NameAddr contact;
      contact.uri = *sip::parse_uri(uri);
      contact.params.set("expires",
                         std::to_string(std::chrono::duration_cast<std::chrono::seconds>(binding.until - now).count()));
      response.contact.push_back(std::move(contact));
    }
    return response;
  }
  std::size_t registered() const {
    return static_cast<std::size_t>(std::count_if(bound.begin(), bound.end(), [&](const auto& user) {
      return std::any_of(user.second.begin(), user.second.end(), [&](const auto& b) { return b.second.until > now; });
    }));
  }
  // The most that left within any one second, from `first` on.
  std::size_t most_in_a_second(std::size_t first = 0) const {
    std::size_t most = 0;
    for (std::size_t end = first, begin = first; end < sent.size(); ++end) {
      while (sent[end].at - sent[begin].at >= 1s) ++begin;
      most = std::max(most, end - begin + 1);
    }
    return most;
  }
  std::size_t sent_by(const std::string& user) const {
    return static_cast<std::size_t>(
        std::count_if(sent.begin(), sent.end(), [&](const Sent& s) { return s.message.to.uri.user == user; }));
  }
  Status status(unsigned number) const { return up->status(*up->account(AccountNumber{number}), now); }
  Condition condition(unsigned number) const { return status(number).condition; }

  TimePoint now{100h};
  Duration latency = 20ms, server_pause = 15s;
  std::function<std::optional<sip::Message>(const Sent&)> answer = [this](const Sent& request) {
    return std::optional{registrar(request)};
  };
  std::map<std::string, std::string> passwords;  // of users, where it isn't "secret-" and the user
  std::optional<Upstream> up;
  std::deque<Sent> sent;
  std::map<std::string, std::map<std::string, Bound>> bound;  // user, Contact
  std::size_t most_bound = 0;                                 // Contacts of one user at once
  std::vector<std::pair<TimePoint, std::string>> wrong;       // with a wrong password
  std::vector<std::pair<TimePoint, std::string>> lost;
  std::vector<AccountChanged> told;
  unsigned kept_alive = 0;

 private:
  std::multimap<TimePoint, std::pair<trunks::RequestId, sip::Message>> replies_;
  std::optional<std::pair<TimePoint, trunks::ServerKey>> again_;
  std::map<trunks::ServerKey, std::optional<sip::Flow>> flows_;
  sip::DigestServer digest_{"pbx.example", Secret{std::string(32, 'k')}, {2h, 65'536}};
  servers::Tokens tokens_;
  std::uint64_t last_flow_ = 0;
};

}  // namespace roamdesk::upstream
