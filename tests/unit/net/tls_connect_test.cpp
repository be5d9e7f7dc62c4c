#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <map>

#include "common/asio/handshakes.hpp"
#include "common/crypto/certificate.hpp"
#include "common/crypto/random.hpp"
#include "common/sip_transport/sip_streams.hpp"

namespace roamdesk::net {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;

const std::string ping = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n";
const std::string wanted = "sip.example.com";
const IpAddress far{0x7f000009}, near{0x7f000107};

WallTime now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

const crypto::Authority& authority() {
  static const auto made = crypto::Authority::create("Trunk CA", crypto::random_bytes(16), now());
  return made;
}

TlsIdentity server_of(const crypto::Authority& by, const std::string& name, WallTime from = now()) {
  auto identity = by.make_server({name}, crypto::random_bytes(16), from, 24h);
  return {std::move(identity.certificate), std::move(identity.key)};
}

// Connections of our own over TLS to a peer at 127.0.0.9; with the parameter on, hands are shaken on another thread.
struct TlsConnect : testing::TestWithParam<bool> {
  Handshakes handshakes;
  asio::io_context io;
  StreamLimits limits;
  std::vector<std::string> heard, at_peer;
  std::map<ConnectionId, std::string> closed;
  std::optional<ConnectionId> came;
  std::unique_ptr<SipStreams> ours, peer;

  ~TlsConnect() override { handshakes.stop(); }

  void start() {
    SipStreams::Callbacks callbacks;
    callbacks.message = [this](ConnectionId, std::string_view message) { heard.emplace_back(message); };
    callbacks.closed = [this](ConnectionId id, std::string_view why) {
      EXPECT_TRUE(closed.emplace(id, why).second) << "told twice";
    };
    ours = std::make_unique<SipStreams>(io, limits, std::move(callbacks), GetParam() ? &handshakes : nullptr);
  }
  Endpoint peer_has(const TlsIdentity& identity) {
    SipStreams::Callbacks callbacks;
    callbacks.opened = [this](ConnectionId id, Endpoint, Endpoint) { came = id; };
    callbacks.message = [this](ConnectionId, std::string_view message) { at_peer.emplace_back(message); };
    peer = std::make_unique<SipStreams>(io, StreamLimits{}, std::move(callbacks));
    return *peer->listen({far, 0}, identity);
  }
  template <class Done>
  bool until(Done done) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!done() && std::chrono::steady_clock::now() < end) io.run_one_for(50ms);
    return done();
  }
  // Why it was closed; "" where it wasn't.
  std::string refusal(Endpoint at, const TlsPeer& tls) {
    const auto id = ours->connect(near, at, tls);
    if (!id) return "not begun";
    ours->send(*id, ping);
    until([&] { return closed.contains(*id); });
    return closed[*id];
  }
};
INSTANTIATE_TEST_SUITE_P(Handshakes, TlsConnect, testing::Bool(),
                         [](const auto& row) { return row.param ? "OnAnotherThread" : "OnThisThread"; });

TEST_P(TlsConnect, CarriesMessagesBothWaysToThePeerThatHasTheName) {
  for (const std::string& name : {wanted, to_string(far)}) {
    start();
    const auto at = peer_has(server_of(authority(), name));
    heard.clear(), at_peer.clear();
    const auto id = ours->connect(near, at, TlsPeer{name, authority().certificate()});
    ASSERT_TRUE(id);
    EXPECT_TRUE(ours->send(*id, ping)) << "it waits";
    ASSERT_TRUE(until([&] { return !at_peer.empty(); })) << name;
    EXPECT_EQ(at_peer[0], ping);
    EXPECT_TRUE(peer->send(*came, ping));
    ASSERT_TRUE(until([&] { return !heard.empty(); })) << name;
    EXPECT_EQ(ours->connections(), 1u);
    EXPECT_TRUE(closed.empty());
  }
}

