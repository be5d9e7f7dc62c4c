#include "common/sip_transport/sip_listeners.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/write.hpp>

#include "common/log/log.hpp"

namespace roamdesk::net {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;
using asio::ip::udp;

const std::string asked =
    "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.9;branch=z9hG4bKx;rport\r\nContent-Length: 0\r\n\r\n";
const IpAddress phone_at{0x7f000109};

asio::ip::address_v4 to_asio(IpAddress address) { return asio::ip::address_v4{address.v4()}; }

struct Listening : testing::Test {
  asio::io_context io;
  struct Heard {
    FlowKey key;
    std::string message;
    bool to_group = false;
  };
  std::vector<Heard> heard;
  std::vector<FlowKey> opened, closed;
  SipListeners::Settings settings;
  std::unique_ptr<SipListeners> listeners;

  Listening() {
    log::set_sink([](std::string_view) {});
  }
  ~Listening() override { log::set_sink(nullptr); }

  void start() {
    SipListeners::Callbacks callbacks;
    callbacks.message = [this](const FlowKey& key, std::string_view message, bool to_group) {
      heard.push_back({key, std::string{message}, to_group});
    };
    callbacks.opened = [this](const FlowKey& key) { opened.push_back(key); };
    callbacks.closed = [this](const FlowKey& key, std::string_view) { closed.push_back(key); };
    callbacks.is_home = [](IpAddress) { return false; };
    listeners = std::make_unique<SipListeners>(io, settings, std::move(callbacks));
    listeners->start(std::nullopt);
  }
  template <class Done>
  bool until(Done done) {
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (!done() && std::chrono::steady_clock::now() < end) io.run_one_for(50ms);
    return done();
  }
};

TEST_F(Listening, OnAllAddressesDialsFromTheOneByWhichThePeerIsReached) {
  settings.networks = {{Endpoint{}, Endpoint{}, std::nullopt, {}}};
  start();
  const Endpoint peer{phone_at, 5080};
  const auto key = listeners->dial(sip::Transport::udp, peer, std::nullopt);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->face, (Endpoint{{0x7f000001}, listeners->at(sip::Transport::udp)->port}));
  EXPECT_EQ(key->peer, peer);
}

TEST_F(Listening, WithoutAListenerForTlsItDialsAndListensNowhere) {
  settings.networks = {{Endpoint{{0x7f000001}, 0}, Endpoint{{0x7f000001}, 0}, std::nullopt, {}}};
  start();
  tcp::acceptor peer{io, {to_asio(phone_at), 0}};
  const Endpoint at{phone_at, peer.local_endpoint().port()};
  EXPECT_FALSE(listeners->dial(sip::Transport::tls, at, std::nullopt)) << "without a name to check";
  const auto key = listeners->dial(sip::Transport::tls, at, TlsPeer{"sip.example.com", std::nullopt});
  ASSERT_TRUE(key);
  EXPECT_EQ(key->face.port, 5061);
  EXPECT_FALSE(listeners->at(sip::Transport::tls)) << "no phone is told of it";
  EXPECT_FALSE(listeners->is_face(sip::Transport::tls, key->face));
}

TEST_F(Listening, OnAllAddressesNamesTheOneThatThePhoneSeesAndAnswersFromThere) {
  settings.networks = {{Endpoint{}, Endpoint{}, std::nullopt, {}}};
  start();
  const Endpoint face{{0x7f00004d}, listeners->at(sip::Transport::udp)->port};
  udp::socket phone{io, {to_asio(phone_at), 0}};
  phone.send_to(asio::buffer(asked), {to_asio(face.address), face.port});
  ASSERT_TRUE(until([&] { return heard.size() == 1; }));
  EXPECT_EQ(heard[0].key.face, face);
  EXPECT_FALSE(heard[0].to_group);
  EXPECT_TRUE(listeners->is_face(sip::Transport::udp, face));
  EXPECT_TRUE(listeners->send(heard[0].key, "answer"));
  std::string buffer(16, ' ');
  udp::endpoint from;
  ASSERT_TRUE(until([&] { return phone.available() > 0; }));
  EXPECT_EQ(phone.receive_from(asio::buffer(buffer), from), 6u);
  EXPECT_EQ(from, (udp::endpoint{to_asio(face.address), face.port}));
}

