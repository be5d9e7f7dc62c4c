#include "common/sip/parse.hpp"

#include <gmock/gmock.h>

#include "common/sip/stream_framer.hpp"
#include "common/sip/text.hpp"
#include "tests/unit/sip/support.hpp"

namespace roamdesk::sip::test {
namespace {

using testing::ElementsAre;

ParseFault fault_of(std::string_view bytes, const ParseLimits& limits = {}) {
  const auto result = parse(bytes, limits);
  return result ? ParseFault{} : result.error().fault;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  text.replace(text.find(what), what.size(), with);
  return text;
}

// An address that can't be read is echoed; who reads the echo must not find one in it.
TEST(Parse, WhatIsWrittenOfAnAddressMeansTheSameAgain) {
  for (const char* to :
       {"sip:a@example.com;te.org>b 192.0.2.15;;,;,,", "sip:a@example.com;x>", "sip:a@example.com;x> y;tag=2",
        "sip:a@example.com;x=\"<\">;tag=3", "sip:a@example.com;x=\">;tag=4", "sip:a@example.com?s=1;x>;tag=5",
        "Ann <;x> sip:a@example.com;tag=6", "<sip:a@example.com;tag=7", ">;tag=8", "", "sip:a@example.com ;tag=9"}) {
    // A response, since requests with most of these are refused.
    const auto request = replaced(request_text("INVITE", "z9hG4bKone"), "To: ", "To: " + std::string{to} + "\r\nX: ");
    const auto first = parse("SIP/2.0 200 OK" + request.substr(request.find("\r\n")));
    ASSERT_TRUE(first) << to;
    const auto again = parse(serialise(*first));
    ASSERT_TRUE(again) << to;
    EXPECT_EQ(again->to, first->to) << to;
  }
}

TEST(Parse, ReadsWhatRoutingNeedsAndKeepsTheRest) {
  const auto m = parsed(request_text("INVITE", "z9hG4bKone",
                                     "Route: <sip:a;lr>, <sip:b;lr>\r\nMax-Forwards: 69\r\nExpires: 60\r\n"
                                     "X-Thing: one,\r\n two\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n") +
                        "hi and more");
  EXPECT_EQ(m.method, "INVITE");
  EXPECT_EQ(m.request_uri.user, "101");
  EXPECT_EQ(m.via.front().branch(), "z9hG4bKone");
  EXPECT_EQ(m.from.display, "Ann");
  EXPECT_EQ(m.from.tag(), "f1");
  EXPECT_EQ(m.cseq, (CSeq{7, "INVITE"}));
  EXPECT_EQ(m.route.size(), 2U);
  EXPECT_EQ(m.max_forwards, 69);
  EXPECT_EQ(m.expires, 60U);
  EXPECT_EQ(m.header("x-thing"), "one, two");
  EXPECT_EQ(m.content_type, "text/plain");
  EXPECT_EQ(m.body, "hi");
}

TEST(Parse, SpellsCompactFormsOut) {
  const auto m = parsed(
      "NOTIFY sip:101@192.0.2.1 SIP/2.0\r\nv: SIP/2.0/UDP 10.0.0.9\r\nf: <sip:a@b>;tag=1\r\nt: <sip:c@d>\r\ni: x\r\n"
      "CSeq: 1 NOTIFY\r\nm: <sip:a@10.0.0.9>\r\no: dialog\r\nk: 100rel\r\nc: text/plain\r\nl: 2\r\n\r\nhi");
  EXPECT_EQ(m.header("Event"), "dialog");
  EXPECT_TRUE(m.lists("Supported", "100rel"));
  EXPECT_EQ(m.contact.size(), 1U);
  EXPECT_EQ(m.body, "hi");
}

TEST(Parse, TakesSnomsPlugAndPlaySubscribe) {
  // No branch, no Max-Forwards, as captured from snom's PnP (reference/provisioning.md).
  const auto m = parsed(
      "SUBSCRIBE sip:MAC%3a000413261234@224.0.1.75 SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.10.178:1024;rport\r\n"
      "From: <sip:MAC%3a000413261234@224.0.1.75>;tag=1353419\r\nTo: <sip:MAC%3a000413261234@224.0.1.75>\r\n"
      "Call-ID: 1353419@192.168.10.178\r\nCSeq: 1 SUBSCRIBE\r\n"
      "Event: ua-profile;profile-type=\"device\";vendor=\"snom\";model=\"snom320\";version=\"7.1.24\"\r\n"
      "Expires: 0\r\nAccept: application/url\r\nContact: <sip:192.168.10.178:1024>\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(unescape(m.request_uri.user), "MAC:000413261234");
  EXPECT_EQ(m.expires, 0U);
  EXPECT_EQ(m.via.front().branch(), "");
}

TEST(Parse, SaysWhichFaultItIs) {
  const auto good = request_text("OPTIONS");
  EXPECT_EQ(fault_of(good), ParseFault{});
  EXPECT_EQ(fault_of(""), ParseFault::keepalive);
  EXPECT_EQ(fault_of("GET / HTTP/1.1\r\n\r\n"), ParseFault::not_sip);
  EXPECT_EQ(fault_of("\x01\x02\x03"), ParseFault::not_sip);
  EXPECT_EQ(fault_of(replaced(good, "SIP/2.0\r\n", "SIP/3.0\r\n")), ParseFault::bad_version);
  EXPECT_EQ(fault_of(replaced(good, "CSeq: 7 OPTIONS", "CSeq: 7 INFO")), ParseFault::malformed);
  EXPECT_EQ(fault_of(replaced(good, "CSeq: 7", "CSeq: 4294967296")), ParseFault::malformed);
  EXPECT_EQ(fault_of(replaced(good, "Call-ID: c1@10.0.0.9\r\n", "")), ParseFault::malformed);
  EXPECT_EQ(fault_of(request_text("OPTIONS", "z9hG4bK1", "Content-Length: 5\r\n") + "four"), ParseFault::truncated);
  EXPECT_EQ(fault_of(request_text("OPTIONS", "z9hG4bK1", "To: <sip:b@c>\r\n")), ParseFault::malformed);
}

TEST(Parse, GivesAFaultyRequestBackSoThatItCanBeAnswered) {
  const auto result = parse(replaced(request_text("OPTIONS"), "CSeq: 7 OPTIONS", "CSeq: 7 INFO"));
  ASSERT_FALSE(result);
  ASSERT_TRUE(result.error().answerable);
  EXPECT_EQ(make_response(*result.error().answerable, 400, "", "t").via.front().branch(), "z9hG4bKone");
  EXPECT_FALSE(parse(replaced(request_text("ACK"), "CSeq: 7 ACK", "CSeq: 7 INFO")).error().answerable);
}

// ---- guards: each of these fails when its guard is taken away

TEST(Guards, RefuseWhatIsTooLarge) {
  const auto padded = [](std::size_t size) {
    auto text = request_text("OPTIONS", "z9hG4bK1", "X: ");
    return replaced(text, "X: ", "X: " + std::string(size - text.size(), 'x'));
  };
  EXPECT_EQ(fault_of(padded(16 * 1024)), ParseFault{});
  EXPECT_EQ(fault_of(padded(16 * 1024 + 1)), ParseFault::too_large);
}

TEST(Guards, RefuseTooManyHeaderLines) {
  // sofia-sip's parser takes quadratic time for them: 1.38 s for 64 KB (reference/sofia.md §5).
  const auto with = [](std::size_t lines) {
    std::string extra;
    for (std::size_t i = 0; i < lines; ++i) extra += "a:b\r\n";
    return request_text("OPTIONS", "z9hG4bK1", extra);
  };
  EXPECT_EQ(fault_of(with(150)), ParseFault{});
  EXPECT_EQ(fault_of(with(200)), ParseFault::too_many_headers);
  EXPECT_EQ(fault_of(with(12'000), {64 * 1024, 200}), ParseFault::too_many_headers);
}

TEST(Guards, CountFoldedLinesAsLines) {
  std::string extra = "X: a\r\n";
  for (int i = 0; i < 200; ++i) extra += " b\r\n";
  EXPECT_EQ(fault_of(request_text("OPTIONS", "z9hG4bK1", extra)), ParseFault::too_many_headers);
}

TEST(Guards, RefuseControlCharactersInTheHeaderPartOfARequestWith400) {
  // A lone CR is a line end to some phones' parsers: what follows it would be a header of its own choice there.
  for (const auto* bad : {"\r", "\r\r", "\v", "\f", "\x01", "\x1b", "\x7f"})
    for (const auto* name : {"Subject", "X-Anything", "From", "Contact", "Alert-Info", "Bad name", "Content-Type"}) {
      const auto text = request_text("INFO", "z9hG4bK1", std::string{name} + ": a" + bad + "Alert-Info: b\r\n");
      const auto result = parse(text);
      ASSERT_FALSE(result) << name;
      EXPECT_EQ(result.error().fault, ParseFault::control_character) << name;
      ASSERT_TRUE(result.error().answerable) << name;
      for (const char c : serialise(make_response(*result.error().answerable, 400, "", "t")))
        EXPECT_TRUE(!is_control(c) || c == '\r' || c == '\n');
    }
  const std::string nul(1, '\0');
  EXPECT_EQ(fault_of(request_text("OPTIONS", "z9hG4bK1", "X: a" + nul + "b\r\n")), ParseFault::control_character);
  EXPECT_EQ(fault_of(replaced(request_text("OPTIONS"), "\"Ann\"", "\"A\rnn\"")), ParseFault::control_character);
  EXPECT_EQ(fault_of(replaced(request_text("OPTIONS"), "c1@10.0.0.9\r\n", "c1\r@10.0.0.9\r\n")),
            ParseFault::control_character);
  // Tabs, folded lines, UTF-8 and bodies are none of it.
  EXPECT_EQ(parsed(request_text("OPTIONS", "z9hG4bK1", "Subject:\ta\tb\r\n\tc\r\n")).header("Subject"), "a\tb c");
  EXPECT_EQ(parsed(request_text("OPTIONS", "z9hG4bK1", "Subject: Gr\xc3\xbc\xc3\x9f\xc2\x85\r\n")).headers.size(), 1U);
  EXPECT_EQ(parsed(request_text("OPTIONS") + "a" + nul + "\rb").body.size(), 4U);
}

TEST(Guards, PassNoControlCharacterOfAResponseOn) {
  const auto m = parsed(
      "SIP/2.0 486 Busy\rAlert-Info: x\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: \"A\rX: y\" <sip:a@b>;tag=1\r\n"
      "To: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nWarning: 399 h \"a\rAlert-Info: z\"\r\nReason: "
      "Q.850\r\n\r\n");
  EXPECT_EQ(m.reason, "Busy Alert-Info: x");
  EXPECT_FALSE(m.header("Warning"));
  EXPECT_EQ(m.header("Reason"), "Q.850");
  EXPECT_EQ(m.from.display, "A X: y");
}

TEST(Guards, EndTheHeaderPartAtTheFirstEmptyLine) {
  for (const auto* end : {"\n\n", "\r\n\r\n", "\n\r\n"}) {
    auto text = request_text("OPTIONS");
    text = text.substr(0, text.size() - 4) + end + "X-Smuggled: 1\r\n\r\nbody";
    const auto m = parsed(text);
    EXPECT_FALSE(m.header("X-Smuggled"));
    EXPECT_EQ(m.body, "X-Smuggled: 1\r\n\r\nbody");
  }
}

TEST(Guards, BoundLists) {
  std::string via, contacts = "Contact: <sip:a@b>";
  for (int i = 0; i < 64; ++i) via += "SIP/2.0/UDP h;branch=z9hG4bK,";
  for (int i = 0; i < 32; ++i) contacts += ",<sip:a@b>";
  EXPECT_EQ(fault_of(request_text("OPTIONS", "z9hG4bK1", "Via: " + via + "SIP/2.0/UDP h\r\n")), ParseFault::malformed);
  EXPECT_EQ(fault_of(request_text("REGISTER", "z9hG4bK1", contacts + "\r\n")), ParseFault::malformed);
  EXPECT_LE(parsed(request_text("OPTIONS", "z9hG4bK1", contacts + "\r\n")).contact.size(), 32U);
  // Each is looked for among those before it.
  std::string params = "<sip:a@b>";
  for (int i = 0; i < 65; ++i) params += ";p" + std::to_string(i);
  EXPECT_EQ(fault_of(request_text("REGISTER", "z9hG4bK1", "Contact: " + params + "\r\n")), ParseFault::malformed);
}

TEST(Guards, SpendLittleTimeOnWhatCannotBeRead) {
  // Each of these makes a reader that begins again at each character take quadratic time.
  const auto start = std::chrono::steady_clock::now();
  for (const auto* unit : {"<", ">", "<>", ",", "a,", "\"", "\"<", ";", ";a", "<sip:", "\\", "%", ";tag=", "sip:a,"}) {
    std::string many;
    while (many.size() < 15'000) many += unit;
    for (const auto* name : {"From", "To", "Contact", "Record-Route", "Via"})
      (void)parse("REGISTER sip:a SIP/2.0\r\n" + std::string{name} + ": " + many + "\r\n\r\n");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{2});
}

TEST(Guards, KeepBodiesFromTheParser) {
  // sofia-sip's multipart parser reads past a payload's end; its SDP parser grows without end on this one.
  const auto sdp = std::string{"v=0\r\nm=audio 5000 TCP/\xc4/MSRP 3 97\r\n"};
  EXPECT_EQ(parsed(request_text("INVITE", "z9hG4bK1", "Content-Type: application/sdp\r\n") + sdp).body, sdp);
  EXPECT_EQ(parsed(request_text("INVITE", "z9hG4bK1", "Content-Type: multipart/mixed;boundary=x\r\n") + "--x").body,
            "--x");
}

TEST(Keepalives, AreNoMessagesAndNoFaults) {
  using namespace std::string_literals;
  const auto stun = "\x00\x01\x00\x00\x21\x12\xa4\x42"s + std::string(12, 'i');
  const auto old_stun = "\x00\x01\x00\x04"s + std::string(16, 'i') + "abcd";
  for (const auto& bytes : {""s, "\r\n"s, "\r\n\r\n"s, " "s, "\n"s, "\t \r\n"s, "\0"s, "\0\0\0\0"s, "\0\0\r\n"s, "jaK"s,
                            "jaK\r\n"s, stun, old_stun}) {
    EXPECT_TRUE(is_keepalive(bytes));
    EXPECT_EQ(fault_of(bytes), ParseFault::keepalive);
  }
  for (const auto& bytes : {"hello"s, "jaKo"s, "\x00\x01\x00\x08"s + std::string(16, 'i'), "\x01\x02\x03"s,
                            "\0 OPTIONS"s, request_text("OPTIONS")})
    EXPECT_FALSE(is_keepalive(bytes));
}

// ---- streams

struct Framed {
  std::vector<std::string> messages;
  int pings = 0;
  std::optional<FrameFault> fault;
};

Framed frame(std::string_view bytes, std::size_t chunk, FrameLimits limits = {}) {
  StreamFramer framer{limits};
  Framed out;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    framer.push(bytes.substr(at, chunk));
    for (;;) {
      auto next = framer.next();
      if (!next) {
        out.fault = next.error();
        return out;
      }
      if (!*next) break;
      if (auto* message = std::get_if<FramedMessage>(&**next))
        out.messages.push_back(std::move(message->bytes));
      else
        ++out.pings;
    }
  }
  return out;
}

TEST(StreamFramer, CutsMessagesAtAnyChunkSize) {
  const auto one = request_text("OPTIONS", "z9hG4bK1", "Content-Length: 4\r\n") + "a\r\nb";
  const auto two = request_text("INFO", "z9hG4bK2", "l: \r\n 0\r\n");
  for (std::size_t chunk = 1; chunk < 700; chunk += 7) {
    const auto out = frame("\r\n" + one + "\r\n\r\n" + two + "\r\n" + one + "\r\n\r\n", chunk);
    EXPECT_THAT(out.messages, ElementsAre(one, two, one));
    EXPECT_EQ(out.pings, 2);
    EXPECT_FALSE(out.fault);
  }
}

TEST(StreamFramer, WantsOneContentLength) {
  EXPECT_EQ(frame(request_text("OPTIONS"), 1000).fault, FrameFault::bad_length);
  EXPECT_EQ(frame(request_text("OPTIONS", "b", "Content-Length: 1\r\nl: 2\r\n"), 1000).fault, FrameFault::bad_length);
  EXPECT_EQ(frame(request_text("OPTIONS", "b", "Content-Length: -1\r\n"), 1000).fault, FrameFault::bad_length);
}

TEST(StreamFramer, SkipsWhatFillsTheGapsBetweenMessages) {
  using namespace std::string_literals;
  const auto one = request_text("OPTIONS", "z9hG4bK1", "Content-Length: 0\r\n");
  for (const auto& filler :
       {"\r\n"s, "\n"s, " "s, "\t"s, "\0"s, "\0\0\0\0"s, " \r\n "s, "\r\n\0\0"s, "\0\r\n\r\n"s, "\r\n\r\n\r\n"s})
    for (std::size_t chunk = 1; chunk < 400; chunk += 13) {
      const auto out = frame(filler + one + filler + one + filler, chunk);
      EXPECT_THAT(out.messages, ElementsAre(one, one));
      EXPECT_FALSE(out.fault);
    }
}

TEST(StreamFramer, LetsTheSenderOfWhatItRefusesBeAnswered) {
  const Endpoint source = *parse_endpoint("192.0.2.7:40000");
  const auto answer = [&](const std::string& text) {
    StreamFramer framer;
    framer.push(text);
    const auto next = framer.next();
    return next ? std::string{"taken"} : answer_refused(framer.refused(), next.error(), source, "t");
  };
  for (const auto* length : {"", "Content-Length: abc\r\n", "Content-Length: -1\r\n", "Content-Length:\r\n",
                             "Content-Length: 1\r\nl: 2\r\n", "Content-Length: 4294967296\r\n"}) {
    const auto m = parsed(answer(request_text("OPTIONS", "z9hG4bK1", length)));
    EXPECT_EQ(m.status, 400) << length;
    EXPECT_EQ(m.via.front().params.find("received"), "192.0.2.7");
    EXPECT_EQ(m.via.front().params.find("rport"), "40000");
    EXPECT_EQ(m.cseq, (CSeq{7, "OPTIONS"}));
  }
  EXPECT_EQ(parsed(answer(request_text("OPTIONS", "b", "Content-Length: 99999\r\n"))).status, 513);
  EXPECT_EQ(answer(request_text("ACK")), "");
  EXPECT_EQ(answer("SIP/2.0 200 OK\r\n\r\n"), "");
  EXPECT_EQ(answer("GET / HTTP/1.1\r\n\r\n"), "");
}

TEST(StreamFramer, TakesTheVersionInAnyCase) {
  EXPECT_EQ(frame(replaced(request_text("OPTIONS", "b", "Content-Length: 0\r\n"), "SIP/2.0\r\n", "sip/2.0\r\n"), 1000)
                .messages.size(),
            1U);
}

TEST(StreamFramer, BoundsMessagesAndHeaderParts) {
  EXPECT_EQ(frame(request_text("OPTIONS", "b", "Content-Length: 32768\r\n"), 1000).fault,
            FrameFault::message_too_large);
  EXPECT_EQ(frame("OPTIONS sip:a SIP/2.0\r\n" + std::string(17'000, 'x'), 1000).fault, FrameFault::head_too_large);
  EXPECT_EQ(frame(std::string(17'000, 'x'), 1).fault, FrameFault::head_too_large);
}

TEST(StreamFramer, RefusesWhatIsNotSipForEver) {
  StreamFramer framer;
  framer.push("GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(framer.next().error(), FrameFault::not_sip);
  framer.push(request_text("OPTIONS", "b", "Content-Length: 0\r\n"));
  EXPECT_EQ(framer.next().error(), FrameFault::not_sip);
  EXPECT_EQ(framer.buffered(), 0U);
}

}  // namespace
}  // namespace roamdesk::sip::test
