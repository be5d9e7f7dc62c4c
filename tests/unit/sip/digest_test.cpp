#include "common/sip/digest.hpp"

#include <gmock/gmock.h>

#include "common/sip/digest_text.hpp"
#include "tests/unit/sip/support.hpp"

namespace roamdesk::sip::test {
namespace {

using testing::HasSubstr;

const Credentials bob{"bob", Secret{"zanzibar"}};

struct Digest : testing::Test {
  DigestServer server{"pbx.example.com", Secret{std::string(32, 'k')}, {300s, 3}};
  TimePoint now = TimePoint{} + 1h;

  std::string challenge(DigestAlgorithm algorithm = DigestAlgorithm::md5) {
    return server.make_challenge(algorithm, false, now);
  }
  DigestAnswer answer(const std::string& challenge, std::uint32_t nc = 1, const Credentials& who = bob) {
    return parse_digest_answer(*answer_challenge(challenge, who, "REGISTER", "sip:pbx.example.com", nc, "c0ffee"))
        .value();
  }
  DigestVerdict verify(const DigestAnswer& a) { return server.verify(a, "REGISTER", bob.password, now); }
};

// RFC 7616 §3.9.1, whose two answers were computed by others.
TEST(DigestVectors, AreThoseOfRfc7616) {
  const std::string fields =
      " realm=\"http-auth@example.org\", qop=\"auth, auth-int\","
      " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
      "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
  const Credentials mufasa{"Mufasa", Secret{"Circle of Life"}};
  const auto cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  EXPECT_THAT(*answer_challenge("Digest" + fields + ", algorithm=MD5", mufasa, "GET", "/dir/index.html", 1, cnonce),
              HasSubstr("response=\"8ca523f5e9506fed4657c9700eebdbec\""));
  EXPECT_THAT(*answer_challenge("Digest" + fields + ", algorithm=SHA-256", mufasa, "GET", "/dir/index.html", 1, cnonce),
              HasSubstr("response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""));
}

// RFC 2617 §3.5's example, without qop: what old phones challenge with (RFC 2069's form).
TEST(DigestVectors, AnswersAChallengeWithoutQop) {
  const auto value =
      answer_challenge("Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
                       {"Mufasa", Secret{"Circle Of Life"}}, "GET", "/dir/index.html", 1, "x");
  EXPECT_THAT(*value, HasSubstr("response=\"670fd8c2df070c60b045671b8b24ff02\""));
  EXPECT_THAT(*value, Not(HasSubstr("qop")));
}

TEST_F(Digest, AcceptsTheRightPasswordInBothAlgorithms) {
  EXPECT_EQ(verify(answer(challenge(DigestAlgorithm::md5))), DigestVerdict::good);
  EXPECT_EQ(verify(answer(challenge(DigestAlgorithm::sha256))), DigestVerdict::good);
}

TEST_F(Digest, RefusesAnotherPasswordUserMethodOrRealm) {
  EXPECT_EQ(verify(answer(challenge(), 1, {"bob", Secret{"wrong"}})), DigestVerdict::wrong);
  auto a = answer(challenge());
  EXPECT_EQ(server.verify(a, "INVITE", bob.password, now), DigestVerdict::wrong);
  a.user = "ann";
  EXPECT_EQ(verify(a), DigestVerdict::wrong);
  a = answer(challenge());
  a.realm = "elsewhere";
  EXPECT_EQ(verify(a), DigestVerdict::wrong);
  EXPECT_EQ(server.remembered(), 0U);  // who doesn't authenticate costs no memory
}

TEST_F(Digest, CallsANonceStaleAfterItsLifetimeNotBefore) {
  const auto c = challenge();
  now += 300s;
  EXPECT_EQ(verify(answer(c, 1)), DigestVerdict::good);
  now += 1s;
  EXPECT_EQ(verify(answer(c, 2)), DigestVerdict::stale);
  EXPECT_EQ(verify(answer(c, 3, {"bob", Secret{"wrong"}})), DigestVerdict::wrong);
}

TEST_F(Digest, CallsForeignAndForgedNoncesStale) {
  DigestServer other{"pbx.example.com", Secret{std::string(32, 'x')}};
  EXPECT_EQ(verify(answer(other.make_challenge(DigestAlgorithm::md5, false, now))), DigestVerdict::stale);
  EXPECT_EQ(verify(answer("Digest realm=\"pbx.example.com\", nonce=\"1.1.0.00\", qop=\"auth\"")), DigestVerdict::stale);
  // A nonce made for SHA-256 isn't taken with MD5.
  auto weaker = challenge(DigestAlgorithm::sha256);
  weaker.replace(weaker.find("SHA-256"), 7, "MD5");
  EXPECT_EQ(verify(answer(weaker)), DigestVerdict::stale);
}

TEST_F(Digest, TakesEachNonceCountOnceInAnyOrder) {
  const auto c = challenge();
  EXPECT_EQ(verify(answer(c, 1)), DigestVerdict::good);
  EXPECT_EQ(verify(answer(c, 1)), DigestVerdict::stale);
  EXPECT_EQ(verify(answer(c, 3)), DigestVerdict::good);
  EXPECT_EQ(verify(answer(c, 2)), DigestVerdict::good);
  EXPECT_EQ(verify(answer(c, 2)), DigestVerdict::stale);
  EXPECT_EQ(verify(answer(c, 200)), DigestVerdict::good);
  EXPECT_EQ(verify(answer(c, 4)), DigestVerdict::stale);  // too far behind to be known
}

TEST_F(Digest, HashesTheNonceCountAsItWasWritten) {
  for (const std::string written :
       {"1", "00000001", "0000000A", "0a", "a", "0000000000000001", "ffffffff", "0", "00000000"}) {
    now += 10ms;
    auto a = answer(challenge());
    a.nc_text = written;
    a.nc = static_cast<std::uint32_t>(std::stoul(written, nullptr, 16));
    a.response = digest_response(
        {a.algorithm, a.user, a.realm, bob.password.reveal(), a.nonce, a.cnonce, "REGISTER", a.uri, a.nc_text});
    for (const std::string quote : {"", "\""}) {
      const auto read =
          parse_digest_answer("Digest username=\"bob\", realm=\"pbx.example.com\", nonce=\"" + a.nonce + "\", uri=\"" +
                              a.uri + "\", response=\"" + a.response +
                              "\", algorithm=MD5, cnonce=\"c0ffee\", qop=auth, nc=" + quote + written + quote);
      ASSERT_TRUE(read) << written;
      // The first time; the second time it is a replay, however it is spelled.
      EXPECT_EQ(verify(*read), quote.empty() ? DigestVerdict::good : DigestVerdict::stale) << written;
    }
  }
}

TEST_F(Digest, TakesAnyFirstCountAndNoneTwice) {
  const auto c = challenge();
  EXPECT_EQ(verify(answer(c, 500)), DigestVerdict::good);
  EXPECT_EQ(verify(answer(c, 500)), DigestVerdict::stale);
  EXPECT_EQ(verify(answer(c, 501)), DigestVerdict::good);
}

TEST(DigestUri, IsTheRequestUriInAnySpelling) {
  const auto made_for = [](const char* digest_uri, const char* request_uri, const char* method = "INVITE") {
    Message m;
    m.method = method;
    m.request_uri = *parse_uri(request_uri);
    return is_made_for(digest_uri, m, {"pbx.example.com", "192.168.1.5"});
  };
  for (const auto* same :
       {"sip:102@pbx.example.com", "sip:102@PBX.Example.Com", "sip:%31%302@pbx.example.com",
        "sip:102@pbx.example.com:5060", "sips:102@pbx.example.com", "sip:102@pbx.example.com;user=phone;transport=udp",
        "SIP:102@pbx.example.com", "sip:102@192.168.1.5", "sip:102@192.168.1.5:5060", " sip:102@pbx.example.com "})
    EXPECT_TRUE(made_for(same, "sip:102@pbx.example.com;transport=udp;user=phone")) << same;
  EXPECT_TRUE(made_for("sip:*77*105*@pbx.example.com", "sip:%2A77%2a105%2A@pbx.example.com"));
  EXPECT_TRUE(made_for("sip:102@10.0.0.9", "sip:102@10.0.0.9:5060"));
  EXPECT_TRUE(made_for("tel:+35725000000", "tel:+35725000000"));
  EXPECT_TRUE(made_for("sip:pbx.example.com", "sip:pbx.example.com", "REGISTER"));
  EXPECT_TRUE(made_for("sip:101@pbx.example.com", "sip:pbx.example.com", "REGISTER"));
  for (const auto* server : {"sip:pbx.example.com", "sip:192.168.1.5:5060"})
    EXPECT_TRUE(made_for(server, "sip:102@pbx.example.com")) << "signed for the server";
  EXPECT_FALSE(made_for("sip:other.example", "sip:102@pbx.example.com"));

  for (const auto* other : {"sip:199@pbx.example.com", "sip:102@other.example", "tel:102",
                            "sip:102@pbx.example.com.evil.example", "102", "/", "", "*", "sip:1022@pbx.example.com"})
    EXPECT_FALSE(made_for(other, "sip:102@pbx.example.com")) << other;
  EXPECT_FALSE(made_for("sip:102@10.0.0.9", "sip:102@10.0.0.9:5070"));
  EXPECT_FALSE(made_for("sip:Bob@h", "sip:bob@h"));  // user parts have case
  EXPECT_FALSE(made_for("sip:other.example", "sip:pbx.example.com", "REGISTER"));
}

TEST_F(Digest, StaysBoundedAndForgottenCountsAreNeverGoodAgain) {
  std::vector<std::string> all;
  for (int i = 0; i < 10; ++i) {
    all.push_back(challenge());
    now += 10ms;
    EXPECT_EQ(verify(answer(all.back())), DigestVerdict::good);
    EXPECT_LE(server.remembered(), 3U);
  }
  EXPECT_EQ(verify(answer(all.front())), DigestVerdict::stale);
  EXPECT_EQ(verify(answer(all.back(), 2)), DigestVerdict::good);
}

TEST_F(Digest, SaysStaleInTheChallenge) {
  EXPECT_THAT(server.make_challenge(DigestAlgorithm::md5, true, now), HasSubstr("stale=true"));
  EXPECT_THAT(challenge(), Not(HasSubstr("stale")));
}

TEST(DigestAnswers, AreWholeOrNone) {
  const std::string good =
      "Digest username=\"b\\\"ob\", realm=\"r\", nonce=\"n\", uri=\"sip:a,b\", response=\"AB\", cnonce=\"c\", "
      "qop=auth, "
      "nc=0000000a";
  const auto answer = parse_digest_answer(good);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->user, "b\"ob");
  EXPECT_EQ(answer->uri, "sip:a,b");
  EXPECT_EQ(answer->response, "ab");
  EXPECT_EQ(answer->nc, 10U);
  for (const std::string part : {"username=\"b\\\"ob\", ", ", cnonce=\"c\"", ", qop=auth", ", nc=0000000a"}) {
    auto without = good;
    without.erase(without.find(part), part.size());
    EXPECT_FALSE(parse_digest_answer(without)) << part;
  }
  EXPECT_FALSE(parse_digest_answer("Basic Zm9v"));
  EXPECT_FALSE(parse_digest_answer(good + ", algorithm=MD5-sess"));
  EXPECT_FALSE(parse_digest_answer(good + ", realm=\"again\""));
  EXPECT_FALSE(parse_digest_answer(good + ", opaque=\"no end"));
}

TEST(DigestAnswers, AreFoundByRealm) {
  auto m = request("REGISTER");
  const std::string rest = "\", nonce=\"n\", uri=\"u\", response=\"ab\", cnonce=\"c\", qop=auth, nc=00000001";
  m.add_header("Authorization", "Digest username=\"a\", realm=\"other" + rest);
  m.add_header("Authorization", "Digest username=\"b\", realm=\"ours" + rest);
  EXPECT_EQ(find_digest_answer(m, "ours")->user, "b");
  EXPECT_FALSE(find_digest_answer(m, "ours", true));
}

TEST(Authorise, TakesTheStrongestChallengeAndTheRightHeader) {
  const auto notify = request("NOTIFY");
  auto refusal = make_response(notify, 401, "", "t");
  EXPECT_FALSE(authorise(notify, refusal, bob, 1, "c"));
  refusal.add_header("WWW-Authenticate", "Digest realm=\"p\", nonce=\"n\", qop=\"auth\", algorithm=SHA-512-256");
  refusal.add_header("WWW-Authenticate", "Digest realm=\"p\", nonce=\"n\", qop=\"auth\"");
  refusal.add_header("WWW-Authenticate", "Digest realm=\"p\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256");
  const auto header = authorise(notify, refusal, bob, 1, "c");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->name, "Authorization");
  EXPECT_THAT(header->value, HasSubstr("algorithm=SHA-256"));
  EXPECT_THAT(header->value, HasSubstr("uri=\"sip:101@192.0.2.1\""));
  refusal.status = 407;
  refusal.add_header("Proxy-Authenticate", "Digest realm=\"p\", nonce=\"n\", qop=\"auth\"");
  EXPECT_EQ(authorise(notify, refusal, bob, 1, "c")->name, "Proxy-Authorization");
}

}  // namespace
}  // namespace roamdesk::sip::test
