#include "pbx-core/door/door.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>

#include "common/crypto/random.hpp"
#include "common/log/log.hpp"
#include "sbc/branch.hpp"

namespace roamdesk::door {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;
using asio::ip::udp;
using testing::HasSubstr;

const std::string question =
    "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.1.9;branch=z9hG4bKx;rport\r\nFrom: <sip:a@b>;tag=1\r\n"
    "To: <sip:b@b>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
const std::string ok = "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n";

WallTime now() { return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

struct Core final : DoorHandler, media::Plane {
  void on_sip(const sip::Flow& flow, std::string_view message) override {
    flows.push_back(flow);
    messages.emplace_back(message);
  }
  void on_flow_closed(const sip::Flow& flow, std::string_view why) override {
    closed.push_back(flow);
    reasons.emplace_back(why);
  }
  void on_http(HttpRequest request, HttpReply reply) override {
    paths.push_back(request.site.value() + request.path);
    agents.push_back(request.user_agent);
    over_tls.push_back(request.tls);
    reply({200, "text/plain", std::string(50'000, 'x')});
  }
  void on_media(const media::Event&) override {}
  void on_sbc_connected(const std::string&, bool fresh) override { ++(fresh ? fresh_connections : resumed); }
  void on_sbc_disconnected(const std::string&, const std::string&) override { ++disconnections; }
  std::optional<Sbc> find_sbc(const std::string& name) const override {
    return sbc && sbc->name == name ? sbc : std::nullopt;
  }
  void store_sbc(Sbc record, std::function<void(bool)> done) override {
    sbc = std::move(record);
    done(true);
  }
  void order(const media::Order& order) override { orders.push_back(order); }
  std::optional<Sbc> sbc;
  std::vector<sip::Flow> flows, closed;
  std::vector<std::string> messages, paths, agents, reasons;
  std::vector<bool> over_tls;
  std::vector<media::Order> orders;
  int fresh_connections = 0, resumed = 0, disconnections = 0;
};

struct Plane final : media::Plane {
  void order(const media::Order& order) override { orders.push_back(order); }
  std::vector<media::Order> orders;
};

// A core and one branch in one loop, through real TLS over loopback.
struct DoorAndBranch : testing::Test {
  std::filesystem::path dir;
  asio::io_context io;
  Core core;
  Plane plane;
  crypto::Authority authority = crypto::Authority::create("ca", crypto::random_bytes(16), now());
  std::unique_ptr<Door> door;
  std::unique_ptr<sbc::Branch> branch;
  Endpoint face{{0x7f000105}, 0}, tunnel_at;
  Secret key;
  std::function<Result<void>(const http::TlsFiles&)> serve_https;

  DoorAndBranch() {
    log::set_sink([](std::string_view) {});
    std::string name = (std::filesystem::temp_directory_path() / "roamdesk_door_XXXXXX").string();
    dir = ::mkdtemp(name.data());
    // A free port: taken once by the kernel's choice, then given back.
    udp::socket probe{io, {asio::ip::make_address_v4("127.0.1.5"), 0}};
    face.port = probe.local_endpoint().port();
    open_door({{0x7f000001}, 0});
    Sbc record;
    record.name = "branch-1";
    key = door->make_enrolment_key(record);
    core.sbc = record;
  }
  ~DoorAndBranch() override {
    branch.reset();
    door.reset();
    std::filesystem::remove_all(dir);
    log::set_sink(nullptr);
  }

  void open_door(Endpoint at) {
    DoorSettings settings;
    settings.udp = settings.tcp = Endpoint{{0x7f000001}, 0};
    settings.tunnel = {at};
    door = std::make_unique<Door>(io, settings, authority, core, &core, nullptr);
    door->start();
    tunnel_at = door->tunnel();
  }
  void open_branch() {
    sbc::Config config;
    config.state_dir = dir;
    config.core = {{"127.0.0.1", tunnel_at.port}};
    config.enrolment_key = key;
    sbc::LanConfig lan;
    lan.address = face.address;
    lan.sip = face.port;
    lan.sips = lan.ntp = std::nullopt;
    lan.pnp = false;
    config.lan = {lan};
    sbc::Branch::Options options;
    options.grace = 0ms;
    options.serve_https = serve_https;
    options.look_again = 50ms;
    branch = std::make_unique<sbc::Branch>(io, config, options, &plane, nullptr);
    branch->start();
  }
  template <class Done>
  bool until(Done done) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!done() && std::chrono::steady_clock::now() < end) io.run_one_for(50ms);
    return done();
  }
  std::string receive(udp::socket& phone) {
    EXPECT_TRUE(until([&] { return phone.available() > 0; }));
    std::string buffer(4096, ' ');
    udp::endpoint from;
    if (phone.available() == 0) return {};
    buffer.resize(phone.receive_from(asio::buffer(buffer), from));
    EXPECT_EQ(from.port(), face.port) << "from exactly the face";
    return buffer;
  }
  udp::socket phone() { return udp::socket{io, {asio::ip::make_address_v4("127.0.1.9"), 0}}; }
  udp::endpoint to_face() const { return {asio::ip::address_v4{face.address.v4()}, face.port}; }
};

TEST_F(DoorAndBranch, APhoneIsAnswered503UntilTheTunnelStands) {
  key = Secret{};  // never enrols
  open_branch();
  auto desk = phone();
  desk.send_to(asio::buffer(question), to_face());
  EXPECT_THAT(receive(desk), testing::AllOf(HasSubstr("SIP/2.0 503 "), HasSubstr("Retry-After: ")));
}

TEST_F(DoorAndBranch, SipPassesBothWaysUnderTheSitesName) {
  open_branch();
  ASSERT_TRUE(until([&] { return core.fresh_connections == 1; })) << branch->status().trouble;
  auto desk = phone();
  desk.send_to(asio::buffer(question), to_face());
  ASSERT_TRUE(until([&] { return core.messages.size() == 1; }));
  EXPECT_EQ(core.messages[0], question);
  EXPECT_EQ(core.flows[0].address.site, SiteId{"branch-1"});
  EXPECT_EQ(core.flows[0].address.face, face);
  door->send(core.flows[0].id, ok);
  EXPECT_EQ(receive(desk), ok);
  const auto front = door->front(SiteId{"branch-1"});
  ASSERT_TRUE(front);
  EXPECT_EQ(front->sip, face);
  EXPECT_FALSE(door->front(SiteId{"branch-2"}));
  EXPECT_EQ(door->find_or_open(core.flows[0].address)->id, core.flows[0].id);
}

TEST_F(DoorAndBranch, TheKeyWorksOnce) {
  open_branch();
  ASSERT_TRUE(until([&] { return core.fresh_connections == 1; }));
  EXPECT_TRUE(core.sbc->enrolment_secret_hash.empty());
  EXPECT_FALSE(core.sbc->certificate_serial.empty());
}

TEST_F(DoorAndBranch, ProvisioningIsRelayedInPieces) {
  open_branch();
  ASSERT_TRUE(until([&] { return branch->status().connected; }));
  http::Request request;
  request.method = "GET";
  request.target = "/provision/T/a.cfg";
  request.peer = {{0x7f000109}, 4000};
  request.local = {face.address, 5000};
  std::optional<http::Response> response;
  branch->handle_http(request, [&](http::Response r) { response = std::move(r); });
  ASSERT_TRUE(until([&] { return response.has_value(); }));
  EXPECT_EQ(response->status, 200u);
  EXPECT_EQ(response->body.size(), 50'000u);
  EXPECT_EQ(core.paths, std::vector<std::string>{"branch-1/provision/T/a.cfg"});
}

TEST_F(DoorAndBranch, ABranchGetsACertificateForItsAddressesAndServesHttpsWithIt) {
  std::vector<http::TlsFiles> served;
  serve_https = [&](const http::TlsFiles& files) {
    served.push_back(files);
    return Result<void>(boost::system::in_place_value);
  };
  open_branch();
  const SiteId site{"branch-1"};
  ASSERT_TRUE(until([&] { return door->front(site) && door->front(site)->https.port == 5001; }));
  EXPECT_EQ(door->front(site)->https.address, face.address);
  ASSERT_EQ(served.size(), 1u);
  std::ifstream file{served[0].certificate};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto info = crypto::inspect_certificate(text);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->addresses, std::vector<std::string>{to_string(face.address)});
  EXPECT_TRUE(text.ends_with(authority.certificate()));
  // What comes there came over TLS, and what comes elsewhere didn't, whatever it says.
  http::Request request;
  request.method = "GET";
  request.target = "/provision/T/a.cfg";
  request.fields = {{"X-Forwarded-Proto", "https"}};
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{5000, 5001, 5002}) {
    request.local = {face.address, port};
    branch->handle_http(request, [](const http::Response&) {});
  }
  ASSERT_TRUE(until([&] { return core.over_tls.size() == 3; }));
  EXPECT_EQ(core.over_tls, (std::vector<bool>{false, true, false}));
  // It has it already when it comes back.
  branch.reset();
  open_branch();
  ASSERT_TRUE(until([&] { return core.fresh_connections == 2 && door->front(site)->https.port == 5001; }));
  EXPECT_EQ(served.size(), 2u);
}

TEST_F(DoorAndBranch, ABranchThatCannotListenOffersNoHttps) {
  bool asked = false;
  serve_https = [&](const http::TlsFiles&) -> Result<void> {
    asked = true;
    return make_error_code(boost::system::errc::address_in_use);
  };
  open_branch();
  ASSERT_TRUE(until([&] { return asked; }));
  auto desk = phone();
  desk.send_to(asio::buffer(question), to_face());
  ASSERT_TRUE(until([&] { return core.messages.size() == 1; }));
  EXPECT_EQ(door->front(SiteId{"branch-1"})->https.port, 0);
}

TEST_F(DoorAndBranch, AFileIsAskedForInOneFormFromBothSides) {
  open_branch();
  ASSERT_TRUE(until([&] { return branch->status().connected; }));
  http::Request request;
  request.method = "GET";
  request.target = "/provision/T/a.cfg?x=1";
  request.fields = {{"uSER-aGENT", "Yealink SIP-T33G"}, {"Cookie", "c"}};
  request.peer = {{0x7f000109}, 4000};
  request.local = {face.address, 5000};
  std::vector<http::Response> responses;
  const auto take = [&](http::Response response) { responses.push_back(std::move(response)); };
  door->handle_http(request, take);
  ASSERT_EQ(responses.size(), 1u);
  branch->handle_http(request, take);
  ASSERT_TRUE(until([&] { return responses.size() == 2; }));
  EXPECT_EQ(core.paths, (std::vector<std::string>{"local/provision/T/a.cfg?x=1", "branch-1/provision/T/a.cfg?x=1"}));
  EXPECT_EQ(core.agents, std::vector<std::string>(2, "Yealink SIP-T33G"));
  for (const http::Response& response : responses) {
    EXPECT_EQ(response.status, 200u);
    ASSERT_EQ(response.fields.size(), 1u);
    EXPECT_EQ(response.fields[0].name + ": " + response.fields[0].value, "Content-Type: text/plain");
    EXPECT_EQ(response.body.size(), 50'000u);
    EXPECT_TRUE(response.vouches_for_peer);
  }
}

TEST_F(DoorAndBranch, ARestartedSbcIsToldItsStreamsAgain) {
  open_branch();
  ASSERT_TRUE(until([&] { return core.fresh_connections == 1; }));
  door->order(media::OpenStream{media::StreamId{7}, SiteId{"branch-1"}, {face.address, 20000}});
  EXPECT_EQ(core.orders.size(), 1u) << "the core's own plane has the trunk";
  EXPECT_TRUE(door->media_peer(SiteId{"branch-1"}));
  EXPECT_FALSE(door->media_peer(local_site()));
  ASSERT_TRUE(until([&] { return plane.orders.size() == 1; }));
  branch->stop();
  branch.reset();
  plane.orders.clear();
  open_branch();  // by its stored identity: the key is spent
  ASSERT_TRUE(until([&] { return !plane.orders.empty(); }));
  EXPECT_EQ(std::get<media::OpenStream>(plane.orders[0]).stream, media::StreamId{7});
}

TEST_F(DoorAndBranch, AFlowIsTheSameAfterARestartOfTheSbc) {
  open_branch();
  ASSERT_TRUE(until([&] { return core.fresh_connections == 1; }));
  auto desk = phone();
  desk.send_to(asio::buffer(question), to_face());
  ASSERT_TRUE(until([&] { return core.messages.size() == 1; }));
  branch->stop();
  branch.reset();
  open_branch();
  ASSERT_TRUE(until([&] { return core.fresh_connections == 2; }));
  door->send(core.flows[0].id, ok);  // what had been asked before is answered
  EXPECT_EQ(receive(desk), ok);
  desk.send_to(asio::buffer(question), to_face());
  ASSERT_TRUE(until([&] { return core.messages.size() == 2; }));
  EXPECT_EQ(core.flows[1].id, core.flows[0].id);
}

TEST_F(DoorAndBranch, AfterACoreRestartFlowsAreThereAgainWithoutThePhones) {
  open_branch();
  ASSERT_TRUE(until([&] { return core.fresh_connections == 1; }));
  auto desk = phone();
  desk.send_to(asio::buffer(question), to_face());
  ASSERT_TRUE(until([&] { return core.messages.size() == 1; }));
  const auto address = core.flows[0].address;
  door->stop();
  door.reset();
  open_door(tunnel_at);
  ASSERT_TRUE(until([&] { return core.fresh_connections == 2; }));
  std::optional<sip::Flow> flow;
  ASSERT_TRUE(until([&] { return (flow = door->find_or_open(address)).has_value(); }));
  door->send(flow->id, question);
  EXPECT_EQ(receive(desk), question);
}

TEST_F(DoorAndBranch, AKickedSbcWhoseRecordIsGoneStaysAway) {
  open_branch();
  ASSERT_TRUE(until([&] { return core.fresh_connections == 1; }));
  core.sbc.reset();
  door->kick("branch-1");
  ASSERT_TRUE(until([&] { return core.disconnections >= 1; }));
  ASSERT_TRUE(until([&] { return !branch->status().connected; }));
  until([end = std::chrono::steady_clock::now() + 1s] { return std::chrono::steady_clock::now() > end; });
  EXPECT_EQ(core.fresh_connections + core.resumed, 1);
}

TEST_F(DoorAndBranch, ALocalPhoneEntersByTheSameDoor) {
  auto desk = phone();
  desk.send_to(asio::buffer(question), {asio::ip::make_address_v4("127.0.0.1"), door->udp()->port});
  ASSERT_TRUE(until([&] { return core.messages.size() == 1; }));
  EXPECT_EQ(core.flows[0].address.site, local_site());
  EXPECT_EQ(core.flows[0].address.face, *door->udp());
  EXPECT_EQ(door->find_or_open(core.flows[0].address)->id, core.flows[0].id);
}

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
