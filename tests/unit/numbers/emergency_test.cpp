#include "exchange/numbers/emergency.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "exchange/numbers/plans.hpp"

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

std::vector<std::string> forms(std::string_view dialled, std::string_view country) {
  std::vector<std::string> all;
  for (const auto& form : numbers::ShortForms{dialled, country})
    all.push_back(std::string{form.digits} + (form.behind_prefix ? " behind" : ""));
  return all;
}

TEST(ShortForms, AreTheEndsOfANumberBehindWhatThePlanPutsInFront) {
  EXPECT_THAT(forms("+49112", "DE"), ElementsAre("49112", "112 behind"));
  EXPECT_THAT(forms("+490112", "DE"), ElementsAre("490112", "0112 behind", "112 behind"));
  EXPECT_THAT(forms("+112", "DE"), ElementsAre("112"));
  EXPECT_THAT(forms("00112", "DE"), testing::Contains("112 behind"));
  EXPECT_THAT(forms("0049112", "DE"), testing::Contains("112 behind"));
  EXPECT_THAT(forms("0112", "DE"), testing::Contains("112 behind"));
  EXPECT_THAT(forms("011911", "US"), testing::Contains("911 behind"));
  EXPECT_THAT(forms("+1911", "US"), testing::Contains("911 behind"));
  EXPECT_THAT(forms("0000", "AU"), testing::Contains("000 behind"));
  EXPECT_THAT(forms("112", "DE").front(), "112");
}

TEST(ShortForms, AreNoPartsOfAnotherCountrysPlanNorOfOrdinaryNumbers) {
  EXPECT_THAT(forms("+44112", "DE"), ElementsAre("44112"));
  EXPECT_THAT(forms("00112", ""), ElementsAre("00112"));
  EXPECT_THAT(forms("+4930112", "DE"), testing::Not(testing::Contains("112 behind")));
  EXPECT_THAT(forms("49112", "DE"), testing::Not(testing::Contains("112 behind")));
  EXPECT_THAT(forms("", "DE"), IsEmpty());
  EXPECT_THAT(forms("+", "DE"), IsEmpty());
}

// Every country's own emergency numbers, in each form that its plan has for them; and how many forms there can be.
TEST(ShortForms, HaveTheEmergencyNumbersOfEveryCountryInThem) {
  for (const auto& region : numbers::plans::regions)
    for (const auto& number : emergency_numbers(region.name)) {
      const std::string code = std::to_string(region.code), prefix{region.prefix}, exit{region.exit};
      std::vector<std::string> ways{number, "+" + number, "+" + code + number, prefix + number,
                                    "+" + code + prefix + number};
      // Some countries have several, none of which is what is written.
      if (numbers::plans::longest_front(region.exits, exit + number) == exit.size())
        ways.insert(ways.end(), {exit + number, exit + code + number});
      for (const std::string& dialled : ways) {
        const auto all = forms(dialled, region.name);
        const bool has = std::any_of(
            all.begin(), all.end(), [&](const std::string& one) { return one == number || one == number + " behind"; });
        EXPECT_TRUE(has) << region.name << " " << dialled;
      }
    }
}

}  // namespace
}  // namespace roamdesk::test
