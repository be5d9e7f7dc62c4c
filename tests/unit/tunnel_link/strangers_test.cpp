#include <arpa/inet.h>
#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <deque>

#include "tests/unit/tunnel_link/fixture.hpp"

namespace roamdesk::tunnel::link {
namespace {

// The first bytes of a ClientHello of 512 bytes that never comes whole.
constexpr std::string_view half_a_hello{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11};

// A TCP connection of a client that isn't an SBC.
class Stranger {
 public:
  Stranger(IpAddress from, Endpoint to, std::string_view says = {})
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(from.v4());
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    address.sin_addr.s_addr = htonl(to.address.v4());
    address.sin_port = htons(to.port);
    ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address);  // on loopback: at once
    if (says.empty()) return;
    EXPECT_EQ(::send(fd_, says.data(), says.size(), MSG_NOSIGNAL), static_cast<ssize_t>(says.size()));
  }
  ~Stranger() { ::close(fd_); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  bool closed_by_core() const {
    char byte;
    const auto got = ::recv(fd_, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return got == 0 || (got < 0 && errno != EAGAIN);
  }

 private:
  int fd_;
};

class StrangersTest : public LinkTest {
 protected:
  std::unique_ptr<Stranger> come(std::uint32_t from, std::string_view says = {}) {
    return std::make_unique<Stranger>(IpAddress{0x7f000100 + from}, server->local_endpoint(), says);
  }
  // An SBC connects from 127.0.0.1 while `addresses` others make five connections a millisecond, and keep 500 of them:
  // before as many have come as in five seconds, however long they take on this machine.
  bool connects_while_flooded(std::uint32_t addresses, std::string_view says) {
    std::deque<std::unique_ptr<Stranger>> flood;
    std::uint32_t next = 0;
    const auto add = [&] {
      flood.push_back(come(1 + next++ % addresses, says));
      if (flood.size() > 500) flood.pop_front();
    };
    const auto turn = [&] {
      for (int i = 0; i < 5; ++i) add();
    };
    const bool full = run_until([&] { return turn(), flood.size() == 500; });
    start_branch(make_sbc("branch-1", authority));
    const auto before = next;
    const bool in = run_until([&] { return turn(), logged(branch.log, "connected"); }, 60s);
    return full && in && next - before < 25'000;
  }
};

TEST_F(StrangersTest, AnSbcGetsInWhileOneAddressConnectsAllTheTime) {
  start_core();
  EXPECT_TRUE(connects_while_flooded(1, ""));
  EXPECT_GT(server->turned_away().crowded, 400u);
}

TEST_F(StrangersTest, AnSbcGetsInWhileAHundredAddressesConnectAllTheTime) {
  start_core();
  EXPECT_TRUE(connects_while_flooded(100, ""));
}

TEST_F(StrangersTest, AnSbcGetsInWhileOneAddressBeginsHandshakesAllTheTime) {
  start_core();
  EXPECT_TRUE(connects_while_flooded(1, half_a_hello));
}

TEST_F(StrangersTest, AnSbcGetsInWhileAHundredAddressesBeginHandshakesAllTheTime) {
  start_core();
  EXPECT_TRUE(connects_while_flooded(100, half_a_hello));
}

TEST_F(StrangersTest, AnSbcComesBackWhileThoseAroundItFillAllPlaces) {
  start_core();
  start_branch(make_sbc("branch-1", authority));
  ASSERT_TRUE(connect());
  branch.log.clear();
  client.reset();
  EXPECT_TRUE(connects_while_flooded(100, half_a_hello));
}

TEST_F(StrangersTest, WhoSaysNothingIsGoneAfterASecond) {
  strangers.first_bytes = 50ms;
  start_core();
  const auto silent = come(1);
  EXPECT_TRUE(run_until([&] { return silent->closed_by_core(); }, 2s));
  EXPECT_TRUE(run_until([&] { return server->turned_away().silent == 1; }, 1s));
}

TEST_F(StrangersTest, WhoDoesntSpeakTlsIsGoneAtOnce) {
  start_core();
  for (const std::string_view says : {"GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n", "\n", "\x17\x03\x03"}) {
    const auto other = come(1, says);
    EXPECT_TRUE(run_until([&] { return other->closed_by_core(); }, 500ms)) << says;
  }
  EXPECT_TRUE(run_until([&] { return server->turned_away().not_tls == 4; }, 1s));
}

TEST_F(StrangersTest, WhoStopsInTheMiddleOfAHandshakeIsGoneInTime) {
  strangers.hello_timeout = 50ms;
  start_core();
  const auto slow = come(1, half_a_hello);
  EXPECT_TRUE(run_until([&] { return slow->closed_by_core(); }, 2s));
  EXPECT_TRUE(run_until([&] { return server->turned_away().no_handshake == 1; }, 1s));
}

TEST_F(StrangersTest, AreSummedUpNowAndThenAndOnlyWhereThereAreSome) {
  strangers.told_every = 20ms;
  start_core();
  for (int round = 1; round <= 2; ++round) {
    for (int i = 0; i < 3; ++i) {
      const auto other = come(1, "GET / HTTP/1.1\r\n\r\n");
      EXPECT_TRUE(run_until([&] { return other->closed_by_core(); }, 1s));
    }
    const auto told = [&] {
      std::uint64_t sum = 0;
      for (const TurnedAway& each : core.turned_away) sum += each.not_tls;
      return sum;
    };
    EXPECT_TRUE(run_until([&] { return told() == static_cast<std::uint64_t>(3 * round); }, 1s));
  }
  const auto lines = core.turned_away.size();
  EXPECT_LE(lines, 6u);
  run_until([] { return false; }, 100ms);
  EXPECT_EQ(core.turned_away.size(), lines);
}

TEST_F(StrangersTest, OneAddressHasFourAtATimeAndTheOldestGivesWay) {
  start_core();
  std::vector<std::unique_ptr<Stranger>> all;
  for (int i = 0; i < 6; ++i) {
    all.push_back(come(1, half_a_hello));
    run_until([] { return false; }, 20ms);
  }
  const auto gone = [&](int i) { return all[static_cast<std::size_t>(i)]->closed_by_core(); };
  EXPECT_TRUE(run_until([&] { return gone(0) && gone(1); }, 1s));
  for (int i = 2; i < 6; ++i) EXPECT_FALSE(gone(i)) << i;
  EXPECT_TRUE(run_until([&] { return server->turned_away().crowded == 2; }, 1s));
}

TEST_F(StrangersTest, WhoIsConnectedStaysConnectedWhateverComes) {
  start_core();
  start_branch(make_sbc("branch-1", authority));
  ASSERT_TRUE(connect());
  std::deque<std::unique_ptr<Stranger>> flood;
  std::uint32_t next = 0;
  run_until(
      [&] {
        flood.push_back(come(1 + next++ % 100, half_a_hello));
        if (flood.size() > 500) flood.pop_front();
        return false;
      },
      1s);
  EXPECT_EQ(branch.log.size(), 1u);
}

TEST_F(StrangersTest, TriesOfKeysAreCountedByAddressBeforeAnybodyLooksAtThem) {
  strangers.enrolments = {.per_second = 0.001, .burst = 3, .sources = 16};
  start_core();
  int asked = 0;
  core.enrolling = [&](const Enrol&, ServerHandler::Reply reply) {
    ++asked;
    reply(Goodbye{Reason::secret_unknown, "no"});
  };
  for (int i = 0; i < 5; ++i) {
    auto key = make_enrolment_key(authority.digest(), "branch-1", crypto::random_bytes(16));
    std::optional<Result<crypto::Identity, EnrolFailure>> outcome;
    enrol(io, {core_address()}, key, 2s, [&](auto result) { outcome.emplace(std::move(result)); });
    ASSERT_TRUE(run_until([&] { return outcome.has_value(); }));
    EXPECT_EQ(outcome->error().reason, i < 3 ? Reason::secret_unknown : Reason::busy);
  }
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(server->turned_away().enrolments, 2u);
}

}  // namespace
}  // namespace roamdesk::tunnel::link
