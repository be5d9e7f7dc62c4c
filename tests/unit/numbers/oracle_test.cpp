#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "exchange/numbers/emergency.hpp"
#include "exchange/numbers/number.hpp"

// The same questions to libphonenumber and to us.
namespace roamdesk::test {
namespace {
using numbers::Number;

struct Line {
  char form = ' ';
  std::string where, digits, answer;
};

std::vector<Line> lines_of(const std::string& forms) {
  std::ifstream file(ORACLE);
  std::vector<Line> lines;
  for (std::string text; std::getline(file, text);) {
    if (forms.find(text.at(0)) == std::string::npos) continue;
    std::istringstream in(text);
    Line line;
    in >> line.form >> line.where >> line.digits;
    std::getline(in >> std::ws, line.answer);
    lines.push_back(line);
  }
  return lines;
}

// What we say of a number, as the oracle would if the number were dialled in its own country.
std::string answer_of(const Number& number) {
  const Number at_home = numbers::read(number.e164, {number.country, ""});
  return number.e164 + " " + std::string(number.country) + " " +
         std::string(word_of(number.country.empty() ? number.kind : at_home.kind));
}

void expect_agreement(const std::string& forms, std::size_t at_least) {
  std::size_t asked = 0;
  for (const Line& line : lines_of(forms)) {
    if (line.answer == "-") continue;
    const Number number = numbers::read(line.digits, {line.where, ""});
    // A number of no country (satellites) is abroad everywhere.
    if (line.answer.find("  ") != std::string::npos) {
      EXPECT_TRUE(number.kind == NumberClass::international || number.kind == NumberClass::premium) << line.digits;
      continue;
    }
    EXPECT_EQ(answer_of(number), line.answer) << line.form << " " << line.digits << " dialled in " << line.where;
    ++asked;
  }
  EXPECT_GE(asked, at_least);
}

TEST(NumbersBesideLibphonenumber, ReadsNumbersWithPlusAlike) { expect_agreement("G", 10'000); }
TEST(NumbersBesideLibphonenumber, ReadsNumbersDialledWithinACountryAlike) { expect_agreement("N", 10'000); }
TEST(NumbersBesideLibphonenumber, ReadsNumbersDialledFromAbroadAlike) { expect_agreement("XE", 6'000); }

// What libphonenumber takes for no number may be called by those alone who may call anything.
TEST(NumbersBesideLibphonenumber, GivesNoHarmlessClassToWhatIsNoNumber) {
  std::size_t asked = 0;
  for (const Line& line : lines_of("G")) {
    if (line.answer != "-") continue;
    const Number number = numbers::read(line.digits, {line.where, ""});
    const bool harmless = number.kind == NumberClass::national || number.kind == NumberClass::mobile;
    EXPECT_FALSE(harmless) << line.digits << " dialled in " << line.where << ": " << word_of(number.kind);
    ++asked;
  }
  EXPECT_GE(asked, 5'000u);
}

TEST(NumbersBesideLibphonenumber, KnowsTheCostOfShortNumbersAlike) {
  std::size_t asked = 0;
  for (const Line& line : lines_of("S")) {
    const Number number = numbers::read(line.digits, {line.where, ""});
    EXPECT_EQ(word_of(number.kind), line.answer) << line.digits << " dialled in " << line.where;
    EXPECT_EQ(number.e164, "") << line.digits << " dialled in " << line.where;
    ++asked;
  }
  EXPECT_GE(asked, 500u);
}

TEST(NumbersBesideLibphonenumber, KnowsTheEmergencyNumbersOfEachCountry) {
  std::size_t asked = 0;
  for (const Line& line : lines_of("H")) {
    std::string ours;
    for (const std::string& number : numbers::emergency_numbers(line.where)) {
      EXPECT_TRUE(numbers::is_emergency(number, line.where)) << number << " in " << line.where;
      if (number.size() <= 4) ours += (ours.empty() ? "" : ",") + number;
    }
    EXPECT_EQ(ours.empty() ? "-" : ours, line.digits) << line.where;
    ++asked;
  }
  EXPECT_GE(asked, 200u);
}

}  // namespace
}  // namespace roamdesk::test
