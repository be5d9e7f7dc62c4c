#include <gmock/gmock.h>

#include "tests/unit/calls/fixture.hpp"

// Bodies as phones in the field write them.
namespace roamdesk::calls {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string location = "Content-Type: application/pidf+xml\r\n\r\n<presence/>";

void as_a_part(sip::Message& m, const std::string& type = "multipart/mixed") {
  m.body =
      "--b1\r\n" + location + "\r\n--b1\r\nContent-Type: " + m.content_type + "\r\n\r\n" + m.body + "\r\n--b1--\r\n";
  m.content_type = type + "; boundary=\"b1\"";
}
void as_a_part_of_a_part(sip::Message& m) {
  as_a_part(m, "multipart/related");
  m.body = "--b2\r\ncontent-type: " + m.content_type + "\r\n\r\n" + m.body + "\r\n--b2--\r\n";
  m.content_type = "MULTIPART/Alternative;boundary=b2";
}
void without_a_type(sip::Message& m) { m.content_type.clear(); }

using Wrap = sim::Alter;
class FieldBodies : public Calls, public testing::WithParamInterface<Wrap> {
 protected:
  Phone &a = world.add("101"), &b = world.add("102");
};

TEST_P(FieldBodies, OfferAndAnswer) {
  b.habits.words = GetParam();
  a.dial("102", world.now, GetParam());
  world.run(500ms);
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b)) << a.at().status;
  EXPECT_EQ(last(b, "INVITE")->content_type, "application/sdp");
  EXPECT_THAT(last(b, "INVITE")->body, Not(HasSubstr("presence")));
}

TEST_P(FieldBodies, AnswerEarly) {
  b.habits.early_media = true;
  b.habits.words = GetParam();
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 183);
  EXPECT_EQ(sim::media_of(a.at().heard).substr(0, 3), "10.");
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_P(FieldBodies, AnswerInAnAck) {
  a.habits.words = b.habits.words = GetParam();
  a.dial("102", world.now, [](sip::Message& m) {
    m.body.clear();
    m.content_type.clear();
  });
  world.run(500ms);
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b)) << a.at().status;
}

TEST_P(FieldBodies, ChangeACallThatIsUp) {
  talking(a, b);
  b.habits.words = GetParam();
  a.send("INVITE", world.now, [](sip::Message& m) {
    m.content_type = "application/sdp";
    m.body = phone::sdp({.address = "10.0.1.1", .port = 4000, .direction = "sendonly", .version = 9});
    GetParam()(m);
  });
  world.run(500ms);
  EXPECT_EQ(sim::direction_of(b.at().heard), "sendonly");
  EXPECT_EQ(state(), CallState::held);
}

TEST_P(FieldBodies, BeginADialogue) {
  a.dial("*77*", world.now, GetParam());
  world.run(500ms);
  EXPECT_EQ(a.at().status, 200);
}

TEST_P(FieldBodies, AreHeardByTheAnnouncementOfAnEmergencyCall) {
  a.dial("112", world.now, GetParam());
  world.run(500ms);
  EXPECT_EQ(a.at().status, 183);
}

INSTANTIATE_TEST_SUITE_P(Written, FieldBodies,
                         testing::Values([](sip::Message& m) { as_a_part(m); }, as_a_part_of_a_part, without_a_type));

TEST_F(Calls, WithABodyThatNobodyUnderstandsAreRefusedUnlessItMayBeIgnored) {
  auto &a = world.add("101"), &b = world.add("102");
  const auto with = [&](const std::string& type, const std::string& disposition) {
    a.dial("102", world.now, [&](sip::Message& m) {
      m.content_type = type;
      m.body = "<presence/>";
      if (!disposition.empty()) m.set_header("Content-Disposition", disposition);
    });
    world.run(500ms);
    return a.at().status;
  };
  EXPECT_EQ(with("application/pidf+xml", ""), 415);
  EXPECT_EQ(with("multipart/mixed;boundary=x", ""), 415);
  EXPECT_TRUE(b.dialogs.empty());
  EXPECT_EQ(with("application/pidf+xml", "render;handling=optional"), 180);  // a late offer
  a.cancel(world.now);
  world.run(500ms);
}

