#include "exchange/model/site_of.hpp"

#include <gtest/gtest.h>

namespace roamdesk {
namespace {

const Mac mac_of_desk = *Mac::parse("001565AABB01");

HotDesk desk_at(const char* site) {
  return {HotDeskId{"HD0001"}, mac_of_desk, phones::Vendor::yealink, "T46S", SiteId{site}, {}, {}, {"u", Secret{"p"}}};
}
AppendAudit audit_of(const char* action, const std::string& subject) {
  AuditRecord record;
  record.action = action;
  record.subject = subject;
  return {record};
}
std::string site_in(const Changes& changes) { return std::get<AppendAudit>(changes.back()).record.site; }

TEST(SiteOf, ADeskIsWhereItWasBeforeItGoesAndWhereItComesToBe) {
  Directory directory;
  Changes made{PutDesk{desk_at("branch-1")}, audit_of("hot_desk.created", mac_of_desk.text())};
  note_sites(made, directory);
  EXPECT_EQ(site_in(made), "branch-1");
  directory.apply(made);
  Changes gone{DeleteDesk{HotDeskId{"HD0001"}}, audit_of("hot_desk.deleted", mac_of_desk.text())};
  note_sites(gone, directory);
  EXPECT_EQ(site_in(gone), "branch-1");
  Changes login{audit_of("login", "HD0001")};
  note_sites(login, directory);
  EXPECT_EQ(site_in(login), "branch-1");
}

TEST(SiteOf, ATrunkWithAnSbcsNameIsAtNoSite) {
  Directory directory;
  Sbc sbc;
  sbc.name = "berlin";
  directory.apply(PutSbc{sbc});
  Changes of_trunk{audit_of("trunk.changed", "berlin")}, of_sbc{audit_of("sbc.connected", "berlin")};
  note_sites(of_trunk, directory);
  note_sites(of_sbc, directory);
  EXPECT_EQ(site_in(of_trunk), "");
  EXPECT_EQ(site_in(of_sbc), "berlin");
}

TEST(SiteOf, WhatSaysItsSiteKeepsIt) {
  Directory directory;
  directory.apply(PutDesk{desk_at("branch-1")});
  auto audit = audit_of("phone.forgotten", mac_of_desk.text());
  audit.record.site = "branch-2";
  Changes changes{audit};
  note_sites(changes, directory);
  EXPECT_EQ(site_in(changes), "branch-2");
}

}  // namespace
}  // namespace roamdesk
