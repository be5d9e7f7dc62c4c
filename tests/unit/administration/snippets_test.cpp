#include "fixture.hpp"

// What the audit says of an administrator's own lines: each parameter before and after, without secrets.
namespace roamdesk::test {
namespace {

class SnippetsInTheAudit : public AdministrationTest {
 protected:
  std::vector<FieldChange> changes_of(const Change& change) {
    answer_to(
        [&](auto& a, auto done) { a.change([change](const Directory&) { return Changes{change}; }, by(), done); });
    for (const auto& commit : stored_)
      for (const auto& one : commit)
        if (const auto* audit = std::get_if<AppendAudit>(&one)) return audit->record.changes;
    return {};
  }
};

TEST_F(SnippetsInTheAudit, AreToldByParametersWithoutSecrets) {
  using Changed = std::vector<FieldChange>;
  EXPECT_EQ(changes_of(Put<Snippet>{{"yealink", "# mine\na.b = 1\nldap.password = geheim\n"}}),
            (Changed{{"a.b", "", "1"}, {"ldap.password", "", "***"}}));
  EXPECT_EQ(changes_of(Put<Snippet>{{"yealink", "a.b = 2\nc.d = 3\n"}}),
            (Changed{{"a.b", "1", "2"}, {"c.d", "", "3"}, {"ldap.password", "***", ""}}));
  EXPECT_EQ(changes_of(Put<Snippet>{{"yealink", "a.b = 2\n"}}), (Changed{{"c.d", "3", ""}}));
  EXPECT_EQ(changes_of(Delete<Snippet>{"yealink"}), (Changed{{"a.b", "2", ""}}));
}

}  // namespace
}  // namespace roamdesk::test
