#include "exchange/routing/inbound.hpp"

#include <gtest/gtest.h>

namespace roamdesk::routing {
namespace {

class Inbound : public testing::Test {
 protected:
  Inbound() {
    for (const char* number : {"007", "010", "100", "101", "119", "200", "5"}) {
      Extension extension;
      extension.number = ExtensionNumber{number};
      directory.apply(PutExtension{extension});
    }
    put("+4930555000", "+4930555000", "200");
    put("+4930555100", "+4930555119", "100");
    put("+4930777005", "+4930777020", "005");
    put("+493088", "+493088", "5");
    put("+49308800", "+49308899", "", 3);
    trunk.country = "DE";
    trunk.area_code = "30";
  }
  void put(const std::string& first, const std::string& last, const std::string& extension, unsigned digits = 0) {
    directory.apply(Put<InboundNumber>{{first, last, ExtensionNumber{extension}, digits}});
  }
  std::string at(const std::string& number) const {
    const auto found = extension_at(number, directory);
    return found ? found->value() : "";
  }
  Directory directory;
  Trunk trunk;
};

TEST_F(Inbound, NumbersAndRangesLeadToTheirExtensions) {
  const std::pair<const char*, const char*> all[] = {{"+4930555000", "200"},
                                                     {"+4930555100", "100"},
                                                     {"+4930555101", "101"},
                                                     {"+4930555119", "119"},
                                                     {"+4930555120", ""},
                                                     {"+4930555110", ""},
                                                     {"+4930555001", ""},
                                                     {"+4930777007", "007"},
                                                     {"+4930777010", "010"},
                                                     {"+493088", "5"},
                                                     {"+49308807", "807"},
                                                     {"+4930555", ""},
                                                     {"+49305551001", ""},
                                                     {"", ""},
                                                     {"+", ""},
                                                     {"+1", ""},
                                                     {"alice", ""},
                                                     {"+99999999999", ""},
                                                     {"+49305550", ""}};
  for (const auto& [number, extension] : all)
    EXPECT_EQ(at(number), std::string(number) == "+49308807" ? "" : extension) << number;
  Extension late;
  late.number = ExtensionNumber{"807"};
  directory.apply(PutExtension{late});
  EXPECT_EQ(at("+49308807"), "807") << "by its last digits, and since there is such an extension";
}

TEST_F(Inbound, TheCalledNumberIsLookedForWhereTheTrunkPutsIt) {
  sip::Message invite;
  invite.method = "INVITE";
  invite.request_uri.user = "t8f3c";
  invite.to.uri.user = "030555101";
  invite.headers = {{"P-Called-Party-ID", "<sip:4930555000@x>"}, {"Diversion", "<tel:+4930555100>;reason=user-busy"}};
  const auto called = [&](std::vector<CalledIn> where) {
    trunk.called_in = std::move(where);
    const Called found = called_by(trunk, invite, directory);
    return found.extension ? found.extension->value() : "none, " + found.asked;
  };
  EXPECT_EQ(called({CalledIn::request_uri, CalledIn::to}), "101");
  EXPECT_EQ(called({CalledIn::p_called_party_id}), "200");
  EXPECT_EQ(called({CalledIn::diversion, CalledIn::to}), "100");
  EXPECT_EQ(called({CalledIn::request_uri}), "none, ");
  invite.request_uri.user = "+49-30-555119";
  EXPECT_EQ(called({CalledIn::request_uri, CalledIn::to}), "119");
  invite.request_uri.user = "+4930999";
  EXPECT_EQ(called({CalledIn::request_uri}), "none, +4930999");
  invite.headers.clear();
  EXPECT_EQ(called({CalledIn::diversion, CalledIn::p_called_party_id}), "none, ");
  EXPECT_EQ(called({}), "none, ");
}

// A caller outside has no way to dial codes, extensions by their bare number, or numbers that are outside.
TEST_F(Inbound, NothingButNumbersOfOursIsReached) {
  sip::Message invite;
  for (const char* user :
       {"101", "*77*101*", "*77*", "112", "911", "+493055", "0301", "00493055510", "sip:101", "%31%30%31"}) {
    invite.request_uri.user = user;
    EXPECT_FALSE(called_by(trunk, invite, directory).extension) << user;
  }
}

}  // namespace
}  // namespace roamdesk::routing
