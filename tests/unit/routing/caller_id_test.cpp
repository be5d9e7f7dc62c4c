#include "exchange/routing/caller_id.hpp"

#include <gmock/gmock.h>

#include "common/sip/parse.hpp"

namespace roamdesk::routing {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CallerId : public testing::Test {
 protected:
  CallerId() {
    trunk.name = "provider";
    trunk.domain = "sip.example.org";
    trunk.user = "4930555";
    trunk.country = "DE";
    trunk.area_code = "30";
    trunk.main_number = "+4930555000";
    alice.number = ExtensionNumber{"101"};
    alice.name = "Alice";
    alice.outside_number = "+4930555101";
  }
  ShownCaller shown(const OutsideCaller& caller, const std::vector<Identity>& forwarders = {}) const {
    return shown_caller(trunk, caller, forwarders, "+491701234567");
  }
  static std::string from_of(const ShownCaller& shown) { return to_string(shown.from); }
  static std::vector<std::string> headers_of(const ShownCaller& shown) {
    std::vector<std::string> all;
    for (const auto& [name, value] : shown.headers) all.push_back(name + ": " + value);
    return all;
  }
  static sip::Message invite(const std::string& from, const std::string& headers = "") {
    const auto parsed = sip::parse(
        "INVITE sip:+4930555101@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa\r\nFrom: " + from +
        ";tag=a\r\nTo: <sip:+4930555101@sip.example.org>\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\n" + "Max-Forwards: 70\r\n" +
        headers + "Content-Length: 0\r\n\r\n");
    return *parsed;
  }