TEST_F(Listening, OnSeveralNetworksEachAnswersFromItsOwn) {
  const IpAddress one{0x7f000105}, two{0x7f000205};
  settings.networks = {{Endpoint{one, 0}, std::nullopt, std::nullopt, {}},
                       {Endpoint{two, 0}, std::nullopt, std::nullopt, {}}};
  start();
  ASSERT_EQ(listeners->faces().size(), 2u);
  udp::socket phone{io, {to_asio(phone_at), 0}};
  for (const Endpoint& face : listeners->faces()) {
    const FlowKey key{sip::Transport::udp, face, {phone_at, phone.local_endpoint().port()}};
    EXPECT_TRUE(listeners->send(key, "x"));
    std::string buffer(16, ' ');
    udp::endpoint from;
    ASSERT_TRUE(until([&] { return phone.available() > 0; }));
    phone.receive_from(asio::buffer(buffer), from);
    EXPECT_EQ(from, (udp::endpoint{to_asio(face.address), face.port}));
  }
  const Endpoint strange{one, static_cast<std::uint16_t>(listeners->faces()[1].port)};
  EXPECT_EQ(listeners->is_face(sip::Transport::udp, strange), strange.port == listeners->faces()[0].port);
  EXPECT_FALSE(listeners->is_face(sip::Transport::tcp, listeners->faces()[0])) << "nothing listens there";
  EXPECT_FALSE(listeners->send({sip::Transport::udp, {{0x7f000305}, 5060}, {phone_at, 5060}}, "x"));
}

TEST_F(Listening, WhatCameToTheGroupIsNamedByTheFaceAndSaysSo) {
  const IpAddress at{0x7f000105};
  const auto port = static_cast<std::uint16_t>(20000 + ::getpid() % 20000);
  settings.networks = {{Endpoint{at, 0}, std::nullopt, std::nullopt, {at}}};
  settings.pnp_group.port = port;
  start();
  udp::socket phone{io, {to_asio(phone_at), 0}};
  phone.set_option(asio::ip::multicast::outbound_interface{asio::ip::make_address_v4("127.0.0.1")});
  phone.send_to(asio::buffer(asked), {asio::ip::make_address_v4("224.0.1.75"), port});
  ASSERT_TRUE(until([&] { return heard.size() == 1; }));
  EXPECT_TRUE(heard[0].to_group);
  EXPECT_EQ(heard[0].key.face, *listeners->at(sip::Transport::udp));
}

TEST_F(Listening, AConnectionIsToldFromItsBeginToItsEnd) {
  settings.networks = {{std::nullopt, Endpoint{}, std::nullopt, {}}};
  start();
  tcp::socket phone{io, {to_asio(phone_at), 0}};
  phone.connect({to_asio({0x7f00004d}), listeners->at(sip::Transport::tcp)->port});
  asio::write(phone, asio::buffer(asked));
  ASSERT_TRUE(until([&] { return heard.size() == 1; }));
  ASSERT_EQ(opened.size(), 1u);
  EXPECT_EQ(opened[0], heard[0].key);
  EXPECT_EQ(opened[0].face.address, (IpAddress{0x7f00004d}));
  phone.close();
  ASSERT_TRUE(until([&] { return closed.size() == 1; }));
  EXPECT_EQ(closed[0], opened[0]);
  EXPECT_FALSE(listeners->send(opened[0], "x"));
}

