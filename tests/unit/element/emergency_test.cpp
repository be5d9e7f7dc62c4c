#include "exchange/element/emergency.hpp"

#include <gtest/gtest.h>

namespace roamdesk::element {
namespace {

using namespace std::chrono_literals;

std::string service(const char* uri) { return emergency_service(*sip::parse_uri(uri)); }

TEST(EmergencyService, IsSosAndWhatIsUnderItInAnyCase) {
  EXPECT_EQ(service("urn:service:sos"), "urn:service:sos");
  EXPECT_EQ(service("URN:Service:SOS.Police"), "urn:service:sos.police");
  EXPECT_EQ(service("urn:service:sos.animal-control"), "urn:service:sos.animal-control");
  EXPECT_EQ(service("urn:service:s%6fs"), "urn:service:sos");
  EXPECT_EQ(service("urn:service:sos;x=y"), "urn:service:sos");
}

TEST(EmergencyService, IsNothingElse) {
  for (const char* uri :
       {"urn:service:counseling", "urn:service:sossage", "urn:service:test.sos", "urn:isbn:1", "sip:sos@x", "tel:112"})
    EXPECT_EQ(service(uri), "") << uri;
}

TEST(EmergencyService, IsDialledAsTheCountrysGeneralNumber) {
  EXPECT_EQ(number_of_service("urn:service:sos", "DE"), "112");
  EXPECT_EQ(number_of_service("urn:service:sos.police", "US"), "911");
  EXPECT_EQ(number_of_service("urn:service:sos", ""), "112");
  EXPECT_EQ(number_of_service("110", "US"), "110") << "what was dialled stays";
}

TEST(EmergencyPlace, IsToldAsFarAsItIsKnown) {
  EmergencyPlace place{local_site(), "192.0.2.1:5060", "112"};
  EXPECT_EQ(to_string(place), "site local, address 192.0.2.1:5060");
  place.phone = Mac::parse("001565000001");
  place.desk = "HD0001";
  place.location = "Room 5";
  place.extension = "101";
  place.name = "Alice";
  EXPECT_EQ(to_string(place),
            "site local, desk HD0001 (Room 5), phone 001565000001, person 101 Alice, address 192.0.2.1:5060");
}

TEST(EmergencyAllowance, IsOfEachSourceAndOfAllStrangers) {
  EmergencyAllowance allowance;
  TimePoint now{1h};
  std::size_t told = 0;
  for (int i = 0; i < 1000; ++i) told += allowance.take("stranger " + std::to_string(i), true, now);
  EXPECT_EQ(told, EmergencyAllowance::most_of_strangers);
  EXPECT_TRUE(allowance.take("a phone", false, now));  // a flood hides no true call
  for (int i = 0; i < 1000; ++i) told += allowance.take("a phone", false, now);
  EXPECT_EQ(told, EmergencyAllowance::most_of_strangers + EmergencyAllowance::most_of_source - 1);
  EXPECT_TRUE(allowance.take("stranger 1", true, now + 1min));
}

}  // namespace
}  // namespace roamdesk::element
