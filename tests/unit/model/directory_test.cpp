#include "exchange/model/directory.hpp"

#include <gtest/gtest.h>

namespace roamdesk {
namespace {

class Records : public testing::Test {
 protected:
  Records() {
    HotDesk desk{HotDeskId{"HD0001"},       mac, phones::Vendor::yealink, "T46S", local_site(), {}, {},
                 {"HD0001", Secret{"idle"}}};
    Extension alice;
    alice.number = ExtensionNumber{"101"};
    directory.apply({PutDesk{desk}, PutExtension{alice}});
  }
  Session session() const {
    return {SessionId{"s1"}, HotDeskId{"HD0001"}, ExtensionNumber{"101"}, {"s1", Secret{"own"}}, {}};
  }
  Mac mac = *Mac::parse("001565AABB01");
  Directory directory;
};

TEST_F(Records, ADigestUserNamesTheDeskThatIsIdle) {
  EXPECT_EQ(directory.identity("HD0001").idle_desk, directory.desk_of(mac));
  EXPECT_EQ(directory.identity("HD0002").idle_desk, nullptr);
}

TEST_F(Records, ASessionIsFoundByDeskExtensionAndDigestUser) {
  directory.apply(StartSession{session()});
  EXPECT_EQ(directory.session_at(HotDeskId{"HD0001"}), directory.session_of(ExtensionNumber{"101"}));
  EXPECT_EQ(directory.identity("s1").session, directory.session_at(HotDeskId{"HD0001"}));
}

TEST_F(Records, AnEndedSessionsCredentialsAreOldOnesUntilTheyAreForgotten) {
  directory.apply(StartSession{session()});
  directory.apply(EndSession{SessionId{"s1"}, {}});
  EXPECT_EQ(directory.session_of(ExtensionNumber{"101"}), nullptr);
  EXPECT_EQ(directory.identity("s1").session, nullptr);
  ASSERT_NE(directory.identity("s1").old, nullptr);
  directory.apply(ForgetOldCredentials{HotDeskId{"HD0001"}, "s1"});
  EXPECT_EQ(directory.identity("s1").old, nullptr);
}

TEST_F(Records, IdleCredentialsThatWereReplacedAreOldOnesOfTheDesk) {
  directory.apply(RenewIdle{HotDeskId{"HD0001"}, {"fresh", Secret{"new"}}, {}});
  EXPECT_EQ(directory.identity("fresh").idle_desk, directory.desk_of(mac));
  EXPECT_EQ(directory.identity("HD0001").idle_desk, nullptr);
  ASSERT_NE(directory.identity("HD0001").old, nullptr);
  EXPECT_EQ(directory.identity("HD0001").old->extension, ExtensionNumber{});
  directory.apply(ForgetOldCredentials{HotDeskId{"HD0001"}, "HD0001"});
  EXPECT_EQ(directory.identity("HD0001").old, nullptr);
}

// An administrator changes a desk while a person logs in at it.
TEST_F(Records, AChangedDeskKeepsTheIdleCredentialsThatItHas) {
  HotDesk before = *directory.desk_of(mac);
  directory.apply(RenewIdle{HotDeskId{"HD0001"}, {"fresh", Secret{"new"}}, {}});
  before.options.name = "Window";
  directory.apply(PutDesk{before});
  EXPECT_EQ(directory.desk_of(mac)->idle.user, "fresh");
  EXPECT_EQ(directory.desk_of(mac)->options.name, "Window");
  EXPECT_EQ(directory.identity("fresh").idle_desk, directory.desk_of(mac));
}

TEST_F(Records, ADeletedDesksCredentialsAreNobodys) {
  directory.apply(RenewIdle{HotDeskId{"HD0001"}, {"fresh", Secret{"new"}}, {}});
  directory.apply(DeleteDesk{HotDeskId{"HD0001"}});
  EXPECT_EQ(directory.identity("fresh").idle_desk, nullptr);
  EXPECT_EQ(directory.identity("HD0001").old, nullptr);
}

TEST_F(Records, ADesksNumberIsNeverGivenTwice) {
  EXPECT_EQ(directory.next_desk_id(), HotDeskId{"HD0002"});
  directory.apply(DeleteDesk{HotDeskId{"HD0001"}});
  EXPECT_EQ(directory.next_desk_id(), HotDeskId{"HD0002"});
  EXPECT_EQ(directory.desk_of(mac), nullptr);
}

TEST_F(Records, ADedicatedPhoneIsFoundByExtensionTokenAndDigestUserUntilItChanges) {
  Phone phone{.mac = *Mac::parse("000413000001")};
  phone.assigned = true;
  phone.extension = ExtensionNumber{"101"};
  phone.credentials = Credentials{"p1", Secret{"x"}};
  phone.token = "token-1";
  directory.apply(PutPhone{phone});
  ASSERT_EQ(directory.phones_of(ExtensionNumber{"101"}).size(), 1u);
  EXPECT_NE(directory.phone_by_token("token-1"), nullptr);
  EXPECT_NE(directory.identity("p1").phone, nullptr);

  phone.token = "token-2";
  phone.extension.reset();
  phone.credentials.reset();
  directory.apply(PutPhone{phone});
  EXPECT_TRUE(directory.phones_of(ExtensionNumber{"101"}).empty());
  EXPECT_EQ(directory.phone_by_token("token-1"), nullptr);
  EXPECT_NE(directory.phone_by_token("token-2"), nullptr);
  EXPECT_EQ(directory.identity("p1").phone, nullptr);
}

}  // namespace
}  // namespace roamdesk
