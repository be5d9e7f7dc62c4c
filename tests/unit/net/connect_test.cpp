#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <map>

#include "common/sip_transport/sip_streams.hpp"

namespace roamdesk::net {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;

const std::string options = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n";

// Connections of our own to a phone at 127.0.0.9.
struct Connect : testing::Test {
  asio::io_context io;
  StreamLimits limits;
  std::vector<std::string> messages;
  std::map<ConnectionId, int> closed;
  int opened = 0;
  std::unique_ptr<SipStreams> streams;
  tcp::acceptor phone{io};
  std::vector<tcp::socket> waiting;
  const IpAddress face{0x7f000107};

  void start() {
    SipStreams::Callbacks callbacks;
    callbacks.opened = [this](ConnectionId, Endpoint, Endpoint) { ++opened; };
    callbacks.message = [this](ConnectionId, std::string_view message) { messages.emplace_back(message); };
    callbacks.closed = [this](ConnectionId id, std::string_view) { ++closed[id]; };
    streams = std::make_unique<SipStreams>(io, limits, std::move(callbacks));
  }
  template <class Done>
  bool until(Done done) {
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (!done() && std::chrono::steady_clock::now() < end) io.run_one_for(50ms);
    return done();
  }
  Endpoint listens(int backlog = 8, const char* at = "127.0.0.9") {
    phone.open(tcp::v4());
    phone.bind({asio::ip::make_address_v4(at), 0});
    phone.listen(backlog);
    return {{phone.local_endpoint().address().to_v4().to_uint()}, phone.local_endpoint().port()};
  }
  // Takes no more connections, and refuses none: the kernel answers no SYN while its queue is full.
  Endpoint listens_to_nobody() {
    const Endpoint at = listens(0);
    for (int i = 0; i < 4; ++i) {
      waiting.emplace_back(io, tcp::v4());
      waiting.back().async_connect(phone.local_endpoint(), [](boost::system::error_code) {});
    }
    io.run_for(50ms);
    return at;
  }
};

TEST_F(Connect, CarriesWhatWasSentMeanwhileAndMessagesBothWays) {
  start();
  const auto at = listens();
  const auto id = streams->connect(face, at);
  ASSERT_TRUE(id);
  EXPECT_TRUE(streams->send(*id, options));
  EXPECT_TRUE(streams->send(*id, options));
  tcp::socket accepted{io};
  std::optional<tcp::endpoint> from;
  phone.async_accept([&](boost::system::error_code, tcp::socket socket) {
    from = socket.remote_endpoint();
    accepted = std::move(socket);
  });
  ASSERT_TRUE(until([&] { return from.has_value(); }));
  EXPECT_EQ(from->address().to_v4().to_uint(), face.v4()) << "as the phone knows us";
  ASSERT_TRUE(until([&] { return accepted.available() >= 2 * options.size(); }));
  std::string got(2 * options.size(), ' ');
  asio::read(accepted, asio::buffer(got));
  EXPECT_EQ(got, options + options);
  asio::write(accepted, asio::buffer(options));
  ASSERT_TRUE(until([&] { return !messages.empty(); }));
  EXPECT_EQ(messages[0], options);
  EXPECT_EQ(streams->connections(), 1u);
  EXPECT_EQ(opened, 0) << "nobody came";
  accepted.close();
  EXPECT_TRUE(until([&] { return closed[*id] == 1; }));
  EXPECT_EQ(streams->connections(), 0u);
}

TEST_F(Connect, IsUnderNoTimeForCredentials) {
  limits.first_message = limits.unproven = 50ms;
  start();
  const auto id = streams->connect(face, listens());
  bool up = false;
  phone.async_accept([&](boost::system::error_code, tcp::socket socket) {
    waiting.push_back(std::move(socket));
    up = true;
  });
  ASSERT_TRUE(until([&] { return up; }));
  io.run_for(200ms);
  EXPECT_EQ(closed[*id], 0);
  EXPECT_TRUE(streams->send(*id, options));
}

TEST_F(Connect, RefusedIsClosedOnceAndNotFromInside) {
  start();
  const auto at = listens();
  phone.close();
  const auto id = streams->connect(face, at);
  ASSERT_TRUE(id);
  EXPECT_TRUE(streams->send(*id, options));
  EXPECT_EQ(closed[*id], 0);
  ASSERT_TRUE(until([&] { return closed[*id] > 0; }));
  EXPECT_EQ(closed[*id], 1);
  EXPECT_FALSE(streams->send(*id, options));
  EXPECT_EQ(streams->connections(), 0u);
}

TEST_F(Connect, ToASilentPeerEndsInTimeWhateverIsSaidOfIt) {
  limits.connect = 100ms;
  start();
  const auto id = streams->connect(face, listens_to_nobody());
  ASSERT_TRUE(id);
  streams->prove(*id);
  ASSERT_TRUE(until([&] { return closed[*id] == 1; }));
  EXPECT_EQ(streams->connections(), 0u);
}

TEST_F(Connect, ToSilentPeersIsBoundedForAnAddressAndInAll) {
  limits.connecting = 5;
  limits.connecting_to_address = 3;
  limits.connect = 200ms;
  start();
  const auto silent = listens_to_nobody();
  std::size_t begun = 0;
  for (int i = 0; i < 10; ++i) begun += streams->connect(face, silent) ? 1 : 0;
  EXPECT_EQ(begun, 3u);
  for (std::uint32_t i = 0; i < 10; ++i) begun += streams->connect(face, {{0x7f000a01 + i}, 9}) ? 1 : 0;
  EXPECT_EQ(begun, 5u);
  ASSERT_TRUE(until([&] { return closed.size() == 5; }));
  EXPECT_TRUE(streams->connect(face, silent)) << "there is room again";
}

TEST_F(Connect, CountsAmongTheConnectionsOfItsAddress) {
  limits.places.per_address = limits.places.per_known_address = 2;
  start();
  const auto at = listens();
  EXPECT_TRUE(streams->connect(face, at));
  EXPECT_TRUE(streams->connect(face, at));
  EXPECT_FALSE(streams->connect(face, at)) << "no connection with credentials gives way";
}

TEST_F(Connect, ToldOfNothingAfterTheEnd) {
  start();
  const auto at = listens();
  phone.close();
  ASSERT_TRUE(streams->connect(face, at));
  streams->stop();
  io.run_for(50ms);
  EXPECT_TRUE(closed.empty());
}

}  // namespace
}  // namespace roamdesk::net