TEST_F(Calls, AnswerEachLineOfAnOfferHoweverManyTheCalleeAnswers) {
  auto &a = world.add("101"), &b = world.add("102");
  b.habits.words = [](sip::Message& m) { m.body += "m=audio 0 RTP/AVP\r\n"; };
  a.dial("102", world.now, [](sip::Message& m) {
    const auto audio = m.body.find("m=audio");
    m.body.insert(audio, "m=video 0 RTP/AVP\r\n");
    m.body += "m=application 9 TCP/MRCPv2\r\n";
  });
  world.run(500ms);
  EXPECT_THAT(last(b, "INVITE")->body, HasSubstr("m=video 0 RTP/AVP 0\r\nm=audio 10"));
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b)) << a.at().status;
  const auto& heard = a.at().heard;
  const auto video = heard.find("m=video 0 "), audio = heard.find("m=audio 10"), other = heard.find("m=application 0 ");
  EXPECT_TRUE(video < audio && audio < other && other != heard.npos) << heard;
  EXPECT_EQ(heard.find("m=", other + 2), heard.npos);
}

TEST_F(Calls, SendToTheAddressOfTheSignallingWhereAPhoneWritesAName) {
  auto &a = world.add("101"), &b = world.add("102");
  const auto named = [](sip::Message& m) {
    const auto at = m.body.find("c=IN IP4 ") + 9;
    m.body.replace(at, m.body.find('\r', at) - at, "phone-1.example.test ");
  };
  b.habits.words = named;
  a.dial("102", world.now, named);
  world.run(500ms);
  b.answer(world.now);
  world.run(500ms);
  ASSERT_EQ(a.at().status, 200);
  for (const Phone* phone : {&a, &b}) {
    const auto stream = world.stream_at(sim::media_of(phone == &a ? a.at().heard : b.at().heard));
    ASSERT_TRUE(stream && stream->remote);
    EXPECT_EQ(stream->remote->rtp.address, phone->flow.address.peer.address);
    EXPECT_NE(stream->remote->rtp.port, 0);
    EXPECT_TRUE(stream->remote->send);
  }
}

class FieldDigits : public Calls {
 protected:
  std::string typed(const std::string& type, const std::string& body) {
    world.digits.clear();
    a.send("INFO", world.now, [&](sip::Message& m) {
      m.content_type = type;
      m.body = body;
    });
    world.run(100ms);
    return world.digits.empty() ? std::to_string(a.responses.back().second) : world.digits;
  }
  void SetUp() override {
    a.dial("*77*", world.now);
    world.run(500ms);
    ASSERT_EQ(world.dialogues.size(), 1u);
    world.engine.collect(world.dialogues.front(), true);
  }
  Phone& a = world.add("HD0001");
};

TEST_F(FieldDigits, AreReadInTheManyFormsOfAnInfo) {
  const std::tuple<const char*, std::string, const char*> forms[] = {
      {"application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5"},
      {"application/DTMF-Relay;charset=utf-8", "signal = 5\nduration=160", "5"},
      {"application / dtmf-relay ; charset=\"utf-8\"", "Duration=160\r\nSignal=*", "*"},
      {"application/dtmf-relay", "Signal=11\r\n", "#"},
      {"application/dtmf", "7", "7"},
      {"application/dtmf", "7\r\n", "7"},
      {"application/dtmf; charset=utf-8", "Signal=7\r\nDuration=1", "7"},
      {"application/dtmf", "10", "*"},
      {"audio/telephone-event", "d=0\r\n", "0"},
      {"audio/telephone-event", "d=11", "#"},
      {"AUDIO/Telephone-Event;rate=8000", "9", "9"},
      {"audio/telephone-event", std::string{"\x0b\x8a\x03\x20", 4}, "#"},
      {"audio/telephone-event", std::string{"\x00\x0a\x00\xa0", 4}, "0"},
      {"application/vnd.nortelnetworks.digits", "p=Digit-Collection\r\ny=Digits\r\n\r\nd=4\r\n", "4"},
      {"multipart/mixed;boundary=b", "--b\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=3\r\n\r\n--b--", "3"},
  };
  for (const auto& [type, body, digit] : forms) EXPECT_EQ(typed(type, body), digit) << type << ": " << body;
}

TEST_F(FieldDigits, ArentMadeOfWhatIsNone) {
  for (const auto& [type, body] : std::initializer_list<std::pair<const char*, std::string>>{
           {"text/plain", "3"},
           {"application/dtmf", "16"},
           {"application/dtmf", "55"},
           {"application/dtmf-relay", "Duration=5"},
           {"audio/telephone-event", "d=!"},
           {"audio/telephone-event", std::string{"\x10\x8a\x03\x20", 4}},
           {"application/media_control+xml", "1"}})
    EXPECT_EQ(typed(type, body), "415") << type << ": " << body;
}

}  // namespace
}  // namespace roamdesk::calls
