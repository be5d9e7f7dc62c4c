#include <gtest/gtest.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "common/asio/turn.hpp"
#include "common/base/rate_limit.hpp"
#include "common/net/multicast.hpp"
#include "common/net/send_batch.hpp"
#include "common/net/sntp.hpp"
#include "common/net/udp_socket.hpp"
#include "common/sip_transport/sip_streams.hpp"

namespace roamdesk::net {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::udp;

// Runs the loop until `done`, for 5 s at most.
template <class Done>
bool run_until(asio::io_context& io, Done done) {
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (!done() && std::chrono::steady_clock::now() < end) io.run_one_for(100ms);
  return done();
}

TEST(Sntp, AnswersAClient) {
  std::array<std::uint8_t, 48> request{};
  request[0] = 4 << 3 | 3;
  for (std::uint8_t i = 0; i < 8; ++i) request[40u + i] = static_cast<std::uint8_t>(i + 1);
  const WallTime now{1'700'000'000'500ms};
  const auto answer = answer_sntp(request, now, {true, 1000us});
  ASSERT_TRUE(answer);
  EXPECT_EQ((*answer)[0], 4 << 3 | 4);
  EXPECT_EQ((*answer)[1], 3);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ((*answer)[24 + i], request[40 + i]);
  const std::uint32_t seconds = std::uint32_t{(*answer)[40]} << 24 | std::uint32_t{(*answer)[41]} << 16 |
                                std::uint32_t{(*answer)[42]} << 8 | (*answer)[43];
  EXPECT_EQ(seconds, 1'700'000'000u + 2'208'988'800u);
  EXPECT_EQ((*answer)[44], 0x80) << "half a second";
  EXPECT_EQ((*answer_sntp(request, now, {}))[1], 10) << "a free-running clock is a poor one";
}

TEST(Sntp, AnswersInEveryVersionAndInTheModeThatFitsTheRequests) {
  struct Row {
    int version, mode, answered;
  };
  for (const Row& row : {Row{1, 0, 4}, Row{1, 3, 4}, Row{2, 3, 4}, Row{3, 3, 4}, Row{4, 3, 4}, Row{1, 1, 2},
                         Row{2, 1, 2}, Row{3, 1, 2}, Row{4, 1, 2}}) {
    for (const int leap : {0, 3}) {
      std::array<std::uint8_t, 48> request{};
      request[0] = static_cast<std::uint8_t>(leap << 6 | row.version << 3 | row.mode);
      const auto answer = answer_sntp(request, {}, {});
      ASSERT_TRUE(answer) << row.version << ", mode " << row.mode;
      EXPECT_EQ((*answer)[0], row.version << 3 | row.answered);
    }
  }
}

TEST(Sntp, AnswersNobodyElse) {
  std::array<std::uint8_t, 48> request{};
  for (const auto first :
       std::to_array<std::uint8_t>({4 << 3 | 4, 4 << 3 | 2, 4 << 3 | 5, 4 << 3 | 6, 2 << 3 | 7, 2 << 3 | 0, 4 << 3 | 0,
                                    0 << 3 | 0, 0 << 3 | 3, 5 << 3 | 3, 7 << 3 | 1})) {
    request[0] = first;
    EXPECT_FALSE(answer_sntp(request, {}, {})) << int{first};
  }
  request[0] = 4 << 3 | 3;
  EXPECT_FALSE(answer_sntp(std::span{request}.first(47), {}, {}));
}

TEST(RateLimit, BurstsThenTrickles) {
  RateLimit limit{{.per_second = 2, .burst = 3, .sources = 8}};
  const TimePoint t0{1h};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.allow({1}, t0));
  EXPECT_FALSE(limit.allow({1}, t0));
  EXPECT_TRUE(limit.allow({2}, t0));
  EXPECT_TRUE(limit.allow({1}, t0 + 500ms));
  EXPECT_FALSE(limit.allow({1}, t0 + 500ms));
}

