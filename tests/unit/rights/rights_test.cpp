#include "exchange/rights/rights.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace roamdesk::rights {
namespace {

using C = Credentials;
using D = Desk;
using S = Source;

const std::vector<C> all_credentials{C::session, C::idle, C::ended, C::own_phone};
const std::vector<D> desks{D::idle, D::idle_settled, D::bound, D::awaited, D::settled};
const std::vector<S> here{S::bridge, S::registered, S::unregistered, S::elsewhere};

struct Row {
  std::vector<C> credentials;
  std::vector<D> desk;
  std::vector<S> source;
  Rights rights;
};

// The README's table, row by row.
const std::vector<Row> table{
    {all_credentials, desks, {S::other_site}, {Acts::refused, false}},
    {{C::own_phone}, {D::none}, here, {Acts::person, true}},
    {{C::session}, {D::bound, D::awaited, D::settled}, here, {Acts::person, true}},
    {{C::idle}, {D::idle, D::idle_settled}, here, {Acts::idle, true}},
    {{C::idle, C::ended}, {D::bound, D::awaited}, {S::bridge}, {Acts::person, true}},
    {{C::idle, C::ended}, {D::bound, D::awaited}, {S::registered, S::unregistered}, {Acts::idle, true}},
    {{C::idle, C::ended}, {D::bound}, {S::elsewhere}, {Acts::idle, true}},
    {{C::idle, C::ended}, {D::awaited}, {S::elsewhere}, {Acts::idle, false}},
    {{C::idle, C::ended}, {D::settled}, {S::elsewhere}, {Acts::idle, false}},
    {{C::ended}, {D::idle_settled}, {S::elsewhere}, {Acts::idle, false}},
    {{C::ended}, {D::idle}, {S::registered, S::unregistered, S::elsewhere}, {Acts::idle, true}},
    {{C::idle, C::ended}, {D::settled}, {S::registered, S::unregistered}, {Acts::idle, true}},
    {{C::ended}, {D::idle_settled}, {S::registered, S::unregistered}, {Acts::idle, true}},
};

TEST(Rights, AreThoseOfTheTable) {
  for (std::size_t i = 0; i < table.size(); ++i)
    for (const C credentials : table[i].credentials)
      for (const D desk : table[i].desk)
        for (const S source : table[i].source)
          EXPECT_EQ(decide({credentials, desk, source}), table[i].rights)
              << "row " << i << ": " << int(credentials) << " " << int(desk) << " " << int(source);
}

// Whatever the table's rows are, these hold for every combination of facts, possible or not.
class AnyFacts : public testing::Test {
 protected:
  template <class Check>
  static void for_all(const Check& check) {
    for (const C credentials : all_credentials)
      for (const D desk : {D::none, D::idle, D::idle_settled, D::bound, D::awaited, D::settled})
        for (const S source : {S::bridge, S::registered, S::unregistered, S::elsewhere, S::other_site})
          check(Facts{credentials, desk, source}, decide({credentials, desk, source}));
  }
  static bool is_less(C credentials) { return credentials == C::idle || credentials == C::ended; }
};

TEST_F(AnyFacts, AtAnotherSiteAreWorthNothing) {
  for_all([](const Facts& facts, const Rights& rights) {
    if (facts.source != S::other_site) return;
    EXPECT_EQ(rights, (Rights{Acts::refused, false}));
  });
}

TEST_F(AnyFacts, WithIdleOrEndedCredentialsActForAPersonOverTheBridgeOnly) {
  for_all([](const Facts& facts, const Rights& rights) {
    if (!is_less(facts.credentials) || rights.acts != Acts::person) return;
    EXPECT_EQ(facts.source, S::bridge);
    EXPECT_TRUE(facts.desk == D::bound || facts.desk == D::awaited);
  });
}

TEST_F(AnyFacts, WithIdleOrEndedCredentialsFromElsewhereDisplaceNoSettledPerson) {
  for_all([](const Facts& facts, const Rights& rights) {
    if (!is_less(facts.credentials) || facts.source != S::elsewhere || facts.desk != D::settled) return;
    EXPECT_FALSE(rights.takes_place);
  });
}

// A phone that was off for days, reset, or in the hands of another DHCP server.
TEST_F(AnyFacts, OfADeviceThatIsRegisteredNowhereLetItIn) {
  for_all([](const Facts& facts, const Rights& rights) {
    if (facts.source != S::unregistered) return;
    EXPECT_TRUE(rights.takes_place);
  });
}

}  // namespace
}  // namespace roamdesk::rights
