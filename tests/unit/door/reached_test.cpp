#include "tests/unit/door/door_and_branch.hpp"

// What the core connects to by itself: a phone that listens, a trunk's server.
namespace roamdesk::door {
namespace {

// A phone that listens over TCP at 127.0.1.9, and the address at which `site` connects to it.
struct Listens : DoorAndBranch, testing::WithParamInterface<bool> {
  tcp::acceptor listener{io, {asio::ip::make_address_v4("127.0.1.9"), 0}};
  std::vector<tcp::socket> came;
  sip::FlowAddress address;

  void SetUp() override {
    const bool at_a_branch = GetParam();
    if (at_a_branch) {
      open_branch();
      ASSERT_TRUE(until([&] { return core.fresh_connections == 1; }));
    }
    address = {at_a_branch ? SiteId{"branch-1"} : local_site(),
               sip::Transport::tcp,
               at_a_branch ? face : *door->tcp(),
               {{0x7f000109}, listener.local_endpoint().port()}};
    accept();
  }
  void accept() {
    listener.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (error) return;
      came.push_back(std::move(socket));
      accept();
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Sites, Listens, testing::Values(false, true),
                         [](const auto& row) { return row.param ? "AtABranch" : "BesideTheCore"; });

TEST_P(Listens, IsConnectedToOnceAndHeard) {
  EXPECT_FALSE(door->find_or_open(address)) << "by connect() only";
  const auto flow = door->connect(address);
  ASSERT_TRUE(flow);
  EXPECT_EQ(flow->address, address);
  EXPECT_EQ(door->connect(address)->id, flow->id);
  door->send(flow->id, question);
  ASSERT_TRUE(until([&] { return came.size() == 1 && came[0].available() >= question.size(); }));
  EXPECT_EQ(came[0].remote_endpoint().address().to_v4().to_uint(), address.face.address.v4());
  asio::write(came[0], asio::buffer(ok));
  ASSERT_TRUE(until([&] { return core.messages.size() == 1; }));
  EXPECT_EQ(core.flows[0], *flow);
  came[0].close();
  ASSERT_TRUE(until([&] { return core.closed.size() == 1; }));
  EXPECT_EQ(core.closed[0], *flow);
  EXPECT_FALSE(door->find_or_open(address));
}

TEST_P(Listens, WhereItDoesNotTheFlowCloses) {
  listener.close();
  const auto flow = door->connect(address);
  ASSERT_TRUE(flow);
  door->send(flow->id, question);
  ASSERT_TRUE(until([&] { return core.closed.size() == 1; }));
  EXPECT_EQ(core.closed[0], *flow);
}

// From the port it listens on, as some do: by the addresses both are one flow.
TEST_P(Listens, AndItsOwnConnectionWinsOverOurs) {
  const auto ours = door->connect(address);
  ASSERT_TRUE(ours);
  ASSERT_TRUE(until([&] { return came.size() == 1; }));
  tcp::socket own{io, tcp::v4()};
  listener.close();
  own.set_option(tcp::socket::reuse_address{true});
  boost::system::error_code error;
  own.bind({asio::ip::make_address_v4("127.0.1.9"), address.peer.port}, error);
  ASSERT_FALSE(error) << error.message();
  own.connect({asio::ip::address_v4{address.face.address.v4()}, address.face.port});
  asio::write(own, asio::buffer(question));
  ASSERT_TRUE(until([&] { return core.messages.size() == 1 && core.closed.size() == 1; }));
  EXPECT_EQ(core.closed[0], *ours);
  EXPECT_EQ(core.flows[0].address, address);
  EXPECT_NE(core.flows[0].id, ours->id);
  EXPECT_EQ(door->connect(address)->id, core.flows[0].id);
  door->send(core.flows[0].id, ok);
  EXPECT_TRUE(until([&] { return own.available() >= ok.size(); }));
}

// A trunk's server: nobody has shown credentials there, and no face is named.
TEST_P(Listens, IsDialledByItsAddressAlone) {
  const auto flow = door->dial(address.site, sip::Transport::tcp, address.peer, std::nullopt);
  ASSERT_TRUE(flow);
  EXPECT_EQ(flow->address, address) << "from where it can call us";
  EXPECT_EQ(door->dial(address.site, sip::Transport::tcp, address.peer, std::nullopt)->id, flow->id);
  door->prove(flow->address, sip::Standing::registered);
  door->send(flow->id, question);
  ASSERT_TRUE(until([&] { return came.size() == 1 && came[0].available() >= question.size(); }));
  asio::write(came[0], asio::buffer(ok));
  ASSERT_TRUE(until([&] { return core.messages.size() == 1; }));
  EXPECT_EQ(core.flows[0], *flow);
  came[0].close();
  ASSERT_TRUE(until([&] { return core.closed.size() == 1; }));
  EXPECT_FALSE(door->dial(SiteId{"branch-9"}, sip::Transport::tcp, address.peer, std::nullopt));
}

TEST_P(Listens, IsDialledOverUdpFromThePortWherePhonesAreServed) {
  udp::socket peer{io, {asio::ip::make_address_v4("127.0.1.9"), 0}};
  const Endpoint at{{0x7f000109}, peer.local_endpoint().port()};
  const auto flow = door->dial(address.site, sip::Transport::udp, at, std::nullopt);
  ASSERT_TRUE(flow);
  EXPECT_EQ(flow->address.face, GetParam() ? face : *door->udp());
  door->send(flow->id, question);
  std::string buffer(4096, ' ');
  udp::endpoint from;
  ASSERT_TRUE(until([&] { return peer.available() > 0; }));
  buffer.resize(peer.receive_from(asio::buffer(buffer), from));
  EXPECT_EQ(buffer, question);
  EXPECT_EQ(from.port(), flow->address.face.port);
}

TEST_P(Listens, OnNoFaceOfOursAndNotOverTls) {
  auto elsewhere = address, secure = address;
  ++elsewhere.face.port;
  secure.transport = sip::Transport::tls;
  EXPECT_FALSE(door->connect(elsewhere));
  EXPECT_FALSE(door->connect(secure));
}

}  // namespace
}  // namespace roamdesk::door
