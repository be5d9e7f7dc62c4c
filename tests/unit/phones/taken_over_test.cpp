#include "common/phones/taken_over.hpp"

#include <gtest/gtest.h>

// How phones of other systems ask, with the paths that 3CX, FreePBX and Wazo have given them.
namespace roamdesk::phones {
namespace {

constexpr const char* yealink = "Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33";
constexpr const char* grandstream = "Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad112233";
constexpr const char* fanvil = "Fanvil X6U Pro 0.0.10 0c383e112233";
constexpr const char* snom = "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-1 000413112233 SXM:0 UXM:0)";
constexpr const char* htek = "Htek UC926 2.0.4.2 00:1f:c1:11:22:33";
constexpr const char* cisco = "Cisco-CP-8841-3PCC/11.0 (00562b112233)";
constexpr const char* poly = "FileTransport PolycomVVX-VVX_450-UA/5.9.7.1234 Type/Application";

TEST(TakenOver, PhonesAreUnderstoodByTheNamesOfTheirOldSystems) {
  const struct {
    const char *agent, *target, *here;
  } asked[] = {
      // 3CX: a folder that is secret, and names of its own.
      {yealink, "/provisioning/k2j4h5g6/cfg805ec0112233.xml", "/provision/805ec0112233.cfg"},
      {yealink, "/provisioning/k2j4h5g6/805ec0112233.cfg", "/provision/805ec0112233.cfg"},
      {grandstream, "/provisioning/k2j4h5g6/cfgc074ad112233.xml", "/provision/cfgc074ad112233.xml"},
      {fanvil, "/provisioning/k2j4h5g6/cfg0C383E112233", "/provision/0c383e112233.cfg"},
      {htek, "/provisioning/k2j4h5g6//cfg001fc1112233.xml", "/provision/cfg001fc1112233.xml"},
      // FreePBX: the endpoint manager's folder, or the root.
      {yealink, "/805ec0112233.cfg", "/provision/805ec0112233.cfg"},
      {yealink, "/tftpboot/805EC0112233.cfg?x=1", "/provision/805ec0112233.cfg"},
      {grandstream, "/cfgc074ad112233.xml", "/provision/cfgc074ad112233.xml"},
      {poly, "/64167f112233.cfg", "/provision/64167f112233.cfg"},
      {cisco, "/00562b112233.xml", "/provision/00562b112233.xml"},
      {cisco, "/8841-3PCC.xml", "/provision/8841-3pcc.xml"},
      {cisco, "/SEP00562B112233.cnf.xml", "/provision/00562b112233.xml"},
      // Wazo.
      {snom, "/000413112233.xml", "/provision/snomD785-000413112233.htm"},
      {htek, "/prov/Htek/00-1f-c1-11-22-33.conf", "/provision/cfg001fc1112233.xml"},
  };
  for (const auto& [agent, target, here] : asked)
    EXPECT_EQ(path_taken_over(target, agent).value_or(""), here) << target;
}

TEST(TakenOver, NothingElseIs) {
  const struct {
    const char *agent, *target;
  } asked[] = {
      {"curl/7.88.1", "/805ec0112233.cfg"},
      {"Mozilla/5.0 (X11; Linux x86_64) Firefox/115.0", "/provisioning/x/805ec0112233.cfg"},
      {"", "/805ec0112233.cfg"},
      {yealink, "/api/v1/phones/805ec0112233"},
      {yealink, "/provision/token/805ec0112233.cfg"},  // it is served there
      {yealink, "/y000000000108.cfg"},
      {yealink, "/805ec0112233.boot"},
      {yealink, "/firmware/T46U-108.86.0.90.rom"},
      {yealink, "/contacts/805ec0112233/book.xml"},
      {yealink, "/805ec0112233-001565112233.cfg"},
      {yealink, "/805ec011223.cfg"},
      {yealink, "/805ec01122334.cfg"},
      {yealink, "/805ec0112233.cfg/"},
      {yealink, "/%2e%2e/805ec0112233%2ecfg"},
      {yealink, "805ec0112233.cfg"},
      {grandstream, "/cfgc074ad112233"},  // a binary form, which has to be missing
      {snom, "/"},
  };
  for (const auto& [agent, target] : asked) EXPECT_FALSE(path_taken_over(target, agent)) << target;
  EXPECT_FALSE(path_taken_over("/" + std::string(600, 'a') + "/805ec0112233.cfg", yealink));
}

}  // namespace
}  // namespace roamdesk::phones