TEST_F(Listening, WhatIsNotSipIsCountedAndMakesNoFlow) {
  settings.networks = {{std::nullopt, Endpoint{{0x7f000105}, 0}, std::nullopt, {}}};
  start();
  tcp::socket stranger{io, {to_asio(phone_at), 0}};
  stranger.connect({to_asio({0x7f000105}), listeners->at(sip::Transport::tcp)->port});
  asio::write(stranger, asio::buffer(std::string{"GET / HTTP/1.1\r\nHost: x\r\n\r\n"}));
  EXPECT_TRUE(until([&] { return listeners->connections_refused() == 1; }));
  EXPECT_TRUE(heard.empty());
}

TEST_F(Listening, APortThatIsTakenIsNamed) {
  settings.networks = {{Endpoint{{0x7f000105}, 0}, std::nullopt, std::nullopt, {}}};
  start();
  const Endpoint taken = *listeners->at(sip::Transport::udp);
  SipListeners::Settings again;
  again.networks = {{taken, std::nullopt, std::nullopt, {}}};
  SipListeners second{io, again, {}};
  try {
    second.start(std::nullopt);
    FAIL() << "opened twice";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string{error.what()}.find("SIP over UDP can't listen on " + to_string(taken)), std::string::npos)
        << error.what();
  }
}

TEST_F(Listening, OnEveryAddressServesBothFamiliesAndAnswersFromWhereItWasAsked) {
  settings.networks = {{Endpoint{every_address, 0}, Endpoint{every_address, 0}, std::nullopt, {}}};
  start();
  const auto port = listeners->at(sip::Transport::udp)->port;
  for (const char* text : {"127.0.0.77", "::1"}) {
    const auto face = asio::ip::make_address(text);
    udp::socket phone{io, {face.is_v4() ? asio::ip::address{to_asio(phone_at)} : face, 0}};
    heard.clear();
    phone.send_to(asio::buffer(asked), {face, port});
    ASSERT_TRUE(until([&] { return heard.size() == 1; })) << text;
    EXPECT_EQ(to_string(heard[0].key.face.address), text) << "an IPv4 address as such";
    EXPECT_EQ(heard[0].key.peer.address.is_v4(), face.is_v4());
    EXPECT_TRUE(listeners->is_face(sip::Transport::udp, heard[0].key.face));
    EXPECT_TRUE(listeners->send(heard[0].key, "answer"));
    ASSERT_TRUE(until([&] { return phone.available() > 0; })) << text;
    std::string buffer(16, ' ');
    udp::endpoint from;
    EXPECT_EQ(phone.receive_from(asio::buffer(buffer), from), 6u);
    EXPECT_EQ(from, (udp::endpoint{face, port})) << text;
  }
  for (const char* text : {"127.0.0.1", "::1"}) {
    tcp::socket phone{io};
    phone.connect({asio::ip::make_address(text), listeners->at(sip::Transport::tcp)->port});
    opened.clear();
    ASSERT_TRUE(until([&] { return opened.size() == 1; })) << text;
    EXPECT_EQ(to_string(opened[0].peer.address), text);
  }
}

TEST_F(Listening, OnIpv4AloneReachesIpv6OverConnectionsOnly) {
  settings.networks = {{Endpoint{{0x7f000001}, 0}, Endpoint{{0x7f000001}, 0}, std::nullopt, {}}};
  start();
  tcp::acceptor peer{io, {asio::ip::address_v6::loopback(), 0}};
  const Endpoint at{*parse_ip("::1"), peer.local_endpoint().port()};
  EXPECT_FALSE(listeners->can_reach(sip::Transport::udp, at));
  EXPECT_FALSE(listeners->dial(sip::Transport::udp, at, std::nullopt));
  EXPECT_TRUE(listeners->can_reach(sip::Transport::tcp, at));
  const auto key = listeners->dial(sip::Transport::tcp, at, std::nullopt);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->face, (Endpoint{at.address, 5060}));
  EXPECT_FALSE(listeners->is_face(sip::Transport::tcp, key->face)) << "nobody listens there";
  EXPECT_TRUE(listeners->send(*key, asked));
  tcp::socket taken{io};
  peer.accept(taken);
  EXPECT_TRUE(until([&] { return taken.available() == asked.size(); }));
}

}  // namespace
}  // namespace roamdesk::net