  Trunk trunk;
  Extension alice;
  const Identity outside{"+33142685300", "Zoé"}, bob{"+4930555102", "Bob"};
};

TEST_F(CallerId, IsThePersonsNumberElseTheMainNumber) {
  EXPECT_EQ(from_of(shown(caller_of(alice, false))), "\"Alice\" <sip:+4930555101@sip.example.org>");
  EXPECT_THAT(headers_of(shown(caller_of(alice, false))), IsEmpty());
  alice.outside_number.clear();
  EXPECT_EQ(from_of(shown(caller_of(alice, false))), "\"Alice\" <sip:+4930555000@sip.example.org>");
  trunk.main_number.clear();
  EXPECT_EQ(from_of(shown(caller_of(alice, false))), "\"Alice\" <sip:101@sip.example.org>");
}

TEST_F(CallerId, OfACallForHelpIsTheCallbackNumberOrWhatTheProviderKnowsThePlaceBy) {
  const auto help = [&](const std::string& from_id) { return shown_for_help(trunk, "+4930555500", from_id, "112"); };
  EXPECT_EQ(from_of(help("")), "<sip:+4930555500@sip.example.org>");
  EXPECT_EQ(from_of(help("FXDSTR-7")), "<sip:FXDSTR-7@sip.example.org>");
  EXPECT_THAT(headers_of(help("FXDSTR-7")), IsEmpty());
  trunk.shown = IdentityHeader::p_asserted;
  EXPECT_THAT(headers_of(help("FXDSTR-7")), ElementsAre("P-Asserted-Identity: <sip:FXDSTR-7@sip.example.org>"));
  trunk.shown = IdentityHeader::remote_party_id;
  EXPECT_THAT(headers_of(help("FXDSTR-7")),
              ElementsAre("Remote-Party-ID: <sip:FXDSTR-7@sip.example.org>;party=calling;privacy=off"));
  // The id stands somewhere, also where From is the account's.
  trunk.from_is_account = true;
  trunk.shown = IdentityHeader::none;
  EXPECT_EQ(from_of(help("FXDSTR-7")), "<sip:4930555@sip.example.org>");
  EXPECT_THAT(headers_of(help("FXDSTR-7")), ElementsAre("P-Asserted-Identity: <sip:FXDSTR-7@sip.example.org>"));
  // One that could end the address is none: the call goes out all the same.
  trunk.from_is_account = false;
  for (const char* bad : {"a\r\nX: y", "a>b", "a\"b", "a@b", "a;b", " a"})
    EXPECT_EQ(from_of(help(bad)), "<sip:+4930555500@sip.example.org>") << bad;
}

TEST_F(CallerId, IsWrittenAsTheTrunkWantsIt) {
  const std::pair<NumberForm, const char*> forms[] = {{NumberForm::plus, "+4930555101"},
                                                      {NumberForm::double_zero, "004930555101"},
                                                      {NumberForm::bare, "4930555101"},
                                                      {NumberForm::national, "030555101"},
                                                      {NumberForm::as_dialled, "+4930555101"}};
  for (const auto& [form, user] : forms) {
    trunk.caller = form;
    EXPECT_EQ(shown(caller_of(alice, false)).from.uri.user, user);
  }
}

TEST_F(CallerId, StandsInTheHeaderThatTheTrunkReads) {
  const std::pair<IdentityHeader, std::string> headers[] = {
      {IdentityHeader::p_asserted, "P-Asserted-Identity: \"Alice\" <sip:+4930555101@sip.example.org>"},
      {IdentityHeader::p_preferred, "P-Preferred-Identity: \"Alice\" <sip:+4930555101@sip.example.org>"},
      {IdentityHeader::remote_party_id,
       "Remote-Party-ID: \"Alice\" <sip:+4930555101@sip.example.org>;party=calling;privacy=off"}};
  trunk.from_is_account = true;
  for (const auto& [header, value] : headers) {
    trunk.shown = header;
    EXPECT_EQ(from_of(shown(caller_of(alice, false))), "\"Alice\" <sip:4930555@sip.example.org>");
    EXPECT_THAT(headers_of(shown(caller_of(alice, false))), ElementsAre(value));
  }
}

TEST_F(CallerId, IsHiddenByTheRecordOrTheCallsWish) {
  trunk.shown = IdentityHeader::p_asserted;
  for (const bool record : {false, true}) {
    alice.hide_number = record;
    const ShownCaller hidden = shown(caller_of(alice, !record));
    EXPECT_EQ(from_of(hidden), "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
    EXPECT_THAT(headers_of(hidden),
                ElementsAre("P-Asserted-Identity: \"Alice\" <sip:+4930555101@sip.example.org>", "Privacy: id"));
  }
  trunk.from_is_account = true;
  EXPECT_EQ(from_of(shown(caller_of(alice, true))), "\"Anonymous\" <sip:4930555@sip.example.org>");
  trunk.shown = IdentityHeader::remote_party_id;
  EXPECT_THAT(headers_of(shown(caller_of(alice, true))), testing::Contains(HasSubstr("privacy=full")));
  trunk.shown = IdentityHeader::none;
  EXPECT_THAT(headers_of(shown(caller_of(alice, true))), ElementsAre("Privacy: id"));
}

TEST_F(CallerId, OfACallThatIsSentOnIsTheCallersWhereTheTrunkTakesIt) {
  const OutsideCaller zoe{false, outside, false};
  EXPECT_EQ(shown(zoe, {bob}).from.uri.user, "+4930555102") << "a number that isn't ours would be refused";
  EXPECT_EQ(shown(zoe, {bob}).from.display, "Zoé");
  trunk.any_caller = true;
  EXPECT_EQ(shown(zoe, {bob}).from.uri.user, "+33142685300");
  EXPECT_THAT(headers_of(shown(zoe, {bob})), IsEmpty());
  trunk.forwarded = ForwardedBy::replace_caller;
  EXPECT_EQ(shown(zoe, {bob}).from.uri.user, "+4930555102");
  EXPECT_EQ(shown(caller_of(alice, false), {bob}).from.uri.user, "+4930555102");
  trunk.any_caller = false;
  EXPECT_EQ(shown(zoe, {{"102", "Bob"}}).from.uri.user, "+4930555000") << "who sends it on has no number";
}

TEST_F(CallerId, SaysWhoSentACallOnAsTheTrunkWantsIt) {
  trunk.any_caller = true;
  const OutsideCaller zoe{false, outside, false};
  const Identity carol{"+4930555103", ""};
  trunk.forwarded = ForwardedBy::diversion;
  EXPECT_THAT(headers_of(shown(zoe, {bob, carol})),
              ElementsAre("Diversion: \"Bob\" <sip:+4930555102@sip.example.org>;reason=unconditional",
                          "Diversion: <sip:+4930555103@sip.example.org>;reason=unconditional"));
  trunk.forwarded = ForwardedBy::history_info;
  EXPECT_THAT(headers_of(shown(zoe, {bob, carol})),
              ElementsAre("History-Info: <sip:+4930555103@sip.example.org>;index=1, "
                          "<sip:+4930555102@sip.example.org;cause=302>;index=1.1, "
                          "<sip:+491701234567@sip.example.org;cause=302>;index=1.1.1"));
  EXPECT_THAT(headers_of(shown(zoe)), IsEmpty());
}

TEST_F(CallerId, OfATrunkIsFromAndOfATrustedOneItsAssertion) {
  const std::string asserted = "P-Asserted-Identity: \"Real\" <sip:+4989123456@sip.example.org>\r\n";
  const sip::Message said = invite("\"Forged\" <sip:+4930999999@sip.example.org>", asserted);
  EXPECT_EQ(caller_from(trunk, said).identity.number, "+4930999999");
  trunk.trusted = true;
  EXPECT_EQ(caller_from(trunk, said).identity.number, "+4989123456");
  EXPECT_EQ(caller_from(trunk, said).identity.name, "Real");
  EXPECT_FALSE(caller_from(trunk, said).ours);
  const std::pair<const char*, const char*> others[] = {
      {"P-Preferred-Identity: <tel:+4989-123456>\r\n", "+4989123456"},
      {"Remote-Party-ID: <sip:089123456@x.example>;party=calling;privacy=off\r\n", "+4989123456"},
      {"P-Asserted-Identity: nonsense\r\n", "+4930999999"},
      {"", "+4930999999"}};
  for (const auto& [headers, number] : others)
    EXPECT_EQ(caller_from(trunk, invite("<sip:+4930999999@x.example>", headers)).identity.number, number) << headers;
}

TEST_F(CallerId, OfATrunkIsReadInEveryForm) {
  for (const char* user : {"+4989123456", "004989123456", "4989123456", "089123456", "%2B4989123456", "+49-89-123456"})
    EXPECT_EQ(caller_from(trunk, invite("<sip:" + std::string(user) + "@x.example>")).identity.number, "+4989123456")
        << user;
  EXPECT_EQ(caller_from(trunk, invite("<sip:alice@x.example>")).identity.number, "");
}

TEST_F(CallerId, OfATrunkThatIsHiddenIsNotShown) {
  trunk.trusted = true;
  const std::string asserted = "P-Asserted-Identity: \"Real\" <sip:+4989123456@sip.example.org>\r\n";
  for (const sip::Message& said :
       {invite("\"Anonymous\" <sip:anonymous@anonymous.invalid>"), invite("<sip:+4989123456@x>", "Privacy: id\r\n"),
        invite("<sip:+4989123456@x>", asserted + "Privacy: user;id\r\n"),
        invite("<sip:+4989123456@x>", "Remote-Party-ID: <sip:+4989123456@x>;privacy=full\r\n")}) {
    const OutsideCaller caller = caller_from(trunk, said);
    EXPECT_TRUE(caller.hidden);
    EXPECT_EQ(caller.identity.number + caller.identity.name, "");
  }
  EXPECT_FALSE(caller_from(trunk, invite("<sip:+4989123456@x>", "Privacy: none\r\n")).hidden);
}

TEST_F(CallerId, ACallThatWasSentOnOftenSaysSo) {
  EXPECT_EQ(times_forwarded(invite("<sip:a@x>")), 0u);
  EXPECT_EQ(times_forwarded(invite("<sip:a@x>", "Diversion: <sip:1@x>, <sip:2@x>\r\nDiversion: <sip:3@x>\r\n")), 3u);
  EXPECT_EQ(times_forwarded(invite("<sip:a@x>", "History-Info: <sip:1@x>;index=1, <sip:2@x>;index=1.1.1\r\n")), 2u);
  EXPECT_EQ(times_forwarded(invite("<sip:a@x>", "History-Info: index=index=\r\nDiversion: ,\r\n")), 2u);
}

}  // namespace
}  // namespace roamdesk::routing
