#include "exchange/calls/privacy.hpp"

#include "common/sip/parse.hpp"
#include "tests/unit/calls/fixture.hpp"

namespace roamdesk::calls {
namespace {

struct Wish {
  const char* what;
  std::vector<std::pair<const char*, const char*>> headers;
  const char* from = nullptr;
};

const Wish hiding[] = {
    {"id", {{"Privacy", "id"}}},
    {"user", {{"Privacy", "user"}}},
    {"header", {{"Privacy", "header"}}},
    {"session", {{"Privacy", "session"}}},
    {"full", {{"Privacy", "full"}}},
    {"several", {{"Privacy", "user ; ID;critical"}}},
    {"none beside another", {{"Privacy", "none"}, {"Privacy", "id"}}},
    {"a word of tomorrow", {{"Privacy", "shade"}}},
    {"with Proxy-Require", {{"Privacy", "id"}, {"Proxy-Require", "privacy"}}},
    {"with Require", {{"Privacy", "id"}, {"Require", "privacy"}}},
    {"Remote-Party-ID", {{"Remote-Party-ID", "<sip:101@pbx.example.com>;party=calling;privacy=full"}}},
    {"Remote-Party-ID, the name", {{"Remote-Party-ID", "\"A\" <sip:101@pbx.example.com>;Privacy = \"name\""}}},
    {"From without a number", {}, "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=x1"},
    {"From without a host", {}, "<sip:Anonymous@pbx.example.com>;tag=x2"},
    {"From of nowhere", {}, "<sip:unavailable@unknown.invalid>;tag=x3"},
};
const Wish showing[] = {
    {"nothing", {}},
    {"none", {{"Privacy", "none"}}},
    {"none with a From that hides", {{"Privacy", "none"}}, "<sip:anonymous@anonymous.invalid>;tag=x4"},
    {"critical alone", {{"Privacy", "critical"}}},
    {"Remote-Party-ID off", {{"Remote-Party-ID", "<sip:101@pbx.example.com>;privacy=off;screen=no"}}},
};

class Privacy : public Calls {
 protected:
  void dial(const Wish& wish) {
    a.dial("102", world.now, [&](sip::Message& m) {
      for (const auto& [name, value] : wish.headers) m.add_header(name, value);
      if (wish.from) m.from = *sip::parse_name_addr(wish.from);
      m.set_header("Subject", "From Alice, 101");
      m.set_header("P-Preferred-Identity", "<sip:101@pbx.example.com>");
      m.body =
          "v=0\r\no=101 1 1 IN IP4 10.0.0.9\r\ns=Alice\r\ni=101\r\nu=http://101.example.com\r\ne=101@example.com\r\n"
          "p=+357 101\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\ni=Alice\r\na=ssrc:1 "
          "cname:101@10.0.0.9\r\n";
    });
    if (wish.from) a.at().local = wish.from;
    world.run(500ms);
  }
  // Nothing of the caller in what a phone was sent.
  static bool hidden(const sip::Message& m) {
    const auto text = sip::serialise(m);
    for (const char* told : {"sip:101", "101@", "=101\r", " 101\r", "http:", "Alice", "Name of 101"})
      if (text.find(told) != text.npos) return false;
    return true;
  }
  void hang_up() {
    a.hang_up(world.now, static_cast<int>(a.dialogs.size()) - 1);
    world.run(500ms);
  }
  Phone &a = world.add("101"), &b = world.add("102"), &c = world.add("103");
};

TEST_F(Privacy, OfTheCallerIsObeyed) {
  for (const auto& wish : hiding) {
    SCOPED_TRACE(wish.what);
    dial(wish);
    ASSERT_EQ(a.at().status, 180);
    const auto& invite = b.at().invite;
    EXPECT_EQ(invite.from.display, "Anonymous");
    EXPECT_EQ(sip::to_string(invite.from.uri), "sip:anonymous@anonymous.invalid");
    EXPECT_FALSE(invite.header("P-Asserted-Identity"));
    EXPECT_TRUE(hidden(invite)) << sip::serialise(invite);
    // An administrator sees who calls.
    EXPECT_EQ(world.engine.calls().front().from.number, "101");
    hang_up();
  }
}

TEST_F(Privacy, ThatNobodyAskedForHidesNobody) {
  for (const auto& wish : showing) {
    SCOPED_TRACE(wish.what);
    dial(wish);
    EXPECT_EQ(b.at().invite.from.uri.user, "101");
    EXPECT_EQ(b.at().invite.header("P-Asserted-Identity"), "\"Name of 101\" <sip:101@pbx.example.com>");
    EXPECT_EQ(b.at().invite.header("Subject"), "From Alice, 101");
    hang_up();
  }
}

TEST_F(Privacy, HoldsForWhoeverWatchesEitherEnd) {
  dial(hiding[0]);
  for (const bool up : {false, true}) {
    if (up) b.answer(world.now);
    world.run(500ms);
    EXPECT_EQ(world.engine.dialogs("102").front().remote.number, "anonymous");
    EXPECT_EQ(world.engine.dialogs("102").front().remote.display, "Anonymous");
    EXPECT_EQ(world.engine.dialogs("102").front().remote.host, "anonymous.invalid");
    // Else the caller's own lamp would tell whom to look at.
    EXPECT_EQ(world.engine.dialogs("101").front().remote.number, "anonymous");
  }
}

TEST_F(Privacy, LastsBeyondATransfer) {
  for (const bool attended : {false, true}) {
    SCOPED_TRACE(attended);
    dial(hiding[0]);
    b.answer(world.now);
    world.run(500ms);
    const int first = static_cast<int>(b.dialogs.size()) - 1;
    std::string to = "<sip:103@pbx.example.com";
    if (attended) {
      b.dial("103", world.now);
      world.run(500ms);
      c.answer(world.now);
      world.run(500ms);
      to += "?" + b.replaces(first + 1);
    }
    const auto before = c.requests.size();
    b.refer(to + ">", world.now, first);
    world.run(500ms);
    if (!attended) c.answer(world.now);
    world.run(500ms);
    ASSERT_TRUE(world.talk(a, c));
    for (auto i = before; i < c.requests.size(); ++i)
      EXPECT_TRUE(hidden(c.requests[i])) << sip::serialise(c.requests[i]);
    EXPECT_EQ(world.engine.dialogs("103").front().remote.number, "anonymous");
    a.hang_up(world.now);
    world.run(10s);
  }
}

TEST_F(Privacy, OfWhoeverAnswersIsObeyed) {
  b.habits.privacy = "id";
  a.dial("102", world.now);
  world.run(500ms);
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
  EXPECT_EQ(world.engine.dialogs("101").front().remote.number, "anonymous");
}

}  // namespace
}  // namespace roamdesk::calls
