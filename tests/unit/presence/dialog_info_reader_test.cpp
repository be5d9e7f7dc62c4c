#include "exchange/presence/dialog_info_reader.hpp"

#include <gtest/gtest.h>

#include <string>

namespace roamdesk::presence {
namespace {

TEST(DialogInfoReader, ReadsWhatAsteriskKamailioAndFreeSwitchWrite) {
  const auto asterisk = read_dialog_info(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"3\" state=\"full\" "
      "entity=\"sip:101@10.0.0.1\">\n <dialog id=\"205\" call-id=\"pickup-1@x\" local-tag=\"l\" remote-tag=\"r\" "
      "direction=\"recipient\">\n  <remote>\n   <identity display=\"Carla &amp; Co\">sip:0301234567@pbx</identity>\n"
      "   <target uri=\"sip:0301234567@pbx\"/>\n  </remote>\n  <local>\n   <identity>sip:205@pbx</identity>\n"
      "   <target uri=\"sip:205@pbx\"/>\n  </local>\n  <state>early</state>\n </dialog>\n</dialog-info>\n");
  ASSERT_TRUE(asterisk);
  EXPECT_TRUE(asterisk->full);
  EXPECT_EQ(asterisk->version, 3u);
  ASSERT_EQ(asterisk->dialogs.size(), 1u);
  const auto& [dialog, over] = asterisk->dialogs[0];
  EXPECT_FALSE(over);
  EXPECT_EQ(dialog.id, "205");
  EXPECT_EQ(dialog.state, DialogState::early);
  EXPECT_EQ(dialog.direction, Direction::recipient);
  EXPECT_EQ(dialog.remote, (Party{"0301234567", "Carla & Co"}));
  EXPECT_EQ(dialog.local.number, "205");
  EXPECT_EQ(dialog.call_id + " " + dialog.local_tag + " " + dialog.remote_tag, "pickup-1@x l r");

  const auto kamailio = read_dialog_info(
      "<?xml version=\"1.0\"?>\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"00000000001\" "
      "state=\"full\" entity=\"sip:205@pbx\">\r\n<dialog id=\"a\" call-id=\"b\" direction=\"initiator\">"
      "<state> confirmed\r\n</state><remote><identity>sip:206@pbx</identity></remote></dialog>"
      "<dialog id=\"c\" direction=\"initiator\"><state>terminated</state></dialog>"
      "<dialog id=\"d\" direction=\"recipient\"><state>Trying</state></dialog></dialog-info>");
  ASSERT_TRUE(kamailio);
  ASSERT_EQ(kamailio->dialogs.size(), 3u);
  EXPECT_EQ(kamailio->dialogs[2].dialog.state, DialogState::trying);
  EXPECT_EQ(kamailio->version, 1u);
  EXPECT_EQ(kamailio->dialogs[0].dialog.state, DialogState::confirmed);
  EXPECT_TRUE(kamailio->dialogs[1].over);

  const auto freeswitch = read_dialog_info(
      "<?xml version=\"1.0\"?>\n<d:dialog-info xmlns:d=\"urn:ietf:params:xml:ns:dialog-info\" version=\"9\" "
      "state=\"partial\" entity=\"sip:205@pbx\">\n<d:dialog id=\"x\" direction=\"recipient\">"
      "<d:state>confirmed</d:state><d:local><d:identity display=\"205\">sip:205@pbx</d:identity>"
      "<d:target uri=\"sip:205@pbx\"><d:param pname=\"+sip.rendering\" pvalue=\"no\"/></d:target></d:local>"
      "</d:dialog></d:dialog-info>");
  ASSERT_TRUE(freeswitch);
  EXPECT_FALSE(freeswitch->full);
  ASSERT_EQ(freeswitch->dialogs.size(), 1u);
  EXPECT_TRUE(freeswitch->dialogs[0].dialog.held);
}

TEST(DialogInfoReader, ReadsWhatWeWriteOurselves) {
  DialogInfo dialog;
  dialog.id = "d1";
  dialog.direction = Direction::recipient;
  dialog.state = DialogState::confirmed;
  dialog.held = true;
  dialog.local = {"205", "Carla \"C\" <x>"};
  dialog.remote = {"*97", ""};
  const auto told = read_dialog_info(dialog_info_xml(ExtensionNumber{"205"}, "pbx.example", 7, {dialog}));
  ASSERT_TRUE(told);
  ASSERT_EQ(told->dialogs.size(), 1u);
  EXPECT_EQ(told->dialogs[0].dialog, dialog);
  EXPECT_EQ(told->version, 7u);
  const auto idle = read_dialog_info(dialog_info_xml(ExtensionNumber{"205"}, "pbx.example", 8, {}));
  ASSERT_TRUE(idle);
  ASSERT_EQ(idle->dialogs.size(), 1u);
  EXPECT_TRUE(idle->dialogs[0].over);
}

TEST(DialogInfoReader, LeavesOutWhatItCannotUse) {
  const auto told = read_dialog_info(
      "<dialog-info version=\"x\"><dialog><state>early</state></dialog><dialog id=\"\"/><dialog id=\"a\"/>"
      "<dialog id=\"b\"><state>dreaming</state></dialog><other/><dialog id=\"c\"><state>early</state></dialog>"
      "</dialog-info>");
  ASSERT_TRUE(told);
  ASSERT_EQ(told->dialogs.size(), 1u);
  EXPECT_EQ(told->dialogs[0].dialog.id, "c");
  EXPECT_EQ(told->dialogs[0].dialog.direction, Direction::initiator) << "which lights a lamp and doesn't ring it";
}

TEST(DialogInfoReader, TakesNamesThatCanStandInAHeaderOrNone) {
  const auto named = [](const std::string& call_id, const std::string& local, const std::string& remote) {
    const auto told =
        read_dialog_info("<dialog-info><dialog id=\"a\" call-id=\"" + call_id + "\" local-tag=\"" + local +
                         "\" remote-tag=\"" + remote + "\"><state>early</state></dialog></dialog-info>");
    const auto& dialog = told.value().dialogs.at(0).dialog;
    return dialog.call_id + dialog.local_tag + dialog.remote_tag;
  };
  EXPECT_EQ(named("8f3c-1@10.0.0.1:5060", "as5d.2", "z9hG~x"), "8f3c-1@10.0.0.1:5060as5d.2z9hG~x");
  EXPECT_EQ(named("[2001:db8::1]&lt;(x)", "l", "r"), "[2001:db8::1]<(x)lr");
  for (const auto* call_id : {"", "a b", "a;early-only", "a,b", "a&#13;&#10;Evil: x", "a&#9;b", "&#228;"})
    EXPECT_EQ(named(call_id, "l", "r"), "") << call_id;
  for (const auto* tag : {"", "a b", "a;to-tag=b", "a,b", "a&#10;Evil: x", "a&quot;", "a&lt;b&gt;", "a@b"}) {
    EXPECT_EQ(named("x", tag, "r"), "") << tag;
    EXPECT_EQ(named("x", "l", tag), "") << tag;
  }
  EXPECT_EQ(named(std::string(257, 'x'), "l", "r"), "");
  EXPECT_EQ(named("x", std::string(257, 'x'), "r"), "");
}

TEST(DialogInfoReader, IsBounded) {
  for (const auto& body : {std::string{}, std::string{"nonsense"}, std::string{"<a/>"}, std::string{"<dialog-info>"},
                           std::string(70'000, ' ') + "<dialog-info/>"})
    EXPECT_FALSE(read_dialog_info(body)) << body.substr(0, 20);
  std::string many = "<dialog-info>", deep = "<dialog-info>", wide = "<dialog-info><dialog id=\"";
  for (int i = 0; i < 65; ++i) many += "<dialog id=\"" + std::to_string(i) + "\"><state>early</state></dialog>";
  EXPECT_FALSE(read_dialog_info(many + "</dialog-info>"));
  for (int i = 0; i < 10'000; ++i) deep += "<a>";
  EXPECT_FALSE(read_dialog_info(deep));
  wide += std::string(50'000, 'x') + "\"><state>early</state></dialog></dialog-info>";
  const auto told = read_dialog_info(wide);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->dialogs.at(0).dialog.id.size(), 64u);
  // No entities of its own, so none that grow.
  const auto entity = read_dialog_info(
      "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
      "<dialog-info><dialog id=\"&b;&b;&b;\"><state>early</state></dialog></dialog-info>");
  if (entity && !entity->dialogs.empty()) {
    EXPECT_EQ(entity->dialogs[0].dialog.id, "&b;&b;&b;");
  }
}

}  // namespace
}  // namespace roamdesk::presence