TEST(RateLimit, AFullTableKeepsItsSources) {
  RateLimit limit{{.per_second = 0.001, .burst = 2, .sources = 4}};
  const TimePoint t0{1h};
  for (std::uint32_t i = 1; i <= 1000; ++i) limit.allow({i}, t0);
  EXPECT_LE(limit.size(), 4u);
  EXPECT_TRUE(limit.allow({1}, t0));
}

TEST(UdpSocket, AWildcardSocketKnowsAndUsesTheConcreteAddress) {
  asio::io_context io;
  std::optional<Endpoint> local, peer;
  UdpSocket socket{io, [&](const Datagram& datagram) {
                     local = datagram.local;
                     peer = datagram.peer;
                   }};
  const auto opened = socket.open({{}, 0});
  ASSERT_TRUE(opened);
  udp::socket client{io, {asio::ip::make_address_v4("127.0.0.9"), 0}};
  const asio::ip::address_v4 face = asio::ip::make_address_v4("127.0.0.77");
  client.send_to(asio::buffer("hello", 5), {face, opened->port});
  ASSERT_TRUE(run_until(io, [&] { return local.has_value(); }));
  EXPECT_EQ(to_string(local->address), "127.0.0.77");
  EXPECT_TRUE(socket.send(*local, *peer, "answer"));
  std::array<char, 16> buffer{};
  udp::endpoint from;
  EXPECT_EQ(client.receive_from(asio::buffer(buffer), from), 6u);
  EXPECT_EQ(from, udp::endpoint(face, opened->port));
}

TEST(UdpSocket, WhatABatchIsAnsweredLeavesInItsOrderBehindIt) {
  asio::io_context io;
  std::vector<std::string> done;
  UdpSocket* ours = nullptr;
  udp::socket client{io, {asio::ip::make_address_v4("127.0.0.9"), 0}};
  client.non_blocking(true);
  const auto heard = [&] {
    std::array<char, 16> buffer{};
    boost::system::error_code error;
    const auto size = client.receive(asio::buffer(buffer), 0, error);
    return error ? std::string{} : std::string{buffer.data(), size};
  };
  UdpSocket socket{io, [&](const Datagram& datagram) {
                     const auto& [local, peer, bytes] = datagram;
                     for (const char* answer : {"100", "180"}) EXPECT_TRUE(ours->send(local, peer, answer));
                     EXPECT_FALSE(ours->send(local, {*parse_ip("2001:db8::1"), 5060}, "no way"));
                     EXPECT_TRUE(ours->send(local, {peer.address, 0}, "to port 0: the kernel refuses it"));
                     EXPECT_TRUE(ours->send(local, peer, bytes));
                     EXPECT_EQ(heard(), "") << "it left from inside";
                     Turn::put_off([&] {
                       EXPECT_EQ(heard(), "");
                       done.push_back("turn");
                     });
                   }};
  ours = &socket;
  EXPECT_FALSE(Turn::put_off([] {})) << "there is no turn";
  const auto opened = socket.open({{0x7f000001}, 0});
  ASSERT_TRUE(opened);
  for (const char* text : {"a", "b"})
    client.send_to(asio::buffer(text, 1), {asio::ip::make_address_v4("127.0.0.1"), opened->port});
  ASSERT_TRUE(run_until(io, [&] { return done.size() == 2; }));
  for (const char* text : {"100", "180", "a", "100", "180", "b", ""}) EXPECT_EQ(heard(), text);
}

TEST(SendBatch, IsOneSystemCallForThirtyTwo) {
  asio::io_context io;
  udp::socket client{io, {asio::ip::make_address_v4("127.0.0.9"), 0}}, server{io, {udp::v4(), 0}};
  SendBatch batch;
  for (std::size_t i = 0; i < SendBatch::most - 1; ++i)
    batch.add(server.native_handle(), AF_INET, {}, {{0x7f000009}, client.local_endpoint().port()}, "hello");
  EXPECT_EQ(batch.calls(), 0u);
  batch.send(server.native_handle());
  batch.send(server.native_handle());
  EXPECT_EQ(batch.calls(), 1u);
  std::array<char, 16> buffer{};
  for (std::size_t i = 0; i < SendBatch::most - 1; ++i) EXPECT_EQ(client.receive(asio::buffer(buffer)), 5u);
}

