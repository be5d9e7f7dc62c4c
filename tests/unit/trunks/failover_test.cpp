#include "tests/unit/trunks/provider.hpp"

namespace roamdesk::trunks {
namespace {

class Failover : public MachineTest {
 protected:
  // Servers that don't answer anything.
  std::vector<ServerKey> silent;
  bool is_silent(const ServerKey& server) const {
    return std::find(silent.begin(), silent.end(), server) != silent.end();
  }
  void answer_but_silent() {
    answer = [this](const Sent& r) { return is_silent(r.server) ? std::nullopt : std::optional{ok(r)}; };
  }
  ServerKey registered_at() const { return machine->status().server->key(); }
};

TEST_F(Failover, AServerThatIsSilentFor5sIsLeftForTheNextOne) {
  silent = {key(1)};
  answer_but_silent();
  begin(registering(), {target(1), target(2)});
  pass(4s);
  EXPECT_EQ(condition(), Condition::registering);
  pass(2s);
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_EQ(registered_at(), key(2));
}

TEST_F(Failover, A503IsLeftAtOnceAndAReadyServerIsNotAskedTwice) {
  answer = [](const Sent& r) { return r.server == key(1) ? reply(r, 503) : ok(r); };
  begin(registering(), {target(1), target(2)});
  EXPECT_EQ(registered_at(), key(2));
  EXPECT_EQ(count("REGISTER"), 2u);
}

TEST_F(Failover, AServerOfSeveralNamesIsTriedOnceWhateverItsFault) {
  const std::vector<names::Target> twice = {target(1, sip::Transport::udp, "a.example"),
                                            target(1, sip::Transport::udp, "b.example")};
  answer = [](const Sent& r) { return reply(r, 503); };
  begin(registering(), twice);
  EXPECT_EQ(count("REGISTER"), 1u);
  EXPECT_EQ(condition(), Condition::unreachable);
  reachable = false;
  dialled.clear();
  begin(registering(), twice);
  EXPECT_EQ(dialled.size(), 1u);
  EXPECT_EQ(condition(), Condition::unreachable);
}

TEST_F(Failover, AConnectionThatCannotBeHadIsLeftAtOnceAndSaidWhy) {
  answer = nullptr;
  begin(registering(), {target(1, sip::Transport::tls)});
  ASSERT_EQ(dialled.size(), 1u);
  EXPECT_EQ(dialled[0].tls->name, "provider.example") << "the domain's, whatever DNS says (RFC 5922 §4)";
  machine->flow_closed(flow_at[key(1, sip::Transport::tls)].id, "its certificate is for another name", now);
  work();
  EXPECT_EQ(condition(), Condition::unreachable);
  EXPECT_EQ(reason(), "no connection to 198.51.100.1:5060: its certificate is for another name");
}

TEST_F(Failover, ReturnsToTheFirstAsSoonAsItAnswers) {
  silent = {key(1)};
  answer_but_silent();
  begin(registering(), {target(1), target(2)});
  pass(10s);
  ASSERT_EQ(registered_at(), key(2));
  pass(10min);
  EXPECT_EQ(registered_at(), key(2));
  silent.clear();
  pass(7min);
  EXPECT_EQ(registered_at(), key(1));
  for (const auto& status : told) EXPECT_NE(status.condition, Condition::unreachable);
}

TEST_F(Failover, ABetterServerThatAnswersOptionsOnlyCostsNothing) {
  answer = [](const Sent& r) -> std::optional<sip::Message> {
    if (r.server == key(2) || r.message.method == "OPTIONS") return ok(r);
    return reply(r, 500);
  };
  begin(registering(), {target(1), target(2)});
  pass(1h);
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_EQ(registered_at(), key(2));
  EXPECT_LT(count("REGISTER"), 60u);
}

TEST_F(Failover, WhereAllAreAwayItTriesMoreAndMoreSlowlyAndForEver) {
  answer = nullptr;
  begin(registering(), {target(1), target(2)});
  pass(11s);
  EXPECT_EQ(condition(), Condition::unreachable);
  EXPECT_EQ(reason(), "198.51.100.2:5060 doesn't answer REGISTER");
  pass(24h);
  EXPECT_GT(count("REGISTER"), 400u);
  EXPECT_LT(count("REGISTER"), 800u);
  answer = [](const Sent& r) { return ok(r); };
  pass(6min);
  EXPECT_EQ(condition(), Condition::registered);
}

TEST_F(Failover, CallsFollowTheRegistration) {
  silent = {key(1)};
  answer_but_silent();
  begin(registering(), {target(1), target(2), target(3)});
  EXPECT_TRUE(machine->attempts(now).empty()) << "nothing is registered yet";
  pass(10s);
  const auto servers = machine->attempts(now);
  ASSERT_EQ(servers.size(), 3u);
  EXPECT_EQ(servers[0].key(), key(2));
  EXPECT_EQ(servers[1].key(), key(3));
  EXPECT_EQ(servers[2].key(), key(1)) << "it may be there again";
}

TEST_F(Failover, ACallThatIsNotAnsweredMovesTheRegistrationAndTheNextCallGoesElsewhereAtOnce) {
  begin(registering(), {target(1), target(2)});
  ASSERT_EQ(registered_at(), key(1));
  silent = {key(1)};
  answer_but_silent();
  machine->server_failed(key(1), "198.51.100.1:5060 doesn't answer INVITE", {}, now);
  work();
  EXPECT_EQ(registered_at(), key(2));
  EXPECT_EQ(machine->attempts(now)[0].key(), key(2));
}

TEST_F(Failover, TheOnlyServerIsAskedWhetherItIsThere) {
  begin(registering());
  machine->server_failed(key(1), "198.51.100.1:5060 doesn't answer INVITE", {}, now);
  work();
  EXPECT_EQ(condition(), Condition::registered) << "the REGISTER was answered";
  EXPECT_EQ(count("REGISTER"), 2u);
}

TEST_F(Failover, AConnectionThatClosesIsMadeAgainOnceButNotInACircle) {
  begin(registering(), {target(1, sip::Transport::tcp)});
  const auto where = key(1, sip::Transport::tcp);
  pass(10min);
  const auto before = count("REGISTER");
  machine->flow_closed(flow_at[where].id, "the peer has closed it", now);
  work();
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_EQ(count("REGISTER"), before + 1);
  for (int i = 0; i < 30; ++i) {  // the provider closes each after a second
    pass(1s);
    if (condition() == Condition::registered) machine->flow_closed(flow_at[where].id, "", now);
    work();
  }
  EXPECT_LE(count("REGISTER"), before + 4);
}

TEST_F(Failover, ANameThatLeadsElsewhereNowIsFollowedAndOneThatDnsLosesIsKept) {
  begin(registering(), {target(1)});
  located = {{}, 30s, names::Problem{names::Fault::no_answer, "provider.example"}, false};
  pass(20min);
  EXPECT_EQ(condition(), Condition::registered) << "the last good answer counts while DNS is down";
  located = {{target(2)}, 300s, std::nullopt, false};
  pass(20min);
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_EQ(sent.back().server, key(2));
}

TEST_F(Failover, ANameThatLeadsNowhereIsSaidAndAskedForAgain) {
  located = {{}, 30s, names::Problem{names::Fault::no_such_name, "provider.example"}, false};
  machine.emplace(registering(), "test", [this] { return token(); });
  machine->start(now);
  work();
  EXPECT_EQ(condition(), Condition::not_located);
  EXPECT_NE(reason().find("provider.example"), std::string::npos);
  located = {{target(1)}, 300s, std::nullopt, false};
  pass(40s);
  EXPECT_EQ(condition(), Condition::registered);
}

TEST_F(Failover, WhereTheLineOfItsSiteIsDownItWaitsAndGoesOnAtOnceWhenItIsBack) {
  reachable = false;
  auto trunk = registering();
  trunk.site = SiteId{"branch-1"};
  begin(trunk);
  EXPECT_EQ(condition(), Condition::unreachable);
  EXPECT_NE(reason().find("branch-1"), std::string::npos);
  pass(1h);
  reachable = true;
  machine->site_connected(now);
  work();
  EXPECT_EQ(condition(), Condition::registered);
}

// ---- by address

class ByAddress : public Failover {};

TEST_F(ByAddress, IsThereAsLongAsAnyAnswerButTwoSaysSo) {
  for (const int status : {200, 401, 404, 405, 481, 603}) {
    answer = [&](const Sent& r) { return reply(r, status); };
    begin(by_address());
    pass(1min);
    EXPECT_EQ(condition(), Condition::ready) << status;
    EXPECT_EQ(count("REGISTER"), 0u);
  }
  for (const int status : {408, 503}) {
    answer = [&](const Sent& r) { return reply(r, status); };
    begin(by_address());
    pass(1min);
    EXPECT_EQ(condition(), Condition::silent) << status;
  }
}

TEST_F(ByAddress, OneSilentServerOfThreeIsTriedLast) {
  silent = {key(1)};
  answer_but_silent();
  begin(by_address(), {target(1), target(2), target(3)});
  pass(6s);
  EXPECT_EQ(condition(), Condition::ready);
  EXPECT_EQ(machine->attempts(now)[0].key(), key(2));
  EXPECT_EQ(machine->attempts(now)[2].key(), key(1));
  silent.clear();
  pass(40s);
  EXPECT_EQ(machine->attempts(now)[0].key(), key(1)) << "back to the first";
}

TEST_F(ByAddress, WithoutPingsCallsSayWhatIsThere) {
  auto trunk = by_address();
  trunk.ping = 0s;
  begin(trunk, {target(1), target(2)});
  pass(1h);
  EXPECT_TRUE(sent.empty());
  EXPECT_EQ(condition(), Condition::ready);
  machine->server_failed(key(1), "198.51.100.1:5060 doesn't answer INVITE", {}, now);
  EXPECT_EQ(machine->attempts(now)[0].key(), key(2));
  machine->server_failed(key(2), "198.51.100.2:5060 answers 503 to INVITE", {}, now);
  EXPECT_EQ(condition(), Condition::silent);
  machine->server_answered(key(1), now);
  EXPECT_EQ(condition(), Condition::ready);
  EXPECT_EQ(machine->attempts(now)[0].key(), key(1));
}

}  // namespace
}  // namespace roamdesk::trunks
