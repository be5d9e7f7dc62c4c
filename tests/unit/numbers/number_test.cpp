#include "exchange/numbers/number.hpp"

#include <gmock/gmock.h>

namespace roamdesk::test {
namespace {
using numbers::cleaned;
using numbers::Number;
using numbers::Origin;
using numbers::read;
using numbers::Writer;
using numbers::written;

constexpr Origin berlin{"DE", "30"}, new_york{"US", "212"}, paris{"FR", ""}, london{"GB", "20"};

TEST(Numbers, AreReadAsTheyAreDialledInACountry) {
  const struct {
    Origin where;
    const char *dialled, *e164;
    NumberClass kind;
  } all[] = {
      {berlin, "+493012345678", "+493012345678", NumberClass::national},
      {berlin, "00493012345678", "+493012345678", NumberClass::national},
      {berlin, "03012345678", "+493012345678", NumberClass::national},
      {berlin, "12345678", "+493012345678", NumberClass::national},
      {berlin, "01701234567", "+491701234567", NumberClass::mobile},
      {berlin, "09001234567", "+499001234567", NumberClass::premium},
      {berlin, "01801123456", "+491801123456", NumberClass::shared_cost},
      {berlin, "08001234567", "+498001234567", NumberClass::national},
      {berlin, "0033142685300", "+33142685300", NumberClass::international},
      {berlin, "+33612345678", "+33612345678", NumberClass::international},
      {berlin, "+33899123456", "+33899123456", NumberClass::premium},
      {berlin, "+870773111632", "+870773111632", NumberClass::international},
      {berlin, "+979123456789", "+979123456789", NumberClass::premium},
      {berlin, "+4903012345678", "+493012345678", NumberClass::national},
      {new_york, "5550123", "+12125550123", NumberClass::national},
      {new_york, "2125550123", "+12125550123", NumberClass::national},
      {new_york, "12125550123", "+12125550123", NumberClass::national},
      {new_york, "011493012345678", "+493012345678", NumberClass::international},
      {new_york, "12423456789", "+12423456789", NumberClass::international},  // the Bahamas, within +1
      {new_york, "19002345678", "+19002345678", NumberClass::premium},
      {paris, "0142685300", "+33142685300", NumberClass::national},
      {london, "02079460123", "+442079460123", NumberClass::national},
      {london, "79460123", "+442079460123", NumberClass::national},
      {london, "07400123456", "+447400123456", NumberClass::mobile},
      {london, "01534712345", "+441534712345", NumberClass::international},  // Jersey, within +44
  };
  for (const auto& [where, dialled, e164, kind] : all) {
    const Number number = read(dialled, where);
    EXPECT_EQ(number.e164, e164) << dialled << " in " << where.country;
    EXPECT_EQ(word_of(number.kind), word_of(kind)) << dialled << " in " << where.country;
    EXPECT_EQ(number.dialled, dialled);
  }
}

TEST(Numbers, ThatAreShortHaveNoOtherForm) {
  const std::pair<const char*, NumberClass> all[] = {
      {"116117", NumberClass::national}, {"11833", NumberClass::unknown}, {"115", NumberClass::unknown}};
  for (const auto& [dialled, kind] : all) {
    const Number number = read(dialled, berlin);
    EXPECT_EQ(number.e164, "") << dialled;
    for (const NumberForm form : {NumberForm::plus, NumberForm::bare, NumberForm::double_zero, NumberForm::national})
      EXPECT_EQ(written(number, form, berlin), dialled);
    EXPECT_NE(number.kind, NumberClass::international) << dialled;
    if (kind != NumberClass::unknown) {
      EXPECT_EQ(word_of(number.kind), word_of(kind)) << dialled;
    }
  }
}

TEST(Numbers, AreWrittenAsATrunkWantsThem) {
  const Number number = read("03012345678", berlin);
  EXPECT_EQ(written(number, NumberForm::plus, berlin), "+493012345678");
  EXPECT_EQ(written(number, NumberForm::double_zero, berlin), "00493012345678");
  EXPECT_EQ(written(number, NumberForm::bare, berlin), "493012345678");
  EXPECT_EQ(written(number, NumberForm::national, berlin), "03012345678");
  EXPECT_EQ(written(number, NumberForm::as_dialled, berlin), "03012345678");
  EXPECT_EQ(written(read("12345678", berlin), NumberForm::national, berlin), "03012345678");
  EXPECT_EQ(written(read("+33142685300", berlin), NumberForm::national, berlin), "0033142685300");
  EXPECT_EQ(written(read("5550123", new_york), NumberForm::national, new_york), "2125550123");
  EXPECT_EQ(written(read("5550123", new_york), NumberForm::bare, new_york), "12125550123");
  EXPECT_EQ(written(read("+493012345678", new_york), NumberForm::national, new_york), "011493012345678");
}

// A provider that is told to leave the + away does so in what it sends as well, or doesn't.
TEST(Numbers, FromAProviderMayLackTheirPlus) {
  for (const char* sent : {"+493012345678", "00493012345678", "493012345678", "03012345678"})
    EXPECT_EQ(read(sent, berlin, Writer::provider).e164, "+493012345678") << sent;
  EXPECT_EQ(read("33142685300", berlin, Writer::provider).e164, "+33142685300");
  // A person who dials that means a number in Berlin.
  EXPECT_EQ(read("4930123456", berlin).e164, "+49304930123456");
}

TEST(Numbers, AreUnknownWithoutACountryOrAPlan) {
  EXPECT_EQ(read("03012345678", {"", ""}).e164, "");
  EXPECT_EQ(read("03012345678", {"", ""}).kind, NumberClass::unknown);
  EXPECT_EQ(read("03012345678", {"XX", ""}).kind, NumberClass::unknown);
  EXPECT_EQ(read("+493012345678", {"", ""}).kind, NumberClass::international);
  EXPECT_EQ(read("+999123", berlin).e164, "");
  EXPECT_EQ(read("+0123456", berlin).e164, "");
  EXPECT_EQ(read("*31*", berlin).kind, NumberClass::unknown);
  EXPECT_EQ(read("", berlin).kind, NumberClass::unknown);
  EXPECT_EQ(read("+", berlin).kind, NumberClass::unknown);
  EXPECT_EQ(read("+49301234567890123456", berlin).e164, "") << "longer than E.164 allows";
  EXPECT_EQ(read("0", berlin).kind, NumberClass::unknown);
}

TEST(Numbers, AreFoundInUserPartsAndTelUris) {
  const std::pair<const char*, const char*> all[] = {
      {"+49-30-123%34", "+49301234"},
      {"(030) 12.34", "0301234"},
      {"tel:+49301234;ext=5", "+49301234"},
      {"301234;phone-context=+49", "+49301234"},
      {"+49301234;phone-context=+1", "+49301234"},
      {"301234;phone-context=example.org", "301234"},
      {"301234;x;phone-context=+49", "+49301234"},
      {"*31%2303012345", "*31#03012345"},
      {"%2A77*", "*77*"},
      {"%2B49301234", "+49301234"},
      {"0301234%", ""},
      {"alice", ""},
      {"", ""},
      {"+", ""},
      {"12+34", ""},
      {"++49", ""},
      {"123\r\n", ""},
      {"12345678901234567890123456789012", "12345678901234567890123456789012"},
      {"123456789012345678901234567890123", ""},
  };
  for (const auto& [user, expected] : all) EXPECT_EQ(cleaned(user), expected) << user;
  EXPECT_EQ(cleaned(std::string(100'000, '1')), "");
  EXPECT_EQ(cleaned("1" + std::string(300, ';')), "");
}

TEST(Numbers, OfRecordsAreE164) {
  for (const char* fine : {"+49301234", "+12125550123", "+870773111632", "+491"}) EXPECT_TRUE(numbers::is_e164(fine));
  for (const char* wrong :
       {"", "+", "49301234", "+49 301234", "+0123456", "+999123456", "+4930123456789012345", "+49a"})
    EXPECT_FALSE(numbers::is_e164(wrong)) << wrong;
  EXPECT_TRUE(numbers::is_country("DE"));
  for (const char* wrong : {"", "de", "D", "XX", "DEU"}) EXPECT_FALSE(numbers::is_country(wrong)) << wrong;
}

TEST(Numbers, ThatAreReadAreAsRecordsHoldThemOrHaveNoSuchForm) {
  std::string fewest;
  for (const Origin& where : {berlin, new_york, paris, london, Origin{"US", "1"}, Origin{"", ""}})
    for (const char* front : {"", "+", "0", "00", "011", "1", "+1", "+49"})
      for (unsigned last = 0; last < 100; ++last) {
        const Number number = read(front + std::to_string(last), where);
        EXPECT_TRUE(number.e164.empty() || numbers::is_e164(number.e164)) << front << last << " in " << where.country;
        if (!number.e164.empty() && (fewest.empty() || number.e164.size() < fewest.size())) fewest = number.e164;
      }
  EXPECT_EQ(fewest.size(), 4u) << fewest;
}

TEST(Numbers, OfPremiumSortAbroadTakeBothRights) {
  const Number number = read("+33899123456", berlin);
  EXPECT_FALSE(numbers::may_call({NumberClass::premium}, number));
  EXPECT_FALSE(numbers::may_call({NumberClass::international}, number));
  EXPECT_TRUE(numbers::may_call({NumberClass::premium, NumberClass::international}, number));
  EXPECT_TRUE(numbers::may_call({NumberClass::premium}, read("09001234567", berlin)));
  EXPECT_FALSE(numbers::may_call({}, read("03012345678", berlin)));
}

}  // namespace
}  // namespace roamdesk::test
