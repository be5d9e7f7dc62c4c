#include "common/names/query.hpp"

#include <gmock/gmock.h>

#include <set>

namespace roamdesk::names {
namespace {

TEST(Query, ReadsNamesAndAddressesWithAndWithoutPort) {
  const auto named = parse_server("sip.example.com", std::nullopt);
  ASSERT_TRUE(named);
  EXPECT_EQ(*named, (Query{"sip.example.com", std::nullopt, std::nullopt}));
  EXPECT_EQ(parse_server("10.0.0.1:5080", sip::Transport::tls), (Query{"10.0.0.1", 5080, sip::Transport::tls}));
  EXPECT_EQ(parse_server("gateway:5060", std::nullopt), (Query{"gateway", 5060, std::nullopt}));
  EXPECT_TRUE(parse_server("_sip.example.com.", std::nullopt));
}

TEST(Query, RefusesWhatIsNoServer) {
  for (const char* text : {"", ":", ":5060", "sip.example.com:", "sip.example.com:0", "sip.example.com:65536",
                           "sip.example.com:5060:5060", "sip..example.com", ".example.com", "10.0.0.256", "10.0.0", "1",
                           "sip example", "sip:sip.example.com", "user@example.com", "exämple.com"})
    EXPECT_FALSE(parse_server(text, std::nullopt)) << text;
  EXPECT_FALSE(is_host_name(std::string(64, 'a')));
  EXPECT_TRUE(is_host_name(std::string(63, 'a')));
  std::string longest;
  for (int i = 0; i < 126; ++i) longest += "a.";
  EXPECT_TRUE(is_host_name(longest + 'a'));
  EXPECT_FALSE(is_host_name(longest + "ab"));
}

TEST(Query, EveryFaultHasItsOwnWordsAndNamesTheName) {
  std::set<std::string> words;
  for (const Fault fault :
       {Fault::not_a_name, Fault::no_such_name, Fault::no_address, Fault::not_offered, Fault::server_failed,
        Fault::no_answer, Fault::bad_answer, Fault::leads_too_far, Fault::too_many}) {
    words.insert(to_string(Problem{fault, "sip.example.com"}));
    EXPECT_THAT(*words.rbegin(), testing::HasSubstr("sip.example.com"));
  }
  EXPECT_EQ(words.size(), 9U);
}

}  // namespace
}  // namespace roamdesk::names
