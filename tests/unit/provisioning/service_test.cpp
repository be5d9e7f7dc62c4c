#include "pbx-core/provisioning/service.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"
#include "pbx-core/provisioning/reset_policy.hpp"

namespace roamdesk::provisioning {
namespace {

using namespace std::chrono_literals;
using phones::Vendor;

const WallTime t0{std::chrono::milliseconds{1'700'000'000'000}};

class Phones : public PhoneSource {
 public:
  std::vector<AssignedPhone> all;
  bool front_known = true;
  std::optional<AssignedPhone> by_token(std::string_view token) const override {
    for (const auto& phone : all)
      if (phone.token == token) return phone;
    return std::nullopt;
  }
  std::optional<AssignedPhone> by_mac(const Mac& mac) const override {
    for (const auto& phone : all)
      if (phone.mac == mac) return phone;
    return std::nullopt;
  }
  std::optional<PhoneView> view(const Mac& mac, const Endpoint& face) const override {
    if (!front_known) return std::nullopt;
    const auto phone = by_mac(mac);
    auto made = occupied_view(phone->vendor);
    made.token = phone->token;
    made.provisioning = face;
    return made;
  }
};

class Provisioning : public testing::Test {
 protected:
  Provisioning() {
    for (const auto vendor : vendors)
      phones.all.push_back({mac_of(vendor), SiteId{"branch-1"}, vendor,
                            "token-" + std::string{phones::to_string(vendor)}, t0 + window_length});
  }
  HttpOutcome get(const std::string& path, const std::string& agent = "", WallTime at = t0,
                  const std::string& site = "branch-1") {
    HttpRequest request;
    request.site = SiteId{site};
    request.face = *parse_endpoint("192.168.1.5:5000");
    request.peer = *parse_endpoint("192.168.1.77:40000");
    request.path = path;
    request.user_agent = agent;
    return service.handle(request, at);
  }
  static std::optional<Suspicion> suspicion(const HttpOutcome& outcome) {
    if (outcome.events.size() != 1) return std::nullopt;
    const auto* found = std::get_if<SuspiciousFetch>(&outcome.events[0]);
    return found ? std::optional{found->why} : std::nullopt;
  }
  Phones phones;
  ProvisioningService service{provisioner(), phones};
};

TEST_F(Provisioning, ServesEachVendorItsOwnFileUnderItsToken) {
  const std::pair<const char*, Vendor> urls[] = {
      {"/provision/token-yealink/805ec0112233.cfg", Vendor::yealink},
      {"/provision/token-yealink//805EC0112233.cfg", Vendor::yealink},
      {"/provision/token-snom/snomD785-000413ABCDEF.htm", Vendor::snom},
      {"/provision/token-snom/snomD785-000413ABCDEF.htm?x=1", Vendor::snom},
      {"/provision/token-snom/snom-000413ABCDEF.htm", Vendor::snom},
      {"/provision/token-fanvil/0c383e112233.cfg", Vendor::fanvil},
      {"/provision/token-grandstream/cfgc074ad112233.xml", Vendor::grandstream},
      {"/provision/token-grandstream/cfgC074AD112233%2Exml", Vendor::grandstream},
  };
  for (const auto& [url, vendor] : urls) {
    const auto outcome = get(url);
    EXPECT_EQ(outcome.answer.status, 200) << url;
    ASSERT_EQ(outcome.events.size(), 1u) << url;
    const auto& fetched = std::get<Fetched>(outcome.events[0]);
    EXPECT_EQ(fetched.mac, mac_of(vendor));
    EXPECT_EQ(fetched.generation, 8u);
    EXPECT_NE(outcome.answer.body.find("fedcba98"), std::string::npos) << url;
  }
}

TEST_F(Provisioning, GoesOnServingAfterTheWindow) {
  EXPECT_EQ(get("/provision/token-yealink/805ec0112233.cfg", "", t0 + 48h).answer.status, 200);
}

TEST_F(Provisioning, CountsNoHeadAsAFetch) {
  HttpRequest head;
  head.site = SiteId{"branch-1"};
  head.method = "HEAD";
  head.path = "/provision/token-yealink/805ec0112233.cfg";
  const auto outcome = service.handle(head, t0);
  EXPECT_EQ(outcome.answer.status, 200);
  EXPECT_TRUE(outcome.events.empty());
}

TEST_F(Provisioning, TellsWhatTheUserAgentSays) {
  const auto outcome =
      get("/provision/token-yealink/805ec0112233.cfg", "Yealink SIP-T31G 124.86.0.75 80:5e:c0:11:22:33");
  const auto& fetched = std::get<Fetched>(outcome.events.at(0));
  ASSERT_TRUE(fetched.user_agent);
  EXPECT_EQ(fetched.user_agent->model, "T31G");
  EXPECT_EQ(fetched.user_agent->firmware, "124.86.0.75");
}

TEST_F(Provisioning, AnswersCommonFilesWithNothingInThem) {
  for (const auto* url : {"/provision/token-yealink/y000000000123.cfg", "/provision/token-fanvil/f0X3Uhw1.0.cfg",
                          "/provision/token-snom/snomD785.htm", "/provision/token-grandstream/cfg.xml",
                          "/provision/token-grandstream/cfggrp2612.xml"}) {
    const auto outcome = get(url);
    EXPECT_EQ(outcome.answer.status, 200) << url;
    EXPECT_TRUE(outcome.events.empty()) << url;
    EXPECT_EQ(outcome.answer.body.find("fedcba98"), std::string::npos) << url;
  }
}

TEST_F(Provisioning, AnswersProbesWith404AndNoAlarm) {
  for (const auto* url :
       {"/provision/token-yealink/805ec0112233.boot", "/provision/token-yealink/y000000000000.boot",
        "/provision/token-grandstream/cfgc074ad112233", "/provision/token-grandstream/cfgc074ad112233.bin",
        "/provision/token-grandstream/grp2612fw.bin", "/provision/token-snom/snomD785-firmware.htm",
        "/provision/token-fanvil/fanvil_x3u_hwv1_0.txt", "/provision/token-yealink/lang.txt"}) {
    const auto outcome = get(url);
    EXPECT_EQ(outcome.answer.status, 404) << url;
    EXPECT_TRUE(outcome.answer.body.empty());
    EXPECT_TRUE(outcome.events.empty()) << url;
  }
}

TEST_F(Provisioning, RefusesAWrongToken) {
  const auto outcome = get("/provision/token-yealinx/805ec0112233.cfg");
  EXPECT_EQ(outcome.answer.status, 404);
  EXPECT_EQ(suspicion(outcome), Suspicion::wrong_token);
}

TEST_F(Provisioning, RefusesATokenAtAnotherSite) {
  const auto outcome = get("/provision/token-yealink/805ec0112233.cfg", "", t0, "branch-2");
  EXPECT_EQ(outcome.answer.status, 404);
  EXPECT_EQ(suspicion(outcome), Suspicion::wrong_site);
}

TEST_F(Provisioning, RefusesAnotherPhonesFile) {
  const auto outcome = get("/provision/token-yealink/805ec0112234.cfg");
  EXPECT_EQ(outcome.answer.status, 404);
  EXPECT_EQ(suspicion(outcome), Suspicion::foreign_file);
}

TEST_F(Provisioning, RefusesADeviceThatNamesAnotherMac) {
  const auto outcome =
      get("/provision/token-yealink/805ec0112233.cfg", "Yealink SIP-T31G 124.86.0.75 80:5e:c0:99:99:99");
  EXPECT_EQ(outcome.answer.status, 404);
  EXPECT_EQ(suspicion(outcome), Suspicion::foreign_device);
}

TEST_F(Provisioning, RefusesAnotherVendorsFileName) {
  EXPECT_EQ(get("/provision/token-yealink/cfg805ec0112233.xml").answer.status, 404);
  EXPECT_EQ(get("/provision/token-snom/000413abcdef.cfg").answer.status, 404);
}

TEST_F(Provisioning, RefusesMalformedPathsAndMethods) {
  for (const auto* path : {"", "/", "/provision", "/provision/", "/provision/a/b/c", "/provision/../etc/passwd",
                           "/provision/%2e%2e/x", "/provision/%2f", "/provision/%zz", "/provision/%4",
                           "/provision/a%00b", "/provision/a%0d%0ab", "/api/v1/phones", "/provision/x\\y"}) {
    const auto outcome = get(path);
    EXPECT_EQ(outcome.answer.status, 404) << path;
    EXPECT_EQ(suspicion(outcome), Suspicion::malformed) << path;
  }
  EXPECT_EQ(get("/provision/" + std::string(2000, 'a')).answer.status, 404);
  HttpRequest put;
  put.method = "PUT";
  put.path = "/provision/token-yealink/805ec0112233.cfg";
  EXPECT_EQ(service.handle(put, t0).answer.status, 405);
}

TEST_F(Provisioning, GivesNothingButTheUrlByMacInsideOfTheWindow) {
  const std::pair<const char*, const char*> urls[] = {{"/provision/805ec0112233.cfg", "token-yealink"},
                                                      {"/provision/snomD785-000413ABCDEF.htm", "token-snom"},
                                                      {"/provision/0c383e112233.cfg", "token-fanvil"},
                                                      {"/provision/cfgc074ad112233.xml", "token-grandstream"}};
  for (const auto& [url, token] : urls) {
    const auto outcome = get(url, "", t0 + window_length - 1ms);
    EXPECT_EQ(outcome.answer.status, 200) << url;
    EXPECT_NE(outcome.answer.body.find(std::string{"192.168.1.5:5000/provision/"} + token), std::string::npos) << url;
    EXPECT_EQ(outcome.answer.body.find("fedcba98"), std::string::npos);
    ASSERT_EQ(outcome.events.size(), 1u);
    EXPECT_TRUE(std::holds_alternative<RedirectFetched>(outcome.events[0]));
  }
}

TEST_F(Provisioning, GivesNothingByMacOutsideOfTheWindow) {
  const auto outcome = get("/provision/805ec0112233.cfg", "", t0 + window_length);
  EXPECT_EQ(outcome.answer.status, 404);
  EXPECT_EQ(suspicion(outcome), Suspicion::outside_window);
  phones.all[0].window_until.reset();
  EXPECT_EQ(suspicion(get("/provision/805ec0112233.cfg")), Suspicion::outside_window);
}

TEST_F(Provisioning, GivesNothingByMacAtAnotherSite) {
  EXPECT_EQ(suspicion(get("/provision/805ec0112233.cfg", "", t0, "local")), Suspicion::wrong_site);
}

TEST_F(Provisioning, DiscoversADeviceThatAsksByItsMac) {
  const auto outcome = get("/provision/805ec0999999.cfg", "Yealink SIP-T31G 124.86.0.75 80:5e:c0:99:99:99");
  EXPECT_EQ(outcome.answer.status, 404);
  ASSERT_EQ(outcome.events.size(), 1u);
  const auto& asked = std::get<UnassignedAsked>(outcome.events[0]);
  EXPECT_EQ(asked.mac.text(), "805ec0999999");
  EXPECT_EQ(asked.user_agent->model, "T31G");
}

TEST_F(Provisioning, IsSilentAboutWhatScannersAskFor) {
  for (const auto* path :
       {"/provision/y000000000000.cfg", "/provision/aastra.cfg", "/provision/spa.cfg", "/provision/cfg.xml"})
    EXPECT_EQ(get(path).answer, HttpAnswer{}) << path;
  EXPECT_EQ(get("/provision/000000000000.cfg").answer.status, 404);
}

TEST_F(Provisioning, SaysLaterWhereTheSitesFaceIsUnknown) {
  phones.front_known = false;
  EXPECT_EQ(get("/provision/token-yealink/805ec0112233.cfg").answer.status, 503);
}

TEST(Window, OpensForTenMinutesWithANewToken) {
  Phone phone{.mac = *Mac::parse("805ec0112233")};
  open_window(phone, "fresh", t0);
  EXPECT_EQ(phone.token, "fresh");
  EXPECT_TRUE(in_window(phone.window_until, t0 + 10min - 1ms));
  EXPECT_FALSE(in_window(phone.window_until, t0 + 10min));
  EXPECT_FALSE(in_window(std::nullopt, t0));
}

// Contract §4, The window; every combination.
TEST(ResetPolicy, FollowsTheContract) {
  for (int bits = 0; bits < 32; ++bits) {
    const ResetFacts facts{.registered = (bits & 1) != 0,
                           .in_window = (bits & 2) != 0,
                           .session = (bits & 4) != 0,
                           .fetched = (bits & 8) != 0,
                           .right_site = (bits & 16) != 0};
    const auto decision = decide_reset(facts);
    if (!facts.right_site) {
      EXPECT_EQ(decision, ResetDecision::refuse) << bits;
    } else if (facts.in_window && !facts.fetched) {
      EXPECT_EQ(decision, ResetDecision::notify) << bits;
    } else if (facts.registered) {
      EXPECT_EQ(decision, ResetDecision::refuse) << bits;
    } else if (facts.in_window && !facts.session) {
      EXPECT_EQ(decision, ResetDecision::notify) << bits;
    } else {
      EXPECT_EQ(decision, ResetDecision::renew) << bits;
    }
  }
}

}  // namespace
}  // namespace roamdesk::provisioning