TEST(UdpSocket, APortIsOursAlone) {
  asio::io_context io;
  UdpSocket one{io, [](const Datagram&) {}}, two{io, [](const Datagram&) {}};
  const auto opened = one.open({{0x7f000001}, 0});
  ASSERT_TRUE(opened);
  EXPECT_FALSE(two.open(*opened));
}

TEST(MulticastListener, TakesWhatComesFromItsOwnNetwork) {
  asio::io_context io;
  std::vector<Endpoint> heard;
  MulticastListener listener{io, [&](const Datagram& datagram) { heard.push_back(datagram.local); }};
  udp::socket probe{io, udp::v4()};
  probe.bind({asio::ip::make_address_v4("127.0.1.9"), 0});
  const std::uint16_t port = static_cast<std::uint16_t>(20000 + ::getpid() % 20000);
  ASSERT_TRUE(listener.open({{0xe000014b}, port}, {{0x7f000105}, {0x7f000205}}));
  const auto send = [&](const char* from) {
    udp::socket phone{io, {asio::ip::make_address_v4(from), 0}};
    phone.set_option(asio::ip::multicast::outbound_interface{asio::ip::make_address_v4("127.0.0.1")});
    phone.send_to(asio::buffer("x", 1), {asio::ip::make_address_v4("224.0.1.75"), port});
  };
  send("127.0.1.9");
  ASSERT_TRUE(run_until(io, [&] { return heard.size() == 1; }));
  EXPECT_EQ(to_string(heard[0].address), "127.0.1.5");
  send("127.0.3.9");  // nobody's
  send("127.0.2.9");
  ASSERT_TRUE(run_until(io, [&] { return heard.size() == 2; }));
  EXPECT_EQ(to_string(heard[1].address), "127.0.2.5");
}

TEST(SipStreams, CutsMessagesAndAnswersKeepalives) {
  asio::io_context io;
  std::vector<std::string> messages;
  std::optional<ConnectionId> id;
  bool closed = false;
  SipStreams::Callbacks callbacks;
  callbacks.opened = [&](ConnectionId connection, Endpoint, Endpoint) { id = connection; };
  callbacks.message = [&](ConnectionId, std::string_view message) { messages.emplace_back(message); };
  callbacks.closed = [&](ConnectionId, std::string_view) { closed = true; };
  SipStreams streams{io, {}, std::move(callbacks)};
  const auto opened = streams.listen({{0x7f000001}, 0}, std::nullopt);
  ASSERT_TRUE(opened);
  asio::ip::tcp::socket client{io};
  client.connect({asio::ip::make_address_v4("127.0.0.1"), opened->port});
  const std::string one = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 2\r\n\r\nhi";
  asio::write(client, asio::buffer(one + "\r\n\r\n" + one.substr(0, 20)));
  ASSERT_TRUE(run_until(io, [&] { return messages.size() == 1; }));
  EXPECT_EQ(messages[0], one);
  asio::write(client, asio::buffer(one.substr(20)));
  ASSERT_TRUE(run_until(io, [&] { return messages.size() == 2; }));
  EXPECT_TRUE(streams.send(*id, "SIP/2.0 200 OK\r\n\r\n"));
  run_until(io, [&] { return client.available() >= 20; });
  std::string got(20, ' ');
  asio::read(client, asio::buffer(got));
  EXPECT_EQ(got, "\r\nSIP/2.0 200 OK\r\n\r\n");
  client.close();
  EXPECT_TRUE(run_until(io, [&] { return closed; }));
  EXPECT_EQ(streams.connections(), 0u);
}

