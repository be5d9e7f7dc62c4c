#include <gtest/gtest.h>

#include "common/phones/vendor_facts.hpp"
#include "exchange/provisioning/fetch_policy.hpp"
#include "exchange/provisioning/https_step.hpp"
#include "exchange/provisioning/own_names.hpp"
#include "exchange/provisioning/service.hpp"
#include "fixture.hpp"
#include "xml.hpp"

namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

constexpr HttpsStep steps[] = {HttpsStep::none, HttpsStep::authority, HttpsStep::reached, HttpsStep::settled,
                               HttpsStep::refused};
const std::string pem = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";

PhoneView view_at(Vendor vendor, HttpsStep step) {
  auto view = occupied_view(vendor);
  view.https = *parse_endpoint("192.168.1.5:5001");
  view.step = step;
  return view;
}
std::string body_at(Vendor vendor, HttpsStep step) { return provisioner().render(view_at(vendor, step)).body; }

// ---- the steps

TEST(HttpsStep, GoesOnByWhatThePhoneShowsAndByNothingElse) {
  EXPECT_EQ(next_step(HttpsStep::none, true, Given::authority, 0), HttpsStep::authority);
  EXPECT_EQ(next_step(HttpsStep::authority, true, Given::answer_by_tls, 0), HttpsStep::reached);
  EXPECT_EQ(next_step(HttpsStep::reached, true, Given::file_by_tls, 0), HttpsStep::settled);
  for (const auto step : steps) {
    EXPECT_EQ(next_step(step, true, Given::authority, 0) != step, step == HttpsStep::none);
    EXPECT_EQ(next_step(step, true, Given::answer_by_tls, 0) != step, step == HttpsStep::authority);
    EXPECT_EQ(next_step(step, true, Given::file_by_tls, 0) != step, step == HttpsStep::reached);
  }
}

// Nobody can show that who was not told to check certificates: any certificate would do.
TEST(HttpsStep, CountsNoTlsOfAPhoneThatChecksNothing) {
  EXPECT_EQ(next_step(HttpsStep::none, true, Given::answer_by_tls, 0), HttpsStep::none);
  EXPECT_EQ(next_step(HttpsStep::none, true, Given::file_by_tls, 0), HttpsStep::none);
}

TEST(HttpsStep, GivesUpAPhoneThatComesAgainAndAgainWithoutARegistration) {
  for (unsigned unheard = 0; unheard < 2 * most_unheard; ++unheard) {
    const auto after = next_step(HttpsStep::authority, true, Given::file, unheard);
    EXPECT_EQ(after, unheard < most_unheard ? HttpsStep::authority : HttpsStep::refused) << unheard;
    EXPECT_EQ(next_step(HttpsStep::none, true, Given::file, unheard), HttpsStep::none);
    EXPECT_EQ(next_step(HttpsStep::reached, true, Given::file, unheard), HttpsStep::reached);
  }
  for (const auto given : {Given::file, Given::file_by_tls, Given::authority, Given::answer_by_tls})
    EXPECT_EQ(next_step(HttpsStep::refused, true, given, 0), HttpsStep::refused);
}

// It was reset: a file is given to it in the clear in a window only.
TEST(HttpsStep, BeginsAnewWhereASettledPhoneIsServedInTheClear) {
  EXPECT_EQ(next_step(HttpsStep::settled, true, Given::file, 0), HttpsStep::none);
}

TEST(HttpsStep, IsForgottenWithTheNextFileWhereHttpIsSet) {
  for (const auto step : steps) {
    EXPECT_EQ(next_step(step, false, Given::file, 0), HttpsStep::none);
    EXPECT_EQ(next_step(step, false, Given::file_by_tls, 0), HttpsStep::none);
    EXPECT_EQ(next_step(step, false, Given::authority, 0), step);
  }
}

// ---- the files

TEST(HttpsFile, SaysNothingOfItWhereThePhoneIsToHaveNothingToDoWithIt) {
  for (const auto vendor : vendors)
    for (const auto step : steps) {
      auto view = view_at(vendor, step);
      view.https.port = 0;
      EXPECT_EQ(provisioner().render(view).body, provisioner().render(occupied_view(vendor)).body);
    }
}

TEST(HttpsFile, OfVendorsThatCantBeToldOfAnAuthorityNamesNoHttps) {
  for (const auto& model : provisioner().models().all()) {
    const bool says_so = std::any_of(model.limits.begin(), model.limits.end(), [](const std::string& limit) {
      return limit.find("provisioned over HTTP, whatever is set") != std::string::npos;
    });
    EXPECT_EQ(says_so, !phones::can_fetch_by_https(model)) << phones::to_string(model.vendor) << " " << model.name;
  }
}

