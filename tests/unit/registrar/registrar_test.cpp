#include "exchange/registrar/registrar.hpp"

#include <gtest/gtest.h>

namespace roamdesk::registrar {
namespace {

using namespace std::chrono_literals;

class Registration : public testing::Test {
 protected:
  static sip::Flow flow_from(std::string_view peer, std::string_view site = "local") {
    return {sip::FlowId{1},
            {SiteId{std::string{site}}, sip::Transport::udp, *parse_endpoint("127.0.0.1:5060"), *parse_endpoint(peer)}};
  }
  Account account(std::string user, bool hot_desk) const {
    return {*Mac::parse("001565aabb01"), "u-" + user, Secret{"secret"}, user, local_site(), Rights::full, hot_desk};
  }
  sip::Message request(std::string_view user, std::string_view contact, std::optional<std::uint32_t> expires) {
    sip::Message message;
    message.method = "REGISTER";
    message.request_uri = *sip::parse_uri("sip:pbx.example.com");
    message.to = message.from = *sip::parse_name_addr("<sip:" + std::string{user} + "@pbx.example.com>");
    message.call_id = call_id;
    message.cseq = {++cseq, "REGISTER"};
    message.contact.push_back(*sip::parse_name_addr(contact));
    message.expires = expires;
    return message;
  }
  Outcome send(const sip::Message& message, const Account& as, const sip::Flow& over) {
    return registrar.handle_register(over, message, as, "tag", now);
  }

