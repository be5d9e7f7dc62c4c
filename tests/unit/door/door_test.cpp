#include "tests/unit/door/door_and_branch.hpp"

namespace roamdesk::door {
namespace {

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

// A core ends, and another one is there. Of two streams it goes on with the first.
class CoreFollowsCore : public DoorAndBranch, public testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(AsTheSame, CoreFollowsCore, testing::Bool());

TEST_P(CoreFollowsCore, AndStreamsGoOnOnlyWhereItGoesOnWithTheirCalls) {
  const SiteId site{"branch-1"};
  instance = tunnel::InstanceId{{1, 2, 3}};
  door->stop();
  open_door(tunnel_at);
  open_branch();
  ASSERT_TRUE(until([&] { return core.fresh_connections == 1; }));
  for (const std::uint32_t id : {1u, 2u})
    door->order(
        media::OpenStream{media::StreamId{id}, site, {face.address, static_cast<std::uint16_t>(20000 + 2 * id)}});
  door->order(media::Connect{media::StreamId{1}, media::StreamId{2}});
  ASSERT_TRUE(until([&] { return plane.orders.size() == 3; }));
  if (!GetParam()) instance = tunnel::InstanceId{{4, 5, 6}};
  door->stop();
  plane.orders.clear();
  open_door(tunnel_at);
  door->order(media::OpenStream{media::StreamId{1}, site, {face.address, 20002}});  // before its branch is there
  const auto closed = [&](std::uint32_t id) {
    return std::any_of(plane.orders.begin(), plane.orders.end(), [&](const auto& order) {
      const auto* close = std::get_if<media::CloseStream>(&order);
      return close && close->stream == media::StreamId{id};
    });
  };
  ASSERT_TRUE(until([&] { return core.fresh_connections == 2 && closed(2); }));
  EXPECT_EQ(closed(1), !GetParam());
  const auto opened = [&] {
    return std::any_of(plane.orders.begin(), plane.orders.end(),
                       [](const auto& order) { return std::holds_alternative<media::OpenStream>(order); });
  };
  if (GetParam())
    EXPECT_FALSE(opened());
  else
    EXPECT_TRUE(until(opened));
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

}  // namespace
}  // namespace roamdesk::door
