#include "exchange/provisioning/fetch_policy.hpp"
#include "exchange/provisioning/reset_policy.hpp"
#include "service_fixture.hpp"

namespace roamdesk::provisioning {
namespace {

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
  phones.all[0].known_at = phone_at;
  EXPECT_EQ(get("/provision/token-yealink/805ec0112233.cfg", "", t0 + 48h).answer.status, 200);
}

TEST_F(Provisioning, ServesAPhoneByAnEarlierTokenOfItsOwn) {
  for (const auto& [url, vendor] :
       {std::pair{"/provision/earlier-yealink/805ec0112233.cfg", Vendor::yealink},
        std::pair{"/provision/earlier-snom/snomD785-000413ABCDEF.htm", Vendor::snom},
        std::pair{"/provision/earlier-fanvil/0c383e112233.cfg", Vendor::fanvil},
        std::pair{"/provision/earlier-grandstream/cfgc074ad112233.xml", Vendor::grandstream}}) {
    const auto outcome = get(url);
    ASSERT_EQ(outcome.answer.status, 200) << url;
    EXPECT_EQ(std::get<Fetched>(outcome.events.at(0)).mac, mac_of(vendor));
  }
  EXPECT_EQ(suspicion(get("/provision/earlier-snom/805ec0112233.cfg")), Suspicion::wrong_token);
  EXPECT_EQ(suspicion(get("/provision/earlier-yealink/y000000000123.cfg")), Suspicion::wrong_token);
  EXPECT_EQ(suspicion(get("/provision/earlier-yealink/805ec0112233.cfg", "", t0, "local")), Suspicion::wrong_site);
}

// The stranger has everything but the phone's address: its URL, its way of asking, its name.
TEST_F(Provisioning, ServesARegisteredPhoneAtItsOwnAddressOnly) {
  auto& phone = phones.all[0];
  const auto agent = "Yealink SIP-T31G 124.86.0.75 80:5e:c0:11:22:33";
  for (const bool open : {true, false}) {
    phone.window_until = open ? std::optional{t0 + window_length} : std::nullopt;
    for (const auto* token : {"token-yealink", "earlier-yealink"}) {
      const auto url = "/provision/" + std::string{token} + "/805ec0112233.cfg";
      phone.registered_at = phone_at;
      phone.known_at = parse_ipv4("192.168.1.99");
      EXPECT_EQ(get(url, agent).answer.status, 200) << token;
      phone.registered_at = parse_ipv4("192.168.1.99");
      phone.known_at = phone_at;
      EXPECT_EQ(get(url, agent).answer, HttpAnswer{}) << token;
      EXPECT_EQ(suspicion(get(url, agent)), Suspicion::foreign_address) << token;
      EXPECT_EQ(suspicion(get("/provision/" + std::string{token} + "/y000000000123.cfg", agent)),
                Suspicion::foreign_address)
          << "nor is it told that the token is right";
    }
    EXPECT_EQ(suspicion(get("/provision/805ec0112233.cfg", agent)),
              open ? Suspicion::foreign_address : Suspicion::outside_window);
  }
}

TEST_F(Provisioning, ServesNoStrangerWhileThePhoneIsOff) {
  auto& phone = phones.all[0];
  phone.known_at = parse_ipv4("192.168.1.99");
  phone.window_until.reset();
  EXPECT_EQ(suspicion(get("/provision/token-yealink/805ec0112233.cfg")), Suspicion::foreign_address);
  phone.known_at.reset();
  EXPECT_EQ(suspicion(get("/provision/token-yealink/805ec0112233.cfg")), Suspicion::foreign_address);
  phone.known_at = phone_at;
  EXPECT_EQ(get("/provision/token-yealink/805ec0112233.cfg").answer.status, 200);
}

TEST_F(Provisioning, ServesInTheWindowWhoeverIsFirstAndNobodyElse) {
  auto& phone = phones.all[0];
  phone.known_at = parse_ipv4("192.168.1.99");
  for (const auto* url : {"/provision/token-yealink/805ec0112233.cfg", "/provision/805ec0112233.cfg"}) {
    phone.window_taken = false;
    EXPECT_EQ(get(url).answer.status, 200) << url;
    phone.window_taken = true;
    EXPECT_EQ(suspicion(get(url)), Suspicion::foreign_address) << url;
  }
}

TEST_F(Provisioning, RefusesAHeadAsItRefusesAGet) {
  phones.all[0].registered_at = parse_ipv4("192.168.1.99");
  HttpRequest head;
  head.site = SiteId{"branch-1"};
  head.peer = {phone_at, 40000};
  head.method = "HEAD";
  head.path = "/provision/token-yealink/805ec0112233.cfg";
  EXPECT_EQ(service.handle(head, t0).answer, HttpAnswer{});
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

TEST_F(Provisioning, DiscoversADeviceByWhatItSaysOfItselfWhereItHasNoOtherName) {
  const auto outcome = get("/provision/8841-3PCC.xml", "Cisco-CP-8841-3PCC/11.0 (00562b043615)");
  EXPECT_EQ(outcome.answer.status, 404);
  ASSERT_EQ(outcome.events.size(), 1u);
  EXPECT_EQ(std::get<UnassignedAsked>(outcome.events[0]).mac.text(), "00562b043615");
  for (const auto* said : {"Cisco-CP-8841-3PCC/11.0 (805ec0112233)", "Cisco-CP-8841-3PCC/11.0 (00562b043615)",
                           "Yealink SIP-T46U 108.86.0.90 80:5e:c0:99:99:99"})
    EXPECT_TRUE(get("/provision/y000000000108.cfg", said).events.empty()) << said;
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
  phone.window_taken = true;
  open_window(phone, "fresh", t0);
  EXPECT_GE(phone.token.str().size(), 22u);
  EXPECT_FALSE(phone.window_taken);
  EXPECT_TRUE(in_window(phone.window_until, t0 + 10min - 1ms));
  EXPECT_FALSE(in_window(phone.window_until, t0 + 10min));
  EXPECT_FALSE(in_window(std::nullopt, t0));
}

// One that fetches over TLS alone shows in it how it comes; any other begins anew.
TEST(Window, BeginsOverHttpAgain) {
  for (const auto step :
       {HttpsStep::none, HttpsStep::authority, HttpsStep::reached, HttpsStep::settled, HttpsStep::refused}) {
    Phone phone{.mac = *Mac::parse("805ec0112233")};
    phone.https = step;
    open_window(phone, "fresh", t0);
    EXPECT_EQ(phone.https, step == HttpsStep::settled ? step : HttpsStep::none);
  }
}

TEST(Window, MayBeForOneAddressFromTheBeginning) {
  Phone phone{.mac = *Mac::parse("805ec0112233")};
  open_window(phone, "fresh", t0, parse_endpoint("192.168.1.77:5060"));
  EXPECT_TRUE(phone.window_taken);
  EXPECT_EQ(phone.address, "192.168.1.77:5060");
}

// All of what can be known; what the table in the folder's README says.
TEST(FetchPolicy, ServesWhoeverIsWhereThePhoneIs) {
  const IpAddress here{1}, elsewhere{2};
  for (int bits = 0; bits < 288; ++bits) {
    FetchFacts facts;
    facts.from = here;
    const int registered = bits % 3, known = bits / 3 % 3;
    if (registered > 0) facts.registered_at = registered == 1 ? here : elsewhere;
    if (known > 0) facts.known_at = known == 1 ? here : elsewhere;
    facts.in_window = (bits / 9 & 1) != 0;
    facts.window_taken = (bits / 9 & 2) != 0;
    facts.by_mac = (bits / 9 & 4) != 0;
    facts.in_the_clear = (bits / 9 & 8) != 0;
    facts.only_by_tls = (bits / 9 & 16) != 0;
    const auto decision = decide_fetch(facts);
    if (facts.by_mac && !facts.in_window) {
      EXPECT_EQ(decision, FetchDecision::outside_window) << bits;
      continue;
    }
    if (facts.in_the_clear && facts.only_by_tls && !facts.in_window) {
      EXPECT_EQ(decision, FetchDecision::in_the_clear) << bits;
      continue;
    }
    const bool first = facts.in_window && !facts.window_taken;
    const bool served = registered > 0 ? registered == 1 : first || known == 1;
    EXPECT_EQ(decision, served ? FetchDecision::serve : FetchDecision::foreign_address) << bits;
  }
}

// Every combination, as sentences that must hold.
TEST(ResetPolicy, GivesNothingToWhoeverMerelyKnowsAMac) {
  for (int bits = 0; bits < 256; ++bits) {
    const ResetFacts facts{.right_site = (bits & 1) != 0,
                           .by_multicast = (bits & 2) != 0,
                           .dedicated = (bits & 4) != 0,
                           .registered = (bits & 8) != 0,
                           .here = (bits & 16) != 0,
                           .in_window = (bits & 32) != 0,
                           .window_taken = (bits & 64) != 0,
                           .session = (bits & 128) != 0};
    const auto decision = decide_reset(facts);
    const bool given = decision != ResetDecision::refuse;
    const bool heard = facts.right_site && facts.by_multicast, awaited = facts.in_window && !facts.window_taken;
    EXPECT_FALSE(given && !heard) << bits;
    EXPECT_FALSE(given && facts.registered && !facts.here) << "it is elsewhere, " << bits;
    EXPECT_FALSE(given && facts.registered && !facts.in_window) << bits;
    EXPECT_FALSE(given && facts.dedicated && !facts.in_window) << "a person's own phone, " << bits;
    EXPECT_FALSE(given && facts.in_window && facts.window_taken && !facts.here) << "another has fetched, " << bits;
    const bool waits = heard && awaited && (!facts.registered || facts.here);
    EXPECT_EQ(waits, waits && decision == ResetDecision::notify) << "an administrator waits for it, " << bits;
    const bool reset = heard && !facts.dedicated && !facts.registered && !facts.in_window;
    EXPECT_EQ(reset, reset && decision == ResetDecision::renew) << "a desk's phone that was reset, " << bits;
  }
}

}  // namespace
}  // namespace roamdesk::provisioning