TEST_P(TlsConnect, SaysNothingToAPeerWithAnotherName) {
  start();
  for (const char* name : {"sip.example.org", "example.com", "evil.sip.example.com", "sip.example.com.evil.org",
                           "*.example.com", "127.0.0.9"})
    EXPECT_EQ(refusal(peer_has(server_of(authority(), name)), {wanted, authority().certificate()}),
              "its certificate is for another name")
        << name;
  EXPECT_EQ(refusal(peer_has(server_of(authority(), "127.0.0.8")), {to_string(far), authority().certificate()}),
            "its certificate is for another name");
  EXPECT_TRUE(at_peer.empty());
  EXPECT_EQ(ours->connections(), 0u);
}

TEST_P(TlsConnect, SaysNothingToAPeerWithoutATrustedCertificate) {
  start();
  const auto stranger = crypto::Authority::create("Trunk CA", crypto::random_bytes(16), now());
  const TlsPeer tls{wanted, authority().certificate()};
  const auto untrusted = "its certificate isn't signed by an authority that is trusted";
  EXPECT_EQ(refusal(peer_has(server_of(stranger, wanted)), tls), untrusted);
  EXPECT_EQ(refusal(peer_has(server_of(authority(), wanted)), {wanted, std::nullopt}), untrusted) << "by the system";
  EXPECT_EQ(refusal(peer_has(server_of(authority(), wanted, now() - 72h)), tls), "its certificate has expired");
  const auto key = crypto::generate_key();
  const auto request = *crypto::make_request(key, wanted);
  const auto client = *authority().sign_client(request, wanted, crypto::random_bytes(16), now(), 24h);
  EXPECT_EQ(refusal(peer_has({client, key}), tls), "its certificate isn't one for servers") << "a client's";
  EXPECT_TRUE(at_peer.empty());
}

TEST_P(TlsConnect, EndsWhereThePeerSpeaksNoTls) {
  start();
  tcp::acceptor acceptor{io, {asio::ip::address_v4{far.v4()}, 0}};
  std::vector<tcp::socket> accepted;
  acceptor.async_accept([&](boost::system::error_code error, tcp::socket socket) {
    ASSERT_FALSE(error);
    asio::write(socket, asio::buffer(std::string{"SIP/2.0 200 OK\r\n\r\n"}));
    accepted.push_back(std::move(socket));
  });
  EXPECT_EQ(refusal({far, acceptor.local_endpoint().port()}, {wanted, authority().certificate()}), "no TLS handshake");
}

TEST_P(TlsConnect, ToPeersThatShakeNoHandsEndsInTimeAndIsBounded) {
  limits.connect = 200ms;
  limits.connecting = 5;
  limits.connecting_to_address = 3;
  start();
  tcp::acceptor silent{io, {asio::ip::address_v4{far.v4()}, 0}};  // the kernel takes connections; they hear nothing
  const Endpoint at{far, silent.local_endpoint().port()};
  const TlsPeer tls{wanted, authority().certificate()};
  std::size_t begun = 0;
  for (int i = 0; i < 10; ++i) begun += ours->connect(near, at, tls) ? 1 : 0;
  EXPECT_EQ(begun, 3u);
  ASSERT_TRUE(until([&] { return closed.size() == 3; }));
  for (const auto& [id, why] : closed) EXPECT_EQ(why, "can't be connected to");
  EXPECT_EQ(ours->connections(), 0u);
  EXPECT_TRUE(ours->connect(near, at, tls)) << "there is room again";
}

TEST_P(TlsConnect, IsNotBegunOrGoesNowhereWithoutACertificateToTrustAndAName) {
  start();
  const auto at = peer_has(server_of(authority(), wanted));
  EXPECT_EQ(refusal(at, {wanted, "no certificate"}), "not begun");
  EXPECT_EQ(refusal(at, {wanted, ""}), "not begun");
  EXPECT_EQ(refusal(at, {"", authority().certificate()}), "can't be connected to");
  EXPECT_TRUE(at_peer.empty());
}

TEST_P(TlsConnect, ToldOfNothingAfterTheEnd) {
  start();
  tcp::acceptor silent{io, {asio::ip::address_v4{far.v4()}, 0}};
  const Endpoint at{far, silent.local_endpoint().port()};
  ASSERT_TRUE(ours->connect(near, at, TlsPeer{wanted, authority().certificate()}));
  io.run_for(20ms);  // hands are being shaken
  ours->stop();
  io.run_for(100ms);
  EXPECT_TRUE(closed.empty());
}

}  // namespace
}  // namespace roamdesk::net
