#include "exchange/element/handover_text.hpp"

#include <gtest/gtest.h>

namespace roamdesk::element {
namespace {

sip::Dialog dialog(const std::string& name) {
  auto made = sip::Dialog::beginning("call-" + name, "ours-" + name, *sip::parse_name_addr("\"Ä \\\" b\" <sip:a@x>"),
                                     *sip::parse_name_addr("<sip:b@y>;tag=theirs"), *sip::parse_uri("sip:b@192.0.2.7"));
  made.remote_tag = "theirs";
  made.routes = {*sip::parse_name_addr("<sip:proxy;lr>"), *sip::parse_name_addr("<sip:next;lr>")};
  made.local_cseq = 4711;
  made.remote_cseq = 815;
  return made;
}

Handover::Call call(const std::string& name) {
  Handover::Call made;
  made.call.id = calls::CallId{name};
  made.call.begun = std::chrono::seconds{70};
  made.call.answered = std::chrono::seconds{60};
  made.call.help = calls::Help{.takes_line = true, .prompt = "p", .shown = "+49"};
  made.call.caller.dialog = dialog(name + "-1");
  made.call.callee.dialog = dialog(name + "-2");
  made.call.callee.outgoing = true;
  made.call.callee.who.peer = calls::PeerId{7};
  calls::Manner manner;
  manner.contact = sip::parse_uri("sip:account@192.0.2.1:5060;transport=tcp");
  manner.payer = "101";
  made.call.callee.who.manner = std::make_shared<const calls::Manner>(manner);
  made.call.callee.suite = SrtpSuite::aes_cm_128_hmac_sha1_80;
  made.callee_toll = routing::CarriedToll{"provider", ExtensionNumber{"101"}, true, std::chrono::seconds{70}, {}};
  made.help = CarriedHelp{};
  made.help->place.phone = *Mac::parse("001565000101");
  return made;
}

TEST(HandoverText, SaysAllThatItWasGiven) {
  Handover handover;
  handover.at = WallTime{std::chrono::milliseconds{1'800'000'000'123}};
  handover.instance = std::string{"\0\1\2\3", 4};
  handover.peers = {{calls::PeerId{7}, true, "101"}};
  handover.calls = {call("one"), call("two")};
  handover.subscriptions.emplace_back().dialog = dialog("lamp");
  const auto again = read_handover(to_text(handover));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->at, handover.at);
  EXPECT_EQ(again->instance, handover.instance);
  EXPECT_TRUE(again->peers.front().is_account);
  ASSERT_EQ(again->calls.size(), 2u);
  const auto& [said, caller_toll, callee_toll, help] = again->calls.back();
  const auto meant = call("two");
  EXPECT_EQ(said.id, meant.call.id);
  EXPECT_EQ(said.begun, meant.call.begun);
  EXPECT_EQ(said.help, meant.call.help);
  EXPECT_FALSE(caller_toll);
  EXPECT_EQ(callee_toll->person, ExtensionNumber{"101"});
  EXPECT_EQ(help->place, meant.help->place);
  const auto &leg = said.callee, &wanted = meant.call.callee;
  EXPECT_EQ(leg.dialog.make_request("INFO", 5).to, wanted.dialog.make_request("INFO", 5).to);
  EXPECT_EQ(leg.dialog.local, wanted.dialog.local);
  EXPECT_EQ(leg.dialog.local_tag, wanted.dialog.local_tag);
  EXPECT_EQ(leg.dialog.routes, wanted.dialog.routes);
  EXPECT_EQ(leg.dialog.target, wanted.dialog.target);
  EXPECT_EQ(leg.dialog.local_cseq, 4711u);
  EXPECT_EQ(leg.dialog.remote_cseq, 815u);
  EXPECT_EQ(leg.who.manner->contact, wanted.who.manner->contact);
  EXPECT_EQ(leg.suite, wanted.suite);
  EXPECT_EQ(to_text(*again), to_text(handover));
}

// A phone chooses its own words; they cost no other's call.
TEST(HandoverText, LeavesOutWhatItCouldNotReadAgain) {
  const std::vector<std::function<void(calls::CarriedLeg&)>> odd{
      [](auto& leg) { leg.dialog.call_id.clear(); },
      [](auto& leg) { leg.dialog.routes.resize(2000, *sip::parse_name_addr("<sip:a.very.long.way.example;lr>")); },
      [](auto& leg) { leg.remote_sdp.assign(70'000, 'x'); }, [](auto& leg) { leg.shown.display.assign(70'000, 'x'); }};
  for (std::size_t i = 0; i < odd.size(); ++i) {
    Handover handover;
    handover.calls = {call("one"), call("two"), call("three")};
    odd[i](handover.calls[1].call.caller);
    handover.subscriptions.resize(2);
    handover.subscriptions[0].dialog = dialog("lamp");
    handover.subscriptions[1].dialog.call_id = "\r\n\r\n";
    const auto again = read_handover(to_text(handover));
    ASSERT_TRUE(again) << i;
    ASSERT_EQ(again->calls.size(), 2u) << i;
    EXPECT_EQ(again->calls[1].call.id, calls::CallId{"three"});
    EXPECT_EQ(again->subscriptions.size(), 1u);
  }
}

TEST(HandoverText, IsBounded) {
  const std::string magic = "roamdesk handover 1\n";
  const auto number = [](std::uint64_t value) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
    return bytes;
  };
  const auto head = magic + number(0) + number(0);  // at, and no instance
  EXPECT_TRUE(read_handover(head + number(0) + number(0) + number(0)));
  for (const std::uint64_t many : {std::uint64_t{Handover::most_peers + 1}, ~std::uint64_t{0}}) {
    EXPECT_FALSE(read_handover(head + number(many)));
    EXPECT_FALSE(read_handover(head + number(0) + number(many)));
  }
  EXPECT_FALSE(read_handover(magic + number(0) + number(~std::uint64_t{0})));
  EXPECT_FALSE(read_handover(magic + number(~std::uint64_t{0}) + number(0) + number(0) + number(0) + number(0)))
      << "a time that no clock has";
  EXPECT_EQ(read_handover("roamdesk handover 2\n").error(), HandoverFault::other_version);
  EXPECT_EQ(read_handover("something else").error(), HandoverFault::damaged);
}

}  // namespace
}  // namespace roamdesk::element
