#include "exchange/presence/dialog_info.hpp"

#include <gtest/gtest.h>

namespace roamdesk::presence {
namespace {

const ExtensionNumber alice{"101"};

DialogInfo call(DialogState state, Direction direction = Direction::initiator) {
  return {"d1", "call@host", "lt", "rt", direction, state, false, {"101", "Alice"}, {"102", "Bob"}};
}

TEST(DialogInfoXml, SaysThatAnExtensionIsIdle) {
  EXPECT_EQ(dialog_info_xml(alice, "pbx.example.com", 0, {}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"0\" state=\"full\" "
            "entity=\"sip:101@pbx.example.com\">\n"
            "  <dialog id=\"101\">\n    <state>terminated</state>\n  </dialog>\n"
            "</dialog-info>\n");
}

TEST(DialogInfoXml, ShowsBothPartiesAndTheDirection) {
  EXPECT_EQ(dialog_info_xml(alice, "pbx.example.com", 7, {call(DialogState::early)}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"7\" state=\"full\" "
            "entity=\"sip:101@pbx.example.com\">\n"
            "  <dialog id=\"d1\" call-id=\"call@host\" local-tag=\"lt\" remote-tag=\"rt\" direction=\"initiator\">\n"
            "    <state>early</state>\n"
            "    <local>\n"
            "      <identity display=\"Alice\">sip:101@pbx.example.com</identity>\n"
            "      <target uri=\"sip:101@pbx.example.com\"/>\n"
            "    </local>\n"
            "    <remote>\n"
            "      <identity display=\"Bob\">sip:102@pbx.example.com</identity>\n"
            "      <target uri=\"sip:102@pbx.example.com\"/>\n"
            "    </remote>\n"
            "  </dialog>\n"
            "</dialog-info>\n");
}

TEST(DialogInfoXml, ShowsAHeldCall) {
  DialogInfo held = call(DialogState::confirmed, Direction::recipient);
  held.held = true;
  const std::string xml = dialog_info_xml(alice, "d", 1, {held});
  EXPECT_NE(xml.find("<param pname=\"+sip.rendering\" pval=\"no\" pvalue=\"no\"/>"), std::string::npos);
  EXPECT_NE(xml.find("direction=\"recipient\""), std::string::npos);
  held.state = DialogState::early;
  EXPECT_EQ(dialog_info_xml(alice, "d", 1, {held}).find("rendering"), std::string::npos) << "nothing to hold yet";
}

TEST(DialogInfoXml, ListsEveryDialog) {
  DialogInfo second = call(DialogState::early);
  second.id = "d2";
  const std::string xml = dialog_info_xml(alice, "d", 1, {call(DialogState::confirmed), second});
  EXPECT_NE(xml.find("id=\"d1\""), std::string::npos);
  EXPECT_NE(xml.find("id=\"d2\""), std::string::npos);
  EXPECT_NE(xml.find("<state>early</state>"), std::string::npos);
}

TEST(DialogInfoXml, EscapesWhatPeopleAreCalled) {
  DialogInfo info = call(DialogState::early);
  info.remote = {"1\"2<&>", "<Bob> & \"Söhne\" '\x01\xFF"};
  const std::string xml = dialog_info_xml(alice, "d", 1, {info});
  EXPECT_NE(xml.find("display=\"&lt;Bob&gt; &amp; &quot;Söhne&quot; &#39;\xEF\xBF\xBD\""), std::string::npos) << xml;
  EXPECT_NE(xml.find("sip:1%222%3C&amp;%3E@d"), std::string::npos) << xml;
}

TEST(MessageSummary, SaysNoExplicitly) {
  EXPECT_EQ(message_summary(alice, "pbx.example.com", {}),
            "Messages-Waiting: no\r\nMessage-Account: sip:101@pbx.example.com\r\nVoice-Message: 0/0 (0/0)\r\n");
}

TEST(MessageSummary, CountsMessages) {
  EXPECT_EQ(message_summary(alice, "d", {2, 8, 1, 0}),
            "Messages-Waiting: yes\r\nMessage-Account: sip:101@d\r\nVoice-Message: 2/8 (1/0)\r\n");
  EXPECT_EQ(message_summary(alice, "d", {0, 8, 0, 0}).substr(0, 20), "Messages-Waiting: no");
}

}  // namespace
}  // namespace roamdesk::presence