TEST(SipStreams, WhatIsNotSipIsCutOff) {
  asio::io_context io;
  bool closed = false;
  SipStreams::Callbacks callbacks;
  callbacks.closed = [&](ConnectionId, std::string_view) { closed = true; };
  SipStreams streams{io, {}, std::move(callbacks)};
  const auto opened = streams.listen({{0x7f000001}, 0}, std::nullopt);
  asio::ip::tcp::socket client{io};
  client.connect({asio::ip::make_address_v4("127.0.0.1"), opened->port});
  asio::write(client, asio::buffer(std::string{"GET / HTTP/1.1\r\nHost: x\r\n\r\n"}));
  EXPECT_TRUE(run_until(io, [&] { return closed; }));
}

// A listener over TCP with few places; each client says one OPTIONS, as a client without credentials may.
struct Crowd : testing::Test {
  asio::io_context io;
  std::map<std::uint32_t, std::vector<ConnectionId>> opened;  // by address
  int closed = 0, refused = 0;
  IpAddress home{0x7f000909};
  std::vector<std::unique_ptr<asio::ip::tcp::socket>> clients;
  StreamLimits limits;
  std::unique_ptr<SipStreams> streams;
  Endpoint at;

  void listen() {
    SipStreams::Callbacks callbacks;
    callbacks.opened = [this](ConnectionId id, Endpoint, Endpoint peer) { opened[peer.address.v4()].push_back(id); };
    callbacks.closed = [this](ConnectionId, std::string_view) { ++closed; };
    callbacks.refused = [this](Endpoint, std::string_view) { ++refused; };
    callbacks.is_home = [this](IpAddress address) { return address == home; };
    streams = std::make_unique<SipStreams>(io, limits, std::move(callbacks));
    at = *streams->listen({{0x7f000001}, 0}, std::nullopt);
  }
  ConnectionId come(std::uint32_t from) {
    auto client = std::make_unique<asio::ip::tcp::socket>(io, asio::ip::tcp::v4());
    client->bind({asio::ip::address_v4{from}, 0});
    client->connect({asio::ip::make_address_v4("127.0.0.1"), at.port});
    asio::write(*client, asio::buffer(std::string{"OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n"}));
    clients.push_back(std::move(client));
    const auto before = opened[from].size();
    EXPECT_TRUE(run_until(io, [&] { return opened[from].size() > before; }));
    return opened[from].back();
  }
};

TEST_F(Crowd, OfOneAddressLosesItsOwnConnections) {
  limits.places.per_address = 4;
  listen();
  const auto other = come(0x7f000105);
  for (int i = 0; i < 20; ++i) come(0x7f000101);
  EXPECT_EQ(streams->connections(), 5u);
  EXPECT_TRUE(streams->send(other, "\r\n"));
}

TEST_F(Crowd, OfManyAddressesKeepsNobodyOut) {
  limits.places.in_all = 20;
  limits.places.reserved = 4;
  listen();
  const auto registered = come(0x7f000909);
  streams->prove(registered);
  for (std::uint32_t i = 0; i < 100; ++i) come(0x7f010001 + i % 50);
  EXPECT_LE(streams->connections(), 20u);
  EXPECT_TRUE(streams->send(registered, "\r\n")) << "who has credentials stays";
  const auto newcomer = come(0x7f020001);
  EXPECT_TRUE(streams->send(newcomer, "\r\n"));
  EXPECT_TRUE(streams->send(come(0x7f000909), "\r\n")) << "where a phone is registered there is a reserve";
}

TEST_F(Crowd, WithoutCredentialsStaysAShortTimeHoweverOftenItSpeaks) {
  limits.unproven = 150ms;
  listen();
  const auto stranger = come(0x7f000101), phone = come(0x7f000102);
  streams->prove(phone);
  for (int i = 0; i < 20 && closed == 0; ++i) {
    asio::write(*clients[0], asio::buffer(std::string{"OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n"}));
    io.run_for(20ms);
  }
  EXPECT_EQ(closed, 1);
  EXPECT_FALSE(streams->send(stranger, "\r\n"));
  EXPECT_TRUE(streams->send(phone, "\r\n"));
}

}  // namespace
}  // namespace roamdesk::net
