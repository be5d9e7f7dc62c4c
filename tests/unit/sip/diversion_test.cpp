#include "common/sip/diversion.hpp"

#include <gtest/gtest.h>

namespace roamdesk::sip {
namespace {

std::string users(const Message& request) {
  std::string all;
  for (const auto& one : diversions(request))
    all += one.address.uri.user + (one.reason.empty() ? " " : "/" + one.reason + " ");
  return all;
}
Diversion by(const std::string& user, const std::string& reason = {}) {
  Diversion diversion;
  diversion.address.uri.user = user;
  diversion.address.uri.host = "provider.example";
  diversion.reason = reason;
  return diversion;
}

TEST(Diversions, AreReadFromTheFirstToTheLast) {
  Message request;
  request.add_header("Diversion", "\"B, \\\"the\\\" second\" <sip:+492@x;user=phone>;reason=no-answer;counter=1");
  request.add_header("Diversion", "<sip:+491@x>;reason=user-busy;privacy=full");
  EXPECT_EQ(users(request), "+491/user-busy +492/no-answer ");
}

TEST(Diversions, MayStandInOneHeader) {
  Message request;
  request.add_header("Diversion", "\"a,b\" <sip:3@x>;reason=x, <sip:2@x>,<tel:+491>");
  EXPECT_EQ(users(request), "+491 2 3/x ");
}

TEST(Diversions, AreReadFromAHistory) {
  Message request;
  request.add_header("History-Info", "<sip:1@x>;index=1, <sip:2@x;cause=302>;index=1.1;mp=1");
  request.add_header("History-Info", "<sip:3@x?Reason=SIP%3Bcause%3D302>;index=1.1.1;mp=1.1");
  EXPECT_EQ(users(request), "1 2 ");
  request.remove_header("History-Info");
  request.add_header("History-Info", "<sip:1@x>;index=1, <sip:2@10.0.0.1>;index=1.1");  // no more than routed
  EXPECT_EQ(users(request), "");
}

TEST(Diversions, ThatCantBeReadAreNone) {
  for (const char* text : {"", ",", ",,,", "<", "\"", "<sip:", "sip", "<sip:1@x", ";reason=x"}) {
    Message request;
    request.add_header("Diversion", text);
    request.add_header("History-Info", text);
    EXPECT_LE(diversions(request).size(), 1u) << text;
  }
}

TEST(Diversions, AreBounded) {
  Message request;
  std::string list;
  for (int i = 0; i < 1000; ++i) list += "<sip:1@x>;index=1;mp=1,";
  for (int i = 0; i < 40; ++i) {
    request.add_header("Diversion", list);
    request.add_header("History-Info", list);
  }
  EXPECT_LE(diversions(request).size(), 32u);
}

TEST(Diversions, AreWrittenAsTheyAreRead) {
  const std::vector<Diversion> all = {by("1", "unconditional"), by("2")};
  Message request;
  for (const auto& header : diversion_headers(all)) request.add_header(header.name, header.value);
  EXPECT_EQ(request.header("Diversion"), "<sip:2@provider.example>");
  EXPECT_EQ(diversions(request), all);
  Message other;
  const auto history = history_info_header({by("1"), by("2")}, *parse_uri("sip:3@provider.example"));
  EXPECT_EQ(history.value,
            "<sip:1@provider.example>;index=1, <sip:2@provider.example;cause=302>;index=1.1;mp=1, "
            "<sip:3@provider.example;cause=302>;index=1.1.1;mp=1.1");
  other.add_header(history.name, history.value);
  EXPECT_EQ(users(other), "1 2 ");
}

}  // namespace
}  // namespace roamdesk::sip
