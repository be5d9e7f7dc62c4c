#include <gmock/gmock.h>

#include "common/sip/date.hpp"
#include "common/sip/via.hpp"
#include "tests/unit/sip/support.hpp"

// What phones in the field write, beside the grammar.
namespace roamdesk::sip::test {
namespace {

std::string with(std::string text, std::string_view what, std::string_view by) {
  const auto at = text.find(what);
  if (at == std::string::npos) throw std::logic_error{"isn't there: " + std::string{what}};
  return text.replace(at, what.size(), by);
}

std::string response_text(const std::string& extra = "", const std::string& start = "SIP/2.0 486 Busy Here") {
  return start +
         "\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKours;rport\r\nFrom: <sip:101@192.0.2.1>;tag=ours\r\n"
         "To: <sip:102@192.0.2.1>;tag=theirs\r\nCall-ID: c\r\nCSeq: 7 INVITE\r\n" +
         extra + "Content-Length: 0\r\n\r\n";
}

// ---- responses (RFC 3261 §8.1.3, §17.1.3)

TEST(Response, IsJudgedByTheHeadersThatItNeeds) {
  for (const auto* line : {"Contact: K\xc3\xbchl <sip:102@h>",
                           "Contact: Desk (2) <sip:102@h>",
                           "Contact: <>",
                           "Contact: 999",
                           "Contact: ,",
                           "Contact: <sip:102@h",
                           "Contact: <sip:a@h>, <",
                           "Record-Route: 1.2.3.4;lr",
                           "Route: x",
                           "garbage",
                           "X(y): z",
                           ":",
                           "Max-Forwards: 300",
                           "Max-Forwards: a",
                           "Max-Forwards: 1\r\nMax-Forwards: 2",
                           "Expires: -1",
                           "Expires: abc",
                           "Require: \xff",
                           "Date: yesterday",
                           "Content-Type: ;;",
                           "Content-Length: abc",
                           "Content-Length: -1",
                           "Warning: bla",
                           "Session-Expires: abc",
                           "RSeq: x",
                           "Via: nonsense",
                           "From: <sip:other@h>",
                           "To: nobody",
                           "CSeq: x",
                           "Call-ID: d"}) {
    const auto m = parsed(response_text(std::string{line} + "\r\n"));
    EXPECT_EQ(m.status, 486) << line;
    EXPECT_EQ(m.via.size(), 1U) << line;
    EXPECT_EQ(m.via.front().branch(), "z9hG4bKours") << line;
    EXPECT_EQ(m.from.tag(), "ours") << line;
    EXPECT_EQ(m.to.tag(), "theirs") << line;
    EXPECT_EQ(m.cseq, (CSeq{7, "INVITE"})) << line;
    EXPECT_EQ(m.call_id, "c") << line;
  }
}

TEST(Response, KeepsWhatCanBeReadBesideWhatCannot) {
  const auto m = parsed(response_text("Contact: <sip:1@h>, <>, K\xc3\xbchl <sip:2@h>;q=0.5, sip:3@h;x=y\r\n"));
  ASSERT_EQ(m.contact.size(), 3U);
  EXPECT_EQ(m.contact[1].uri.user, "2");
  EXPECT_EQ(m.contact[1].display, "K\xc3\xbchl");
  EXPECT_EQ(m.contact[1].params.find("q"), "0.5");
}

TEST(Response, NeedsOnlyTheTagsOfFromAndTo) {
  for (const auto* to :
       {"K\xc3\xbchl <sip:102@h>;tag=theirs", "\"Desk <sip:102@h>;tag=theirs", "Desk (2) <sip:102@h>;tag=theirs",
        "<>;tag=theirs", "sip:@h;tag=theirs", "nobody;tag=theirs", ";tag=theirs", "<sip:a b@h>;x;TAG=theirs",
        "<sip:102@h>;x=\"y;tag=theirs", "<sip:102@h> junk ;tag=theirs"}) {
    const auto m = parsed(with(response_text(), "<sip:102@192.0.2.1>;tag=theirs", to));
    EXPECT_EQ(m.to.tag(), "theirs") << to;
  }
}

TEST(Response, WithoutWhatItNeedsIsNone) {
  for (const auto* needed :
       {"Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKours;rport\r\n", "Call-ID: c\r\n", "CSeq: 7 INVITE\r\n"}) {
    EXPECT_FALSE(parse(with(response_text(), needed, "")));
  }
  EXPECT_FALSE(parse(with(response_text(), "CSeq: 7 INVITE", "CSeq: seven INVITE")));
  EXPECT_FALSE(parse(with(response_text(), "Via: SIP/2.0/UDP 192.0.2.1:5060", "Via: nonsense")));
}

TEST(Response, EndsItsTransactionWhateverElseItSays) {
  Bench bench;
  bench.layer.send_request(bench.flow, outgoing("INVITE"), Owner{}, bench.now);
  const auto invite = parsed(bench.sent().front());
  auto answer = serialise(make_response(invite, 486, "", "theirs"));
  answer = with(answer, "Content-Length", "Contact: K\xc3\xbchl <>\r\ngarbage\r\nContent-Length");
  answer = with(answer, "To: <sip:101@192.0.2.1>", "To: R\xc3\xb6om <>");
  bench.receive(parsed(answer));
  const auto acks = bench.messages();
  ASSERT_EQ(acks.size(), 1U);
  EXPECT_EQ(acks.front().method, "ACK");
  EXPECT_EQ(acks.front().to.tag(), "theirs");
  EXPECT_EQ(bench.expect<ResponseReceived>().response.status, 486);
}

TEST(Response, MayHaveItsStartLineInAnyCaseAndWithMoreBlanks) {
  for (const auto* start : {"sip/2.0 486 Busy Here", "SIP/2.0  486 Busy Here", "SIP/2.0 486", "SIP/2.0 486 "})
    EXPECT_EQ(parsed(response_text("", start)).status, 486) << start;
  for (const auto* start : {"SIP/2.0 4860 x", "SIP/2.0 86 x", "SIP/3.0 486 x", "SIP/2.0486 x", "SIP/2.0 48x"})
    EXPECT_FALSE(parse(response_text("", start))) << start;
}

// ---- requests (RFC 3261 §8.2.2)

TEST(Request, IsTakenWithANameThatLacksItsQuotes) {
  struct {
    const char *written, *name;
  } const names[] = {{"K\xc3\xbchl B\xc3\xbcro", "K\xc3\xbchl B\xc3\xbcro"},
                     {"Room (2)", "Room (2)"},
                     {"Desk 1/2", "Desk 1/2"},
                     {"Ext: 101", "Ext: 101"},
                     {"bob@home", "bob@home"},
                     {"Bell, Alexander", "Bell, Alexander"},
                     {"\"Not closed", "Not closed"},
                     {"a < b", "a < b"},
                     {"a;b", "a;b"},
                     {"<x>", "<x>"},
                     {"\"\"", ""}};
  for (const auto& [written, name] : names)
    for (const auto* header : {"From: \"Ann\" <sip:102@192.0.2.1>", "To: <sip:101@192.0.2.1>"}) {
      const auto from = std::string_view{header}.starts_with("From");
      const auto text = with(request_text("REGISTER"), header,
                             from ? "From: " + std::string{written} + " <sip:102@192.0.2.1>"
                                  : "To: " + std::string{written} + " <sip:101@192.0.2.1>");
      const auto m = parsed(text);
      EXPECT_EQ(from ? m.from.display : m.to.display, name) << written;
      EXPECT_EQ(from ? m.from.uri.user : m.to.uri.user, from ? "102" : "101") << written;
      EXPECT_EQ(m.from.tag(), "f1") << written;
      EXPECT_EQ(parsed(serialise(m)), m) << written;
    }
}

TEST(Request, IsTakenAndItsFromRepeatedWhereThatHasNoUri) {
  for (const auto* from : {"<>", "sip:@host", "nobody", "<sip:>", "<101>", "\"Ann\"", "<sip:102@192.0.2.1"}) {
    const auto m = parsed(with(request_text("INVITE"), "\"Ann\" <sip:102@192.0.2.1>", from));
    EXPECT_EQ(m.from.tag(), "f1") << from;
    const auto answer = serialise(make_response(m, 200, "", "t"));
    EXPECT_THAT(answer, testing::HasSubstr("From: " + std::string{from} + ";tag=f1\r\n"));
    EXPECT_EQ(parsed(serialise(m)), m) << from;
  }
}

TEST(Request, ToRegisterWithoutAReadableToOrContactIsAnswered400) {
  for (const auto* broken : {"To: <>", "To: sip:@host", "To: nobody"}) {
    const auto result = parse(with(request_text("REGISTER"), "To: <sip:101@192.0.2.1>", broken));
    ASSERT_FALSE(result) << broken;
    ASSERT_TRUE(result.error().answerable) << broken;
    EXPECT_THAT(serialise(make_response(*result.error().answerable, 400, "", "t")),
                testing::HasSubstr(std::string{broken} + ";tag=t\r\n"));
  }
  for (const auto* contact : {"<>", "sip:@h", "<sip:a@h>, <>", "*, <sip:a@h>", "<sip:a@h"}) {
    const auto result = parse(with(request_text("REGISTER"), "<sip:102@10.0.0.9:5062>", contact));
    EXPECT_TRUE(result.has_error() && result.error().answerable) << contact;
  }
}

TEST(Request, IsAnswered400WithItsHeadersAsTheyCame) {
  struct {
    const char *written, *broken;
  } const forms[] = {
      {"Via: SIP/2.0/UDP 10.0.0.9:5062;branch=z9hG4bKone;rport", "Via: SIP/2.0/UDP 10.0.0.9:99999;branch=z9hG4bKone"},
      {"CSeq: 7 OPTIONS", "CSeq: 99999999999 OPTIONS"},
      {"CSeq: 7 OPTIONS", "CSeq: OPTIONS"},
      {"Call-ID: c1@10.0.0.9", "Call-ID: c1 10.0.0.9"}};
  for (const auto& [written, broken] : forms) {
    const auto result = parse(with(request_text("OPTIONS"), written, broken));
    ASSERT_FALSE(result) << broken;
    ASSERT_TRUE(result.error().answerable) << broken;
    EXPECT_THAT(serialise(make_response(*result.error().answerable, 400, "", "t")),
                testing::HasSubstr(std::string{broken} + "\r\n"));
  }
}

TEST(Request, IsTakenWhateverItsOtherHeadersAre) {
  for (const auto* line :
       {"garbage line", "X(y): z", ": x", "X-Empty:", "Max-Forwards: 256", "Max-Forwards: x", "Route: sip:h;lr",
        "Record-Route: x", "Expires: -1", "Date: now", "Contact: <>", "Subject: Gr\xfc\xdf"})
    EXPECT_EQ(parsed(request_text("OPTIONS", "z9hG4bK1", std::string{line} + "\r\n")).method, "OPTIONS") << line;
}

TEST(Request, MayHaveParametersOfNothingInItsVia) {
  for (const auto* via : {"SIP/2.0/UDP h;alias;i=1;;branch=z9hG4bK1", "SIP/2.0/UDP h;;branch=z9hG4bK1;",
                          "SIP/2.0/UDP h ; ; branch=z9hG4bK1"})
    EXPECT_EQ(parsed(with(request_text("OPTIONS"), "SIP/2.0/UDP 10.0.0.9:5062;branch=z9hG4bKone;rport", via))
                  .via.front()
                  .branch(),
              "z9hG4bK1");
}

TEST(Request, MayWriteTheVersionInLowerCase) {
  const auto m = parsed(with(request_text("OPTIONS"), "SIP/2.0\r\n", "sip/2.0\r\n"));
  EXPECT_EQ(m.method, "OPTIONS");
  EXPECT_EQ(parsed(with(request_text("OPTIONS"), "SIP/2.0/UDP", "sip/2.0/udp")).via.front().branch(), "z9hG4bKone");
}

TEST(Request, WithAFoldedStartLineIsAnswered400) {
  const auto result = parse(with(request_text("OPTIONS"), " SIP/2.0\r\n", "\r\n SIP/2.0\r\n"));
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().answerable);
}

// ---- where answers go (RFC 3261 §18.2.2, RFC 3581 §4)

TEST(Answers, GoToThePortOfTheViaWhereThereIsNoRport) {
  const Endpoint source = *parse_endpoint("192.0.2.7:49152");
  const auto port = [&](const std::string& via, const std::string& lines_before = "") {
    const auto to = answers_to("OPTIONS sip:a SIP/2.0\r\n" + lines_before + via + "\r\nFrom: x\r\n\r\n", source);
    EXPECT_EQ(to.address, source.address);
    return to.port;
  };
  EXPECT_EQ(port("Via: SIP/2.0/UDP 192.0.2.7:5062;branch=z9hG4bK1"), 5062);
  EXPECT_EQ(port("Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1"), 5060);
  EXPECT_EQ(port("v: SIP / 2.0 / UDP host.example : 5064"), 5064);
  EXPECT_EQ(port("VIA: SIP/2.0/UDP 192.0.2.7:5062\r\n ;branch=z9hG4bK1"), 5062);
  EXPECT_EQ(port("Via: SIP/2.0/UDP 192.0.2.7:5062;branch=x, SIP/2.0/UDP 192.0.2.9:5070;rport"), 5062);
  EXPECT_EQ(port("Via: SIP/2.0/UDP 192.0.2.7:5062", "X-Via: y\r\nSubject: Via: z;rport\r\n"), 5062);
  EXPECT_EQ(port("Via: SIP/2.0/UDP 192.0.2.7:5062;rport"), 49152);
  EXPECT_EQ(port("Via: SIP/2.0/UDP 192.0.2.7:5062\r\n ;RPORT=1"), 49152);
  EXPECT_EQ(port("Via: SIP/2.0/UDP 192.0.2.7:5062 ; rport ;branch=x"), 49152);
  EXPECT_EQ(port("Via: SIP/2.0/UDP 192.0.2.7:5062;rports;branch=x;rporty=1"), 5062);
  EXPECT_EQ(port("Via: SIP/2.0/UDP 192.0.2.7:5062;x=\";rport;\";branch=x"), 5062);
  // A sender can't have answers sent to others.
  EXPECT_EQ(port("Via: SIP/2.0/UDP 203.0.113.5:5062;maddr=203.0.113.6;received=203.0.113.7"), 5062);
  // What can't be read is answered where it came from.
  EXPECT_EQ(port("Via: SIP/2.0/UDP h:99999"), 49152);
  EXPECT_EQ(port("Via: nonsense"), 49152);
  EXPECT_EQ(port("Via-less: x"), 49152);
  EXPECT_EQ(answers_to("", source), source);
  EXPECT_EQ(answers_to("OPTIONS", source), source);
  EXPECT_EQ(answers_to("OPTIONS sip:a SIP/2.0\r\nVia", source), source);
  EXPECT_EQ(answers_to("OPTIONS sip:a SIP/2.0\r\n\r\nVia: SIP/2.0/UDP h:1\r\n", source), source);
  EXPECT_EQ(answers_to(response_text(), source), source);
}

TEST(Answers, SayWhereTheRequestCameFrom) {
  const Endpoint source = *parse_endpoint("192.0.2.7:49152");
  const auto stamped = [&](const std::string& params, const std::string& host = "192.0.2.7") {
    Via via;
    via.host = host;
    if (params == "rport") via.params.set("rport");
    if (params == "received") via.params.set("received", "203.0.113.7");
    stamp(via, source);
    return to_string(via);
  };
  EXPECT_EQ(stamped("rport"), "SIP/2.0/UDP 192.0.2.7;rport=49152;received=192.0.2.7");
  EXPECT_EQ(stamped(""), "SIP/2.0/UDP 192.0.2.7");
  EXPECT_EQ(stamped("", "pc.example"), "SIP/2.0/UDP pc.example;received=192.0.2.7");
  const auto parsed_via = [](const std::string& host) {
    Via via;
    via.host = host;
    return via;
  };
  const Endpoint six = *parse_endpoint("[2001:db8::9]:49152");
  for (const auto* same : {"[2001:db8::9]", "[2001:DB8:0::9]"}) {
    Via via = parsed_via(same);
    stamp(via, six);
    EXPECT_FALSE(via.params.has("received")) << same << " is its address in another spelling (RFC 5118 §4.1)";
  }
  Via other = parsed_via("[2001:db8::8]");
  stamp(other, six);
  EXPECT_EQ(other.params.find("received"), "2001:db8::9") << "without brackets (RFC 5118 §4.5)";
  EXPECT_EQ(stamped("received"), "SIP/2.0/UDP 192.0.2.7;received=192.0.2.7");
}

TEST(Date, IsAsRfc1123WritesIt) {
  using namespace std::chrono;
  EXPECT_EQ(date(sys_days{2010y / November / 13} + 23h + 29min), "Sat, 13 Nov 2010 23:29:00 GMT");
  EXPECT_EQ(date(sys_days{2027y / January / 1} + 1s + 999ms), "Fri, 01 Jan 2027 00:00:01 GMT");
}

}  // namespace
}  // namespace roamdesk::sip::test
