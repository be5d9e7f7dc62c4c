#include "common/phones/taken_over.hpp"

#include <gtest/gtest.h>

// How phones of other systems ask, with the paths that 3CX, FreePBX and Wazo have given them.
namespace roamdesk::phones {
namespace {

constexpr const char* yealink_says = "Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33";
constexpr const char* grandstream_says = "Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad112233";
constexpr const char* fanvil_says = "Fanvil X6U Pro 0.0.10 0c383e112233";
constexpr const char* snom_says =
    "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-1 000413112233 SXM:0 UXM:0)";
constexpr const char* htek_says = "Htek UC926 2.0.4.2 00:1f:c1:11:22:33";
constexpr const char* cisco_says = "Cisco-CP-8841-3PCC/11.0 (00562b112233)";
constexpr const char* poly_says = "FileTransport PolycomVVX-VVX_450-UA/5.9.7.1234 Type/Application";

TEST(TakenOver, PhonesAreUnderstoodByTheNamesOfTheirOldSystems) {
  const struct {
    const char *agent, *target, *here;
  } asked[] = {
      // 3CX: a folder that is secret, and names of its own.
      {yealink_says, "/provisioning/k2j4h5g6/cfg805ec0112233.xml", "/provision/805ec0112233.cfg"},
      {yealink_says, "/provisioning/k2j4h5g6/805ec0112233.cfg", "/provision/805ec0112233.cfg"},
      {grandstream_says, "/provisioning/k2j4h5g6/cfgc074ad112233.xml", "/provision/cfgc074ad112233.xml"},
      {fanvil_says, "/provisioning/k2j4h5g6/cfg0C383E112233", "/provision/0c383e112233.cfg"},
      {htek_says, "/provisioning/k2j4h5g6//cfg001fc1112233.xml", "/provision/cfg001fc1112233.xml"},
      // FreePBX: the endpoint manager's folder, or the root.
      {yealink_says, "/805ec0112233.cfg", "/provision/805ec0112233.cfg"},
      {yealink_says, "/tftpboot/805EC0112233.cfg?x=1", "/provision/805ec0112233.cfg"},
      {grandstream_says, "/cfgc074ad112233.xml", "/provision/cfgc074ad112233.xml"},
      {poly_says, "/64167f112233.cfg", "/provision/64167f112233.cfg"},
      {cisco_says, "/00562b112233.xml", "/provision/00562b112233.xml"},
      {cisco_says, "/8841-3PCC.xml", "/provision/8841-3pcc.xml"},
      {cisco_says, "/SEP00562B112233.cnf.xml", "/provision/00562b112233.xml"},
      // Wazo.
      {snom_says, "/000413112233.xml", "/provision/000413112233.xml"},
      {htek_says, "/prov/Htek/00-1f-c1-11-22-33.conf", "/provision/cfg001fc1112233.xml"},
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
      {yealink_says, "/api/v1/phones/805ec0112233"},
      {yealink_says, "/provision/token/805ec0112233.cfg"},  // it is served there
      {yealink_says, "/y000000000108.cfg"},
      {yealink_says, "/805ec0112233.boot"},
      {yealink_says, "/firmware/T46U-108.86.0.90.rom"},
      {yealink_says, "/contacts/805ec0112233/book.xml"},
      {yealink_says, "/805ec0112233-001565112233.cfg"},
      {yealink_says, "/805ec011223.cfg"},
      {yealink_says, "/805ec01122334.cfg"},
      {yealink_says, "/805ec0112233.cfg/"},
      {yealink_says, "/%2e%2e/805ec0112233%2ecfg"},
      {yealink_says, "805ec0112233.cfg"},
      {grandstream_says, "/cfgc074ad112233"},  // a binary form, which has to be missing
      {snom_says, "/"},
  };
  for (const auto& [agent, target] : asked) EXPECT_FALSE(path_taken_over(target, agent)) << target;
  EXPECT_FALSE(path_taken_over("/" + std::string(600, 'a') + "/805ec0112233.cfg", yealink_says));
}

}  // namespace
}  // namespace roamdesk::phones
