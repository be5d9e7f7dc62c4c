#include "exchange/numbers/emergency.hpp"

#include <gmock/gmock.h>

namespace roamdesk::test {
namespace {
using numbers::emergency_numbers;
using numbers::is_emergency;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(EmergencyNumbers, AreThoseOfTheCountry) {
  EXPECT_THAT(emergency_numbers("DE"), ElementsAre("110", "112"));
  EXPECT_THAT(emergency_numbers("GB"), ElementsAre("112", "999"));
  EXPECT_THAT(emergency_numbers("FR"), ElementsAre("15", "17", "18", "112"));
  EXPECT_THAT(emergency_numbers("CH"), ElementsAre("112", "117", "118", "144"));
  EXPECT_THAT(emergency_numbers("AU"), ElementsAre("000", "106", "112"));
  EXPECT_THAT(emergency_numbers("US"), ElementsAre("112", "911"));
  EXPECT_TRUE(is_emergency("110", "DE"));
  EXPECT_FALSE(is_emergency("110", "FR"));
}

TEST(EmergencyNumbers, AreWholeNumbersAndDigitsAlone) {
  for (const char* no : {"", "1", "11", "1100", "0110", "+110", "11O", "110#", " 110"})
    EXPECT_FALSE(is_emergency(no, "DE")) << no;
}

TEST(EmergencyNumbers, OfACountryThatIsNotThereAreNone) {
  for (const char* country : {"", "XX", "de", "DEU"}) {
    EXPECT_THAT(emergency_numbers(country), IsEmpty()) << country;
    EXPECT_FALSE(is_emergency("112", country)) << country;
  }
}

}  // namespace
}  // namespace roamdesk::test
