#include "tests/unit/calls/fixture.hpp"

namespace roamdesk::calls {
namespace {

class Dialogues : public Calls {
 protected:
  DialogueId begin(const sim::Alter& edit = {}) {
    a.dial("*77*", world.now, std::move(edit));
    world.run(500ms);
    EXPECT_EQ(a.at().status, 200);
    EXPECT_EQ(world.dialogues.size(), 1u);
    return world.dialogues.empty() ? DialogueId{} : world.dialogues.front();
  }
  template <class E>
  std::size_t count() {
    std::size_t n = 0;
    for (const auto& e : world.events) n += std::holds_alternative<E>(e);
    return n;
  }
  void info(const std::string& type, const std::string& body) {
    a.send("INFO", world.now, [&](sip::Message& m) {
      m.content_type = type;
      m.body = body;
    });
    world.run(100ms);
  }
  Phone& a = world.add("HD0001");
};

TEST_F(Dialogues, AnswerAndPlayAndEnd) {
  const auto id = begin();
  EXPECT_EQ(count<DialogueAnswered>(), 1u);
  world.engine.play(id, {"enter_pin"});
  EXPECT_EQ(world.stream_at(sim::media_of(a.at().heard))->playing, std::vector<std::string>{"enter_pin"});
  world.prompt_ended(a);
  EXPECT_EQ(count<DialoguePromptEnded>(), 1u);
  world.engine.hang_up(id, world.now);
  world.run(500ms);
  EXPECT_TRUE(a.at().over);
  EXPECT_EQ(count<DialogueEnded>(), 1u);
}

TEST_F(Dialogues, TheEndOfAPromptThatWasReplacedOrStoppedIsNoNews) {
  const auto id = begin();
  const auto stream = world.stream_at(sim::media_of(a.at().heard));
  ASSERT_TRUE(stream);
  world.engine.play(id, {"wrong_pin"});
  const auto replaced = stream->play;
  world.engine.play(id, {"enter_pin"});
  EXPECT_NE(stream->play, replaced);
  for (const bool stopped : {false, true}) {
    if (stopped) world.engine.stop(id);
    const auto ended = stopped ? stream->play : replaced;
    for (const auto& [number, at] : world.streams)
      world.engine.handle_media(media::PlayEnded{media::StreamId{number}, ended}, world.now);
    world.run(10ms);
    EXPECT_EQ(count<DialoguePromptEnded>(), 0u);
  }
}

TEST_F(Dialogues, HearInfoDigitsOfBothKinds) {
  const auto id = begin();
  info("application/dtmf-relay", "Signal=9\r\nDuration=100\r\n");
  EXPECT_EQ(world.digits, "");  // no dialogue listens yet
  world.engine.collect(id, true);
  info("application/dtmf-relay", "Signal=1\r\nDuration=100\r\n");
  info("application/dtmf", "2");
  info("application/dtmf-relay", "Signal= #\r\n");
  info("application/dtmf", "10");
  EXPECT_EQ(world.digits, "12#*");
  info("text/plain", "3");
  EXPECT_EQ(a.responses.back(), (std::pair{std::string{"INFO"}, 415}));
}

TEST_F(Dialogues, ListenToTheFirstSourceOnly) {
  const auto id = begin();
  world.engine.collect(id, true);
  world.heard(a, '1');
  info("application/dtmf-relay", "Signal=1\r\n");
  world.heard(a, '2');
  info("application/dtmf-relay", "Signal=2\r\n");
  EXPECT_EQ(world.digits, "12");
}

TEST_F(Dialogues, AnswerALateOfferAndAHold) {
  begin([](sip::Message& m) {
    m.body.clear();
    m.content_type.clear();
  });
  EXPECT_TRUE(world.stream_at(sim::media_of(a.at().heard))->remote);
  a.modify("INVITE", "sendonly", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().modified, 200);
  EXPECT_EQ(sim::direction_of(a.at().heard), "recvonly");
}

TEST_F(Dialogues, NeedG711) {
  a.dial("*77*", world.now, [](sip::Message& m) {
    m.body = "v=0\r\no=- 1 1 IN IP4 10.0.1.1\r\ns=-\r\nc=IN IP4 10.0.1.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\n";
  });
  world.run(500ms);
  EXPECT_EQ(a.at().status, 488);
}

TEST_F(Dialogues, EndWithTheCaller) {
  begin();
  a.hang_up(world.now);
  world.run(500ms);
  EXPECT_EQ(count<DialogueEnded>(), 1u);
}

TEST_F(Dialogues, EndWhenNoAckComes) {
  a.dial("*77*", world.now);
  world.run(6ms);
  a.habits.silent = true;
  world.run(60s);
  EXPECT_EQ(count<DialogueEnded>(), 1u);
  a.at().over = true;
}

}  // namespace
}  // namespace roamdesk::calls
