#include "sbc/lan/provisioning_relay.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace roamdesk::sbc {
namespace {

struct Relay : testing::Test {
  boost::asio::io_context io;
  std::vector<tunnel::Frame> sent;
  bool up = true;
  ProvisioningRelay relay{io, {}, [this](tunnel::Frame frame) {
                            if (up) sent.push_back(std::move(frame));
                            return up;
                          }};
  std::vector<http::Response> answers;

  void ask(std::string target, std::string method = "GET", std::uint32_t host = 9) {
    http::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.peer = {{host}, 4000};
    request.local = {{0x7f000105}, 5000};
    request.fields = {{"User-Agent", "Yealink"}, {"Cookie", "secret"}, {"Authorization", "Basic x"}};
    relay.handle(std::move(request), [this](http::Response response) { answers.push_back(std::move(response)); });
  }
};

TEST_F(Relay, OnlyProvisioningLeavesTheBranch) {
  for (const char* target : {"/", "/api/v1/phones", "/provision", "/provisionx/a", "/provision/../api/v1/login",
                             "/provision/%2e%2e/api", "//provision/a", "http://x/provision/a", "/provision/%zz", ""})
    ask(target);
  ask("/provision/" + std::string(3000, 'a'));
  ask("/x/provision/a", "POST");
  EXPECT_TRUE(sent.empty());
  ASSERT_EQ(answers.size(), 12u);
  for (const auto& answer : answers) EXPECT_EQ(answer.status, 404u);
}

TEST_F(Relay, NothingButReadingIsPossible) {
  for (const char* method : {"POST", "put", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "FOO"})
    for (const char* target : {"/provision/TOKEN/a.cfg", "/provision/", "/provision", "/provision/%zz"}) {
      answers.clear();
      ask(target, method);
      ASSERT_EQ(answers.size(), 1u);
      EXPECT_EQ(answers[0].status, 405u) << method << target;
      ASSERT_EQ(answers[0].fields.size(), 1u);
      EXPECT_EQ(answers[0].fields[0].name + ": " + answers[0].fields[0].value, "Allow: GET, HEAD, PUT");
    }
  EXPECT_TRUE(sent.empty());
}

TEST_F(Relay, ALogIsThrownAwayWhoeverSendsIt) {
  for (const char* target : {"/provision/TOKEN/482567b5313f-app.log", "/provision/482567b5313f-boot.log"}) {
    answers.clear();
    ask(target, "PUT");
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].status, 204u) << target;
    EXPECT_FALSE(answers[0].vouches_for_peer);
  }
  EXPECT_TRUE(sent.empty());
}

TEST_F(Relay, StrangersLeavePlacesToPhonesThatHaveFetched) {
  ask("/provision/TOKEN/a.cfg", "GET", 9);
  tunnel::HttpHead head;
  head.id = std::get<tunnel::HttpRequest>(sent[0]).id;
  head.status = 200;
  relay.handle(head);
  tunnel::HttpBody body;
  body.id = head.id;
  body.last = true;
  relay.handle(body);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_TRUE(answers[0].vouches_for_peer);
  for (std::uint32_t host = 100; host < 200; ++host) ask("/provision/x", "GET", host);
  sent.clear();
  answers.clear();
  ask("/provision/x", "GET", 300);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].status, 503u);
  ask("/provision/TOKEN/a.cfg", "GET", 9);
  EXPECT_EQ(sent.size(), 1u);
}

// Else all who ask for what everybody may have would be taken for phones.
TEST_F(Relay, WhoAsksForTheAuthoritysCertificateHasShownNothing) {
  const std::pair<const char*, bool> files[] = {{"/provision/ca.pem", false}, {"/provision/TOKEN/ca.pem", true}};
  for (const auto& [target, shows] : files) {
    sent.clear();
    answers.clear();
    ask(target);
    ASSERT_EQ(sent.size(), 1u);
    tunnel::HttpHead head;
    head.id = std::get<tunnel::HttpRequest>(sent[0]).id;
    relay.handle(head);
    tunnel::HttpBody body;
    body.id = head.id;
    relay.handle(body);
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].status, 200u);
    EXPECT_EQ(answers[0].vouches_for_peer, shows) << target;
  }
}

TEST_F(Relay, AnAnswerComesInPieces) {
  ask("/provision/TOKEN/a.cfg");
  ASSERT_EQ(sent.size(), 1u);
  const auto& request = std::get<tunnel::HttpRequest>(sent[0]);
  EXPECT_EQ(to_string(request.face), "127.0.1.5:5000");
  ASSERT_EQ(request.headers.size(), 1u) << "cookies and credentials stay on the LAN";
  EXPECT_EQ(request.headers[0].name, "User-Agent");
  tunnel::HttpHead head;
  head.id = request.id;
  head.status = 200;
  relay.handle(head);
  tunnel::HttpBody body;
  body.id = request.id;
  body.last = false;
  body.bytes = "ab";
  relay.handle(body);
  EXPECT_TRUE(answers.empty());
  body.last = true;
  body.bytes = "c";
  relay.handle(body);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].body, "abc");
}

TEST_F(Relay, OnePeerHasItsShareOnly) {
  for (int i = 0; i < 10; ++i) ask("/provision/a", "GET", 1);
  EXPECT_EQ(sent.size(), 4u);
  ask("/provision/a", "GET", 2);
  EXPECT_EQ(sent.size(), 5u);
}

TEST_F(Relay, AwayIs503) {
  ask("/provision/a");
  relay.handle_disconnected();
  up = false;
  ask("/provision/a");
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].status, 503u);
  EXPECT_EQ(answers[1].status, 503u);
}

}  // namespace
}  // namespace roamdesk::sbc
