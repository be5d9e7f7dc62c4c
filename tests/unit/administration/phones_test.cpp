#include "fixture.hpp"

namespace roamdesk::test {
namespace {
using testing::HasSubstr;

class Phones : public AdministrationTest {
 protected:
  api::Answer assign(const Mac& mac, const std::string& extension) {
    return answer_to([=](auto& a, auto done) { a.assign_phone(mac, number(extension), std::nullopt, by(), done); });
  }
  std::vector<api::PhoneView> shown() { return administration_ptr()->phones(); }
};

TEST_F(Phones, OfAVendorThatCantBeConfiguredAreNeverAssigned) {
  have_extension("101");
  for (const auto* of : {"7c2f80112233", "002104112233", "14b370112233", "589ec6112233"}) {
    const auto answer = assign(*Mac::parse(of), "101");
    EXPECT_EQ(answer.outcome, Outcome::refused) << of;
    EXPECT_THAT(answer.message, HasSubstr("GET /models")) << of;
  }
  const auto unknown = assign(*Mac::parse("020000112233"), "101");
  EXPECT_EQ(unknown.outcome, Outcome::refused);
  EXPECT_THAT(unknown.message, HasSubstr("isn't known"));
  EXPECT_TRUE(stored_.empty());
  EXPECT_EQ(assign(mac(1), "101").outcome, Outcome::ok);
}

// Of an older version's records, or by hand.
TEST_F(Phones, OfAVendorThatCantBeConfiguredAreShownAsNewWhateverTheirRecordSays) {
  have_extension("101");
  Phone phone{.mac = *Mac::parse("7c2f80b5313f")};
  phone.vendor = phones::Vendor::yealink;
  phone.site = local_site();
  phone.assigned = true;
  phone.extension = number("101");
  phone.token = "token";
  have(PutPhone{phone});
  ASSERT_EQ(shown().size(), 1u);
  EXPECT_EQ(shown()[0].state, api::PhoneState::new_);
  EXPECT_EQ(shown()[0].assigned_to, decltype(shown()[0].assigned_to){});
}

}  // namespace
}  // namespace roamdesk::test