TEST(HttpsFile, OfAYealinkGoesStepByStep) {
  auto s = yealink_settings(body_at(Vendor::yealink, HttpsStep::none));
  EXPECT_EQ(s["static.auto_provision.server.url"], "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/");
  EXPECT_EQ(s["static.trusted_certificates.url"], "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/ca.pem");
  EXPECT_EQ(s["static.security.trust_certificates"], "0");
  EXPECT_EQ(s["static.security.ca_cert"], "%NULL%");
  EXPECT_EQ(s["action_url.registered"], "%NULL%");

  s = yealink_settings(body_at(Vendor::yealink, HttpsStep::authority));
  EXPECT_EQ(s["static.auto_provision.server.url"], "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/");
  EXPECT_EQ(s["static.security.trust_certificates"], "1");
  EXPECT_EQ(s["static.security.ca_cert"], "1") << "ours, and no other";
  EXPECT_EQ(s["action_url.registered"], "https://192.168.1.5:5001/provision/TOKENtokenTOKENtoken/reached");
  EXPECT_EQ(s["static.auto_provision.repeat.minutes"], "60");

  for (const auto step : {HttpsStep::reached, HttpsStep::settled}) {
    s = yealink_settings(body_at(Vendor::yealink, step));
    EXPECT_EQ(s["static.auto_provision.server.url"], "https://192.168.1.5:5001/provision/TOKENtokenTOKENtoken/");
    EXPECT_EQ(s["static.trusted_certificates.url"], "https://192.168.1.5:5001/provision/TOKENtokenTOKENtoken/ca.pem")
        << "nobody on the way gives it another";
    EXPECT_EQ(s["static.security.trust_certificates"], "1");
    EXPECT_EQ(s["action_url.registered"], "%NULL%");
  }
  EXPECT_EQ(body_at(Vendor::yealink, HttpsStep::refused), provisioner().render(occupied_view(Vendor::yealink)).body);
}

TEST(HttpsFile, OfASnomGoesStepByStep) {
  const auto has = [](const std::string& text, const std::string& what) {
    return text.find(what) != std::string::npos;
  };
  const std::string in_clear = "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/",
                    by_tls = "https://192.168.1.5:5001/provision/TOKENtokenTOKENtoken/";
  for (const auto step : steps) {
    const auto text = body_at(Vendor::snom, step);
    xml::Reader reader{text};
    reader.read();
    EXPECT_EQ(reader.fault(), "");
    const bool moved = step == HttpsStep::reached || step == HttpsStep::settled;
    EXPECT_EQ(has(text, "<setting_server perm=\"R\">" + by_tls), moved) << word_of(step);
    EXPECT_EQ(has(text, "<certificate url=\"" + in_clear + "ca.pem\"/>"),
              step == HttpsStep::none || step == HttpsStep::authority);
    EXPECT_EQ(has(text, "<certificate url=\"" + by_tls + "ca.pem\"/>"), moved);
    EXPECT_EQ(has(text, "<file url=\"" + by_tls + "reached\"/>"), step == HttpsStep::authority);
  }
}

// A phone that signals over TLS loses its registration where it can't check certificates.
TEST(HttpsFile, MakesAPhoneThatSignalsOverTlsComeBackSoonWhileItTries) {
  for (const auto step : steps)
    for (const auto transport : {sip::Transport::udp, sip::Transport::tcp, sip::Transport::tls}) {
      auto view = view_at(Vendor::yealink, step);
      view.transport = transport;
      const bool soon = step == HttpsStep::authority && transport == sip::Transport::tls;
      EXPECT_EQ(refetch_minutes(view), soon ? 5u : 60u);
    }
}

TEST(HttpsFile, IsNeverWhereAPhoneIsSentFirst) {
  for (const auto vendor : vendors)
    for (const auto step : steps) {
      EXPECT_EQ(pnp_url(view_at(vendor, step)).find("https"), std::string::npos);
      EXPECT_EQ(provisioner().render_redirect(view_at(vendor, step)).body.find("https"), std::string::npos);
    }
}

// ---- requests

struct OnePhone : PhoneSource {
  AssignedPhone phone{*Mac::parse("805ec0112233"), SiteId{"branch-1"}, Vendor::yealink, "token", std::nullopt};
  HttpsStep step = HttpsStep::settled;
  OnePhone() { phone.registered_at = parse_ipv4("192.168.1.77"); }
  std::optional<AssignedPhone> by_token(std::string_view token) const override {
    return token == phone.token ? std::optional{phone} : std::nullopt;
  }
  bool is_token_of(const Mac&, std::string_view token) const override { return token == "earlier"; }
  std::optional<AssignedPhone> by_mac(const Mac& mac) const override {
    return mac == phone.mac ? std::optional{phone} : std::nullopt;
  }
  std::optional<PhoneView> view(const Mac&, const Endpoint&) const override { return view_at(Vendor::yealink, step); }
};