  Registrar registrar;
  TimePoint now{1h};
  std::string call_id = "one";
  std::uint32_t cseq = 0;
  sip::Flow flow = flow_from("192.0.2.7:5060");
  Account desk = account("HD0001", true), alice = account("101", true);
};

TEST_F(Registration, IsGrantedAndFoundUnderItsDevice) {
  const auto outcome = send(request("HD0001", "<sip:HD0001@192.0.2.7:5062;line=x>", 3600), desk, flow);
  EXPECT_EQ(outcome.response.status, 200);
  EXPECT_TRUE(std::get<Registered>(outcome.change).moved);
  ASSERT_NE(registrar.find(desk.device), nullptr);
  EXPECT_EQ(registrar.find(desk.device)->contact, "sip:HD0001@192.0.2.7:5062;line=x");
}

TEST_F(Registration, OfAHotDeskLastsAMinuteAtMostAndRunsOut) {
  const auto outcome = send(request("HD0001", "<sip:HD0001@192.0.2.7>", 3600), desk, flow);
  EXPECT_EQ(outcome.response.contact.front().params.find("expires"), "60");
  EXPECT_EQ(registrar.deadline(), now + 60s);
  EXPECT_TRUE(registrar.handle_timeout(now + 59s).empty());
  const auto gone = registrar.handle_timeout(now + 60s);
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone.front().device, desk.device);
  EXPECT_EQ(registrar.find(desk.device), nullptr);
}

TEST_F(Registration, AtAnotherSiteIsForbidden) {
  const auto outcome =
      send(request("HD0001", "<sip:HD0001@192.0.2.7>", 60), desk, flow_from("192.0.2.7:5060", "branch-1"));
  EXPECT_EQ(outcome.response.status, 403);
  EXPECT_EQ(registrar.size(), 0u);
}

TEST_F(Registration, OfSomebodyElsesAddressIsForbidden) {
  EXPECT_EQ(send(request("102", "<sip:102@192.0.2.7>", 60), alice, flow).response.status, 403);
}

TEST_F(Registration, OfTheNewestIdentityReplacesTheDevicesLastOne) {
  send(request("HD0001", "<sip:HD0001@192.0.2.7>", 60), desk, flow);
  call_id = "two";
  send(request("101", "<sip:101@192.0.2.7>", 60), alice, flow);
  EXPECT_EQ(registrar.size(), 1u);
  EXPECT_EQ(registrar.find(desk.device)->aor_user, "101");
}

TEST_F(Registration, OfTheLastIdentityWithdrawnLateLeavesTheNewOneReachable) {
  send(request("HD0001", "<sip:HD0001@192.0.2.7>", 60), desk, flow);
  call_id = "two";
  send(request("101", "<sip:101@192.0.2.7>", 60), alice, flow);
  call_id = "one";
  const auto outcome = send(request("HD0001", "<sip:HD0001@192.0.2.7>", 0), desk, flow);
  EXPECT_EQ(outcome.response.status, 200);
  EXPECT_TRUE(std::holds_alternative<Unchanged>(outcome.change));
  EXPECT_NE(registrar.find(desk.device), nullptr);
}

TEST_F(Registration, WithExpiresZeroIsRemoved) {
  send(request("HD0001", "<sip:HD0001@192.0.2.7>", 60), desk, flow);
  const auto outcome = send(request("HD0001", "<sip:HD0001@192.0.2.7>", 0), desk, flow);
  EXPECT_TRUE(std::holds_alternative<Unregistered>(outcome.change));
  EXPECT_TRUE(outcome.response.contact.empty());
}

TEST_F(Registration, WithAStarNeedsExpiresZero) {
  auto star = request("HD0001", "<sip:HD0001@192.0.2.7>", 60);
  star.contact.clear();
  star.contact_star = true;
  EXPECT_EQ(send(star, desk, flow).response.status, 400);
}

TEST_F(Registration, ThatIsTooShortIsToldTheShortest) {
  const auto outcome = send(request("HD0001", "<sip:HD0001@192.0.2.7>", 5), desk, flow);
  EXPECT_EQ(outcome.response.status, 423);
  EXPECT_EQ(outcome.response.header("Min-Expires"), "10");
}

TEST_F(Registration, OutOfOrderIsRefused) {
  auto first = request("HD0001", "<sip:HD0001@192.0.2.7>", 60);
  send(first, desk, flow);
  EXPECT_EQ(send(first, desk, flow).response.status, 500);
}

TEST_F(Registration, RefreshedOverTheSameFlowHasNotMoved) {
  send(request("HD0001", "<sip:HD0001@192.0.2.7>", 60), desk, flow);
  EXPECT_FALSE(std::get<Registered>(send(request("HD0001", "<sip:HD0001@192.0.2.7>", 60), desk, flow).change).moved);
  EXPECT_TRUE(std::get<Registered>(
                  send(request("HD0001", "<sip:HD0001@192.0.2.7>", 60), desk, flow_from("192.0.2.7:5061")).change)
                  .moved);
}

// ---- each Contact by itself (RFC 3261 §10.3 step 7)

TEST_F(Registration, ThatRemovesTheOldContactAndAddsTheNewOneKeepsTheNewOneInEitherOrder) {
  const auto contacts = [&](std::initializer_list<const char*> all) {
    auto message = request("101", "<sip:x@y>", 60);
    message.contact.clear();
    for (const auto* contact : all) message.contact.push_back(*sip::parse_name_addr(contact));
    return message;
  };
  const char *old_gone = "<sip:101@192.0.2.7:5060>;expires=0", *fresh = "<sip:101@192.0.2.7:5062>;expires=60",
             *other_gone = "<sip:101@192.0.2.8>;expires=0";
  for (const auto& order : {std::initializer_list<const char*>{old_gone, fresh},
                            {fresh, old_gone},
                            {other_gone, fresh, old_gone},
                            {old_gone, other_gone, fresh},
                            {fresh},
                            {fresh, other_gone}}) {
    send(request("101", "<sip:101@192.0.2.7:5060>", 60), alice, flow);
    const auto outcome = send(contacts(order), alice, flow);
    EXPECT_EQ(outcome.response.status, 200);
    ASSERT_NE(registrar.find(alice.device), nullptr);
    EXPECT_EQ(registrar.find(alice.device)->contact, "sip:101@192.0.2.7:5062");
    ASSERT_EQ(outcome.response.contact.size(), 1U);
    EXPECT_EQ(outcome.response.contact.front().uri.port, 5062);
    EXPECT_TRUE(std::get<Registered>(outcome.change).moved);
  }
  // Also where they differ only in what §19.1.4 ignores.
  send(request("101", "<sip:101@192.0.2.7;ob>", 60), alice, flow);
  for (const auto& order :
       {std::initializer_list<const char*>{"<sip:101@192.0.2.7>", "<sip:101@192.0.2.7;ob>;expires=0"},
        {"<sip:101@192.0.2.7>;expires=0", "<sip:101@192.0.2.7;ob>"}}) {
    const auto outcome = send(contacts(order), alice, flow);
    ASSERT_EQ(outcome.response.contact.size(), 1U);
    EXPECT_EQ(outcome.response.contact.front().uri.params.has("ob"), std::string_view{*order.begin()}.ends_with("0"));
  }
  // What the last one says of one contact holds.
  send(contacts({"<sip:101@192.0.2.7:5062>;expires=0", "<sip:101@192.0.2.7:5062>;expires=60"}), alice, flow);
  EXPECT_NE(registrar.find(alice.device), nullptr);
  EXPECT_TRUE(std::holds_alternative<Unregistered>(
      send(contacts({"<sip:101@192.0.2.7:5062>;expires=60", "<sip:101@192.0.2.7:5062>;expires=0"}), alice, flow)
          .change));
  EXPECT_EQ(registrar.size(), 0U);
}

TEST_F(Registration, OfSeveralContactsIsOfThePreferredOneAndOfEqualsTheLast) {
  const auto bound = [&](std::initializer_list<const char*> all) {
    auto message = request("101", "<sip:x@y>", 60);
    message.contact.clear();
    for (const auto* contact : all) message.contact.push_back(*sip::parse_name_addr(contact));
    EXPECT_EQ(send(message, alice, flow).response.contact.size(), 1U);
    return registrar.find(alice.device)->contact;
  };
  EXPECT_EQ(bound({"<sip:1@h>", "<sip:2@h>"}), "sip:2@h");
  EXPECT_EQ(bound({"<sip:1@h>;q=0.9", "<sip:2@h>;q=0.1"}), "sip:1@h");
  EXPECT_EQ(bound({"<sip:1@h>;q=0.1", "<sip:2@h>;q=0.9", "<sip:3@h>;q=0.5"}), "sip:2@h");
  EXPECT_EQ(bound({"<sip:1@h>;q=0.5", "<sip:2@h>;q=abc"}), "sip:2@h");
}

TEST_F(Registration, ThatIsTooShortForOneContactChangesNothing) {
  send(request("101", "<sip:101@192.0.2.7:5060>", 60), alice, flow);
  auto message = request("101", "<sip:101@192.0.2.7:5060>;expires=0", 60);
  message.contact.push_back(*sip::parse_name_addr("<sip:101@192.0.2.7:5062>;expires=5"));
  EXPECT_EQ(send(message, alice, flow).response.status, 423);
  EXPECT_EQ(registrar.find(alice.device)->contact, "sip:101@192.0.2.7:5060");
}

TEST_F(Registration, IsRemovedUnderAnyEquivalentSpelling) {
  for (const auto* same :
       {"<sip:101@host.example:5060;transport=udp>", "<SIP:%31%301@HOST.example:5060;Transport=UDP>",
        "<sip:101@host.example:5060;ob;transport=udp>;q=0.5", "<sip:101@host.example:5060;transport=%75dp>"}) {
    send(request("101", "<sip:101@host.example:5060;transport=udp>", 60), alice, flow);
    EXPECT_TRUE(std::holds_alternative<Unregistered>(send(request("101", same, 0), alice, flow).change)) << same;
  }
  send(request("101", "<sip:101@host.example:5060;transport=udp>", 60), alice, flow);
  for (const auto* other :
       {"<sip:102@host.example:5060;transport=udp>", "<sip:101@host.example;transport=udp>",
        "<sip:101@host.example:5060>", "<sip:101@host.example:5060;transport=tcp>",
        "<sips:101@host.example:5060;transport=udp>", "<sip:101@host.example:5062;transport=udp>"}) {
    const auto outcome = send(request("101", other, 0), alice, flow);
    EXPECT_TRUE(std::holds_alternative<Unchanged>(outcome.change)) << other;
    EXPECT_EQ(outcome.response.contact.size(), 1U) << other;
  }
}

TEST_F(Registration, IsTakenUnderAnyEquivalentSpellingOfItsAddressOfRecord) {
  for (const auto* to : {"<sip:%31%30%31@pbx.example.com>", "<sip:101@PBX.EXAMPLE.COM:5060;user=phone>",
                         "<sips:101@192.0.2.1>", "\"Ann\" <sip:10%31@pbx.example.com>"}) {
    auto message = request("101", "<sip:101@192.0.2.7>", 60);
    message.to = *sip::parse_name_addr(to);
    EXPECT_EQ(send(message, alice, flow).response.status, 200) << to;
  }
  for (const auto* to : {"<sip:102@pbx.example.com>", "<sip:%31%30%32@pbx.example.com>", "<sip:pbx.example.com>"}) {
    auto message = request("101", "<sip:101@192.0.2.7>", 60);
    message.to = *sip::parse_name_addr(to);
    EXPECT_EQ(send(message, alice, flow).response.status, 403) << to;
  }
}

TEST_F(Registration, WithoutAContactAsksWhatThereIs) {
  send(request("HD0001", "<sip:HD0001@192.0.2.7>", 60), desk, flow);
  auto query = request("HD0001", "<sip:HD0001@192.0.2.7>", std::nullopt);
  query.contact.clear();
  const auto outcome = send(query, desk, flow);
  EXPECT_EQ(outcome.response.status, 200);
  EXPECT_EQ(outcome.response.contact.size(), 1u);
}

TEST_F(Registration, ThatMovesIsFoundWhereItIsAndEndsWhenItSays) {
  const auto other = flow_from("192.0.2.8:5060");
  ASSERT_EQ(send(request("HD0001", "<sip:HD0001@192.0.2.7>", 30), desk, flow).response.status, 200);
  ASSERT_EQ(send(request("HD0001", "<sip:HD0001@192.0.2.8>", 60), desk, other).response.status, 200);
  EXPECT_TRUE(registrar.at(local_site(), flow.address.peer.address).empty());
  EXPECT_EQ(registrar.at(local_site(), other.address.peer.address), std::vector{desk.device});
  EXPECT_TRUE(registrar.at(SiteId{"branch-1"}, other.address.peer.address).empty());
  EXPECT_EQ(registrar.deadline(), now + 60s);
  EXPECT_TRUE(registrar.handle_timeout(now + 59s).empty());
  EXPECT_EQ(registrar.handle_timeout(now + 60s).size(), 1u);
  EXPECT_TRUE(registrar.at(local_site(), other.address.peer.address).empty());
  EXPECT_EQ(registrar.deadline(), std::nullopt);
}

}  // namespace
}  // namespace roamdesk::registrar