class HttpsRequests : public testing::Test {
 protected:
  HttpOutcome get(const std::string& path, bool tls, const char* from = "192.168.1.77", const char* method = "GET") {
    HttpRequest request;
    request.site = SiteId{"branch-1"};
    request.face = *parse_endpoint(tls ? "192.168.1.5:5001" : "192.168.1.5:5000");
    request.peer = {*parse_ipv4(from), 40000};
    request.method = method;
    request.path = path;
    request.tls = tls;
    return service.handle(request, t0);
  }
  static std::optional<Suspicion> suspicion(const HttpOutcome& outcome) {
    const auto* found = outcome.events.empty() ? nullptr : std::get_if<SuspiciousFetch>(&outcome.events[0]);
    return found ? std::optional{found->why} : std::nullopt;
  }
  const WallTime t0{std::chrono::milliseconds{1'700'000'000'000}};
  const std::string file = "/provision/token/805ec0112233.cfg";
  OnePhone phones;
  ProvisioningService service{provisioner(), phones, pem};
};

// The attack: whoever listens, or has taken the phone's address, asks in the clear. With today's URL and yesterday's.
TEST_F(HttpsRequests, OfASettledPhoneInTheClearGetNothing) {
  phones.phone.only_by_tls = true;
  for (const bool registered : {true, false}) {
    phones.phone.registered_at = registered ? parse_ipv4("192.168.1.77") : std::nullopt;
    phones.phone.known_at = parse_ipv4("192.168.1.77");
    for (const char* path :
         {"/provision/token/805ec0112233.cfg", "/provision/earlier/805ec0112233.cfg",
          "/provision/token/y000000000123.cfg", "/provision/token/ca.pem", "/provision//token//805EC0112233.cfg"})
      for (const char* method : {"GET", "HEAD"}) {
        const auto outcome = get(path, false, "192.168.1.77", method);
        EXPECT_EQ(outcome.answer, HttpAnswer{}) << path;
        EXPECT_EQ(suspicion(outcome), Suspicion::in_the_clear) << path;
      }
    EXPECT_EQ(get(file, true).answer.status, 200);
  }
  EXPECT_EQ(suspicion(get(file, true, "192.168.1.66")), Suspicion::foreign_address) << "TLS alone is no proof";
}

TEST_F(HttpsRequests, OfASettledPhoneAreTakenInTheClearInAWindowAndAnsweredAsIfItKnewNothing) {
  phones.phone.only_by_tls = true;
  phones.phone.registered_at.reset();
  phones.phone.window_until = t0 + std::chrono::minutes{1};
  const auto outcome = get(file, false);
  ASSERT_EQ(outcome.answer.status, 200);
  EXPECT_FALSE(std::get<Fetched>(outcome.events.at(0)).tls);
  auto s = yealink_settings(outcome.answer.body);
  EXPECT_EQ(s["static.auto_provision.server.url"], "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/");
}

TEST_F(HttpsRequests, SayWhatThePhoneHasShown) {
  EXPECT_TRUE(std::get<Fetched>(get(file, true).events.at(0)).tls);
  EXPECT_EQ(std::get<Shown>(get("/provision/token/ca.pem", false).events.at(0)),
            (Shown{phones.phone.mac, Given::authority}));
  const auto reached = get("/provision/token/reached", true);
  EXPECT_EQ(reached.answer.status, 200);
  EXPECT_EQ(reached.answer.body.find("password"), std::string::npos);
  EXPECT_EQ(std::get<Shown>(reached.events.at(0)), (Shown{phones.phone.mac, Given::answer_by_tls}));
}

TEST_F(HttpsRequests, ShowNothingInTheClearFromElsewhereOrWithoutATokenOfThePhone) {
  EXPECT_EQ(get("/provision/token/reached", false).answer, HttpAnswer{});
  for (const char* name : {"ca.pem", "reached"}) {
    const auto path = std::string{"/provision/token/"} + name;
    EXPECT_EQ(suspicion(get(path, true, "192.168.1.66")), Suspicion::foreign_address);
    EXPECT_EQ(suspicion(get(std::string{"/provision/tokem/"} + name, true)), Suspicion::wrong_token);
    EXPECT_TRUE(get(path, true, "192.168.1.77", "HEAD").events.empty());
  }
}

TEST_F(HttpsRequests, OfAnybodyGetTheAuthoritysCertificateUnderItsOneName) {
  for (const bool tls : {true, false}) {
    const auto outcome = get("/provision/ca.pem", tls, "10.9.8.7");
    EXPECT_EQ(outcome.answer.status, 200);
    EXPECT_EQ(outcome.answer.body, pem);
    EXPECT_TRUE(outcome.events.empty());
  }
  for (const char* path : {"/provision//ca.pem", "/provision/ca.pem/", "/provision/%63a.pem", "/provision/ca.pem?x"})
    EXPECT_EQ(get(path, false).answer.status, 404) << path;
  const ProvisioningService without{provisioner(), phones, ""};
  HttpRequest request;
  request.path = "/provision/ca.pem";
  EXPECT_EQ(without.handle(request, t0).answer.status, 404);
}

}  // namespace
}  // namespace roamdesk::provisioning
