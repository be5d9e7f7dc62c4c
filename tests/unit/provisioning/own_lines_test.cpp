#include "exchange/provisioning/own_lines.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "common/base/text.hpp"
#include "fixture.hpp"
#include "parameters.hpp"
#include "xml.hpp"

// Lines that an administrator adds to phones' files: they win, they never become anything but values, and what Roamdesk
// has to hold they can't touch.
namespace roamdesk::provisioning {
namespace {

using phones::Vendor;
using testing::HasSubstr;
using testing::Not;

std::string fault_of(Vendor vendor, const std::string& text) {
  const auto read = read_own_lines(vendor, text);
  const auto* fault = std::get_if<OwnFault>(&read);
  return fault ? fault->what : "";
}

std::string with(PhoneView view, std::vector<std::string> texts) {
  view.own_lines = std::move(texts);
  return provisioner().render(view).body;
}

std::string value_in(Vendor vendor, const std::string& body, const std::string& name) {
  std::vector<std::string> values;
  for (const auto& setting : settings_of(vendor, body))
    if (setting.name == name) values.push_back(setting.value);
  return values.size() == 1 ? values[0] : fmt::format("({} times)", values.size());
}

// One that the template writes, and one that it doesn't.
struct Own {
  Vendor vendor;
  const char *text, *written, *value, *more, *more_value;
};
const Own own_of_each[] = {
    {Vendor::yealink, "# dim\nphone_setting.backlight_time = 30\nlang.gui=Italian & <more>\n", "lang.gui",
     "Italian & <more>", "phone_setting.backlight_time", "30"},
    {Vendor::snom, "<language perm=\"R\">Italiano</language>\n<!-- by day --><dim_timer perm=\"RW\">9</dim_timer>",
     "phone-settings/language", "Italiano", "phone-settings/dim_timer", "9"},
    {Vendor::fanvil,
     "<phone><display><DefaultLanguage>it</DefaultLanguage><LCDLuminanceLevel>5</LCDLuminanceLevel></display></phone>\n"
     "<net><wan><WANType>1</WANType></wan></net>",
     "phone/display/DefaultLanguage", "it", "net/wan/WANType", "1"},
    {Vendor::grandstream, "<item name=\"language.gui\">it</item>\n<item name=\"network.vlan\">7 &amp; &lt;8&gt;</item>",
     "language.gui", "it", "network.vlan", "7 & <8>"},
    {Vendor::htek, "<P64>18</P64>\n<P22001>1</P22001>", "P64", "18", "P22001", "1"},
    {Vendor::cisco, "<Time_Zone>GMT-05:00</Time_Zone>\n<Back_Light_Timer ua=\"na\">30s</Back_Light_Timer>", "Time_Zone",
     "GMT-05:00", "Back_Light_Timer", "30s"},
    {Vendor::poly, "<a lcl.ml.lang=\"Italian_Italy\" up.backlight.timeout=\"30\"/>", "lcl.ml.lang", "Italian_Italy",
     "up.backlight.timeout", "30"},
};

TEST(OwnLinesTest, StandInPlaceOfWhatTheTemplateSaysAndTheOthersBehindIt) {
  ASSERT_EQ(std::size(own_of_each), vendors.size());
  for (const auto& own : own_of_each) {
    const auto view = occupied_view(own.vendor);
    EXPECT_EQ(fault_of(own.vendor, own.text), "") << own.text;
    const auto body = with(view, {own.text});
    EXPECT_EQ(value_in(own.vendor, body, own.written), own.value) << body;
    EXPECT_EQ(value_in(own.vendor, body, own.more), own.more_value) << body;
    EXPECT_EQ(provisioner().fault_of_own(own.vendor, "", own.text), std::nullopt);
  }
}

TEST(OwnLinesTest, LeaveAllOtherLinesAsTheyAre) {
  for (const auto& own : own_of_each) {
    auto view = occupied_view(own.vendor);
    const auto plain = provisioner().render(view).body;
    view.own_lines = {own.text};
    const auto file = provisioner().render(view);
    const auto lines_of = [](const std::string& text) {
      std::vector<std::string> lines;
      for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
        lines.push_back(text.substr(at, text.find('\n', at) - at));
      return lines;
    };
    auto lines = lines_of(file.body);
    EXPECT_FALSE(file.own.empty());
    for (auto line = file.own.rbegin(); line != file.own.rend(); ++line) {
      ASSERT_LE(*line, lines.size());
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(*line) - 1);
    }
    auto before = lines_of(plain);
    // What is left stands in the plain file, in that order; of it the one that was replaced alone is gone.
    EXPECT_EQ(before.size(), lines.size() + 1) << file.body;
    for (const auto& line : lines) {
      const auto found = std::find(before.begin(), before.end(), line);
      ASSERT_NE(found, before.end()) << line;
      before.erase(before.begin(), found + 1);
    }
  }
}

TEST(OwnLinesTest, OfTheModelWinOverThoseOfTheVendor) {
  const auto body = with(idle_view(Vendor::yealink), {"a.b = 1\nlang.gui = French\n", "lang.gui = Polish\n"});
  EXPECT_EQ(value_in(Vendor::yealink, body, "lang.gui"), "Polish");
  EXPECT_EQ(value_in(Vendor::yealink, body, "a.b"), "1");
  const auto file = with(idle_view(Vendor::fanvil), {"<net><a>1</a><b>1</b></net>", "<net><b>2</b></net>"});
  EXPECT_EQ(value_in(Vendor::fanvil, file, "net/a"), "1");
  EXPECT_EQ(value_in(Vendor::fanvil, file, "net/b"), "2");
}

// Two of one parameter would be two changes of one place of the file.
TEST(OwnLinesTest, OfTheModelAndOfTheVendorAreTheSameParameterWhateverTheirAttributesSay) {
  const auto snom =
      with(idle_view(Vendor::snom), {"<dim_timer name=\"a\">1</dim_timer><language>English</language>",
                                     "<dim_timer name=\"b\">2</dim_timer><language name=\"b\">Italiano</language>"});
  EXPECT_EQ(value_in(Vendor::snom, snom, "phone-settings/dim_timer"), "2");
  EXPECT_EQ(value_in(Vendor::snom, snom, "phone-settings/language"), "Italiano");
  const auto gxp =
      with(idle_view(Vendor::grandstream, "GXP1630"), {"<P51 name=\"a\">7</P51>", "<P51>8</P51><P64>x</P64>"});
  EXPECT_EQ(value_in(Vendor::grandstream, gxp, "P51"), "8");
  const auto grp = with(idle_view(Vendor::grandstream, "GRP2614"),
                        {"<item name=\"a.b\">7</item>", "<item name=\"A.b\">8</item><item name=\"a.c\">9</item>"});
  EXPECT_EQ(value_in(Vendor::grandstream, grp, "A.b"), "8");
  EXPECT_EQ(value_in(Vendor::grandstream, grp, "a.c"), "9");
}

TEST(OwnLinesTest, HaveNoLinesInTheirValues) {
  const auto file = with(idle_view(Vendor::cisco), {"<Back_Light_Timer>one\r\ntwo\tthree</Back_Light_Timer>"});
  EXPECT_EQ(value_in(Vendor::cisco, file, "Back_Light_Timer"), "one two three");
  const auto poly = with(idle_view(Vendor::poly), {"<a up.backlight.timeout=\"3\n0\"/>"});
  EXPECT_EQ(value_in(Vendor::poly, poly, "up.backlight.timeout"), "3 0");
}

TEST(OwnLinesTest, AreForModelsThatKnowTheirKindAlone) {
  const std::string both = "<item name=\"network.vlan\">7</item>\n<P51>7</P51>";
  EXPECT_EQ(provisioner().fault_of_own(Vendor::grandstream, "", both), std::nullopt);
  EXPECT_EQ(value_in(Vendor::grandstream, with(idle_view(Vendor::grandstream, "GRP2614"), {both}), "P51"), "(0 times)");
  EXPECT_EQ(value_in(Vendor::grandstream, with(idle_view(Vendor::grandstream, "GXP1630"), {both}), "P51"), "7");
  EXPECT_THAT(provisioner().fault_of_own(Vendor::grandstream, "GXP1630", both)->what, HasSubstr("line 1: item"));
  EXPECT_THAT(provisioner().fault_of_own(Vendor::grandstream, "GRP2614", both)->what, HasSubstr("line 2: P51"));
  const std::string older = "<PHONE_CONFIG_MODULE><Time_Display>1</Time_Display></PHONE_CONFIG_MODULE>";
  EXPECT_THAT(with(idle_view(Vendor::fanvil, "X4"), {older}), HasSubstr("<Time_Display>1</Time_Display>"));
  EXPECT_THAT(with(idle_view(Vendor::fanvil, "X6U"), {older}), Not(HasSubstr("Time_Display")));
}

// Whatever says who the phone is, where it fetches, or what its keys do.
TEST(OwnLinesTest, TouchNothingThatRoamdeskHolds) {
  for (const auto& model : provisioner().models().all()) {
    auto view = occupied_view(model.vendor, model.name);
    view.admin_password = Secret{"PassWord12345678"};
    view.emergency_numbers = {"112"};
    auto fewer = view;
    fewer.model.lines = 1;
    fewer.model.keys = fewer.model.module_keys = fewer.model.modules = fewer.model.physical_keys = 0;
    fewer.model.groups.clear();
    const auto few = settings_of(model.vendor, provisioner().render(fewer).body);
    const std::set<std::string> ours{view.account.digest_user,
                                     view.account.password.reveal(),
                                     view.token,
                                     view.domain,
                                     "192.168.1.5",
                                     "192.168.1.5:5060",
                                     "PassWord12345678",
                                     view.voicemail,
                                     "112",
                                     "*77*5*"};
    const auto& form = phones::grammar_of(model.vendor).own;
    for (const auto& setting : settings_of(model.vendor, provisioner().render(view).body)) {
      // Attributes of the elements themselves; clocks are the site's.
      if (setting.name.find('@') != std::string::npos) continue;
      auto name = setting.name;
      if (!form.into->empty() && name.starts_with(*form.into)) name.erase(0, form.into->size() + 1);
      const bool outside = model.vendor == Vendor::snom && name == setting.name;
      const bool counted = std::none_of(few.begin(), few.end(), [&](const auto& s) { return s.name == setting.name; });
      const bool secret = ours.contains(setting.value) || setting.value.find(view.token) != std::string::npos;
      const bool clock = setting.value == "192.168.1.5" && phones::held_by(*form.held, name) == nullptr &&
                         (lowered(name).find("ntp") != std::string::npos || name == "P30");
      if ((!counted && !secret) || outside || clock || name == "mac") continue;
      EXPECT_NE(phones::held_by(*form.held, name), nullptr) << model.name << " " << setting.name;
    }
  }
}

struct Attack {
  Vendor vendor;
  const char* text;
  const char* says;
};

TEST(OwnLinesTest, CantTakeAPhoneOver) {
  const Attack attacks[] = {
      {Vendor::yealink, "a = 1\naccount.1.password = mine", "line 2: account.1.password can't be set here"},
      {Vendor::yealink, "ACCOUNT.2.Enable = 1", "whose phone it is"},
      {Vendor::yealink, "static.auto_provision.server.url = http://x/", "where the phone fetches"},
      {Vendor::yealink, "auto_provision.server.url=http://x/", "where the phone fetches"},
      {Vendor::yealink, "autoprovision.1.url = http://x/", "where the phone fetches"},
      {Vendor::yealink, "static.security.user_password = admin:admin", "password"},
      {Vendor::yealink, "linekey.1.type = 0", "keys"},
      {Vendor::yealink, "static.firmware.url = http://x/y.rom", "firmware"},
      {Vendor::yealink, "include:config <http://x?a=b>", "a name is expected"},
      {Vendor::yealink, "#!version:1.0.0.2\ninclude", "line 2: \"name = value\" is expected"},
      {Vendor::snom, "<user_pass idx=\"1\">mine</user_pass>", "whose phone it is"},
      {Vendor::snom, "<dim_timer>1</dim_timer>\n<setting_server>http://x</setting_server>", "line 2: setting_server"},
      {Vendor::snom, "<x/></phone-settings><phone-settings>", "line 1: an element ends here that didn't begin"},
      {Vendor::snom, "<x>\n<user_pass>y</user_pass></x>", "line 2: user_pass stands within x"},
      {Vendor::snom, "<fkey idx=\"0\">none</fkey>", "keys"},
      {Vendor::fanvil, "<sip><line index=\"1\"><RegisterPswd>x</RegisterPswd></line></sip>", "whose phone it is"},
      {Vendor::fanvil, "<SIP><LINE index=\"1\"><a>x</a></LINE></SIP>", "whose phone it is"},
      {Vendor::fanvil, "<ap><FlashServerIP>x</FlashServerIP></ap>", "where the phone fetches"},
      {Vendor::fanvil, "<web><account index=\"2\"><Name>x</Name></account></web>", "password"},
      {Vendor::fanvil, "<AUTOUPDATE_CONFIG_MODULE/>", "where the phone fetches"},
      {Vendor::fanvil, "<dsskey><internal index=\"1\"/></dsskey>", "keys"},
      {Vendor::grandstream, "<item name=\"account.1.sip.&#115;ubscriber.password\">x</item>", "whose phone it is"},
      {Vendor::grandstream, "<item name=\"Provisioning.config.serverPath\">x</item>", "where the phone fetches"},
      {Vendor::grandstream, "<part name=\"account.1\"><item name=\"enable\">No</item></part>", "stands within"},
      {Vendor::grandstream, "<item>x</item>", "which is expected"},
      {Vendor::grandstream, "<P34>x</P34>", "whose phone it is"},
      {Vendor::grandstream, "<P034>x</P034>", "whose phone it is"},
      {Vendor::grandstream, "<P34 name=\"harmless\">x</P34>", "whose phone it is"},
      {Vendor::grandstream, "<Item name=\"account.1.sip.subscriber.password\">x</Item>", "small letters"},
      {Vendor::grandstream, "<P50602>x</P50602>", "whose phone it is"},
      {Vendor::grandstream, "<P2>x</P2>", "password"},
      {Vendor::htek, "<P237>http://x</P237>", "where the phone fetches"},
      {Vendor::htek, "<Account2_SipUserId>x</Account2_SipUserId>", "whose phone it is"},
      {Vendor::htek, "</config><config version=\"1\"><P34>x</P34>", "an element ends here that didn't begin"},
      {Vendor::cisco, "<Profile_Rule_B>http://x</Profile_Rule_B>", "where the phone fetches"},
      {Vendor::cisco, "<Report_Rule>http://x</Report_Rule>", "where the phone fetches"},
      {Vendor::cisco, "<Block_ANC_Act_Code>*77</Block_ANC_Act_Code>", "log-in codes"},
      {Vendor::cisco, "<Admin_Password>x</Admin_Password>", "password"},
      {Vendor::poly, "<a reg.1.auth.password=\"x\"/>", "whose phone it is"},
      {Vendor::poly, "<a>\n<b\n device.prov.serverName=\"x\"/></a>", "line 3: device.prov.serverName"},
      {Vendor::poly, "/><x reg.1.address=\"x\"", "text outside"},
  };
  for (const auto& [vendor, text, says] : attacks) {
    EXPECT_THAT(fault_of(vendor, text), HasSubstr(says)) << text;
    // Also where a text came into the store by another way.
    const auto view = occupied_view(vendor);
    EXPECT_EQ(with(view, {text}), provisioner().render(view).body) << text;
  }
}

TEST(OwnLinesTest, SayTheLineThatIsntGrammatical) {
  const Attack wrong[] = {
      {Vendor::yealink, "a = 1\n\nb\n", "line 3: \"name = value\" is expected"},
      {Vendor::yealink, "a = 1\na = 2", "line 2: a is there twice"},
      {Vendor::yealink, "a = 1\nb = \x01", "line 2: there is a control character"},
      {Vendor::yealink, "a = 1\rb = 2", "line 1: there is a control character"},
      {Vendor::yealink, "a = 1\nb = \xff", "line 2: it isn't UTF-8"},
      {Vendor::yealink,
       "a = \xe2\x80\xa8"
       "account.1.password = x",
       "line 1: there is a control character"},
      {Vendor::snom, "<a>1</a>\n<b>1\n", "line 2: <b> has no </b>"},
      {Vendor::snom, "<a>1</b>", "line 1: </b> stands where </a> is expected"},
      {Vendor::snom, "<a>R & D</a>", "line 1: a & stands for itself only as &amp;"},
      {Vendor::snom, "<a>&evil;</a>", "line 1: &evil; stands for nothing"},
      {Vendor::snom, "<a>&#0;</a>", "stands for nothing"},
      {Vendor::snom, "<a>&#10;x</a>", "stands for nothing"},
      {Vendor::snom, "<!DOCTYPE a [<!ENTITY x \"y\">]>", "line 1: only elements and comments are expected"},
      {Vendor::snom, "<![CDATA[x]]>", "only elements and comments"},
      {Vendor::snom, "<?xml version=\"1.0\"?>", "only elements and comments"},
      {Vendor::snom, "<a idx=1>x</a>", "isn't in quotation marks"},
      {Vendor::snom, "<a idx=\"1>x</a>", "a < stands for itself only"},
      {Vendor::snom, "<!-- x -- y -->", "a comment doesn't end"},
      {Vendor::snom, "<!-- x", "a comment doesn't end"},
      {Vendor::snom, "a = 1", "text outside of an element"},
      {Vendor::fanvil, "<a><b><c><d><e><f><g><h><i>1</i></h></g></f></e></d></c></b></a>", "too deep"},
      {Vendor::fanvil, "<a>x<b>1</b></a>", "a has both text and elements"},
      {Vendor::poly, "<a x=\"1\">y</a>", "there is text"},
  };
  for (const auto& [vendor, text, says] : wrong) EXPECT_THAT(fault_of(vendor, text), HasSubstr(says)) << text;
  EXPECT_EQ(fault_of(Vendor::yealink, "a = 1\r\nb = 2\r\n"), "");
  EXPECT_THAT(fault_of(Vendor::yealink, "a = " + std::string(513, 'x')), HasSubstr("longer than 512"));
  EXPECT_THAT(fault_of(Vendor::yealink, "a = " + std::string(2000, 'x')), HasSubstr("line 1: it is longer than 1000"));
  EXPECT_THAT(fault_of(Vendor::yealink, std::string(20'000, '\n')), HasSubstr("16384 at most"));
  EXPECT_THAT(fault_of(Vendor::yealink, std::string(500, '\n')), HasSubstr("more than 400 lines"));
  EXPECT_THAT(provisioner().fault_of_own(Vendor::fanvil, "", "<phone>x</phone>")->what,
              HasSubstr("line 1: phone doesn't go into the file: there it is a group of others"));
  EXPECT_THAT(
      provisioner().fault_of_own(Vendor::fanvil, "", "<mm><DtmfPayloadType><a>1</a></DtmfPayloadType></mm>")->what,
      HasSubstr("there it is a value"));
}

TEST(OwnLinesTest, AreNoTemplate) {
  const auto view = occupied_view(Vendor::yealink);
  const auto body = with(view, {"a.b = {{PASSWORD}}{{#KEY}}{{%AUTOESCAPE}}\n"});
  EXPECT_EQ(value_in(Vendor::yealink, body, "a.b"), "{{PASSWORD}}{{#KEY}}{{%AUTOESCAPE}}");
  const auto xml = with(occupied_view(Vendor::snom), {"<a>{{PASSWORD}}</a>"});
  EXPECT_THAT(xml, HasSubstr("<a>{{PASSWORD}}</a>"));
}

TEST(OwnLinesTest, AreShownWithoutSecrets) {
  for (const auto vendor : vendors) {
    auto view = occupied_view(vendor);
    view.admin_password = Secret{"PassWord12345678"};
    if (vendor == Vendor::yealink) view.own_lines = {"ldap.password = geheim\nldap.user = eva\n"};
    const auto shown = provisioner().render_for_people(view).body;
    for (const auto& secret :
         {view.account.password.reveal(), view.token, std::string{"PassWord12345678"}, std::string{"geheim"}})
      EXPECT_THAT(shown, Not(HasSubstr(secret)));
    EXPECT_THAT(shown, HasSubstr("***"));
    EXPECT_EQ(settings_of(vendor, shown).size(), settings_of(vendor, provisioner().render(view).body).size());
  }
}

TEST(OwnLinesTest, AreToldByNameAndValue) {
  const auto read = read_own_lines(
      Vendor::fanvil, "<phone><display><Title>x</Title></display><volume index=\"2\"><a>1</a></volume></phone>");
  using Told = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(told(Vendor::fanvil, std::get<OwnLines>(read)),
            (Told{{"phone/display/Title", "x"}, {"phone/volume 2/a", "1"}}));
  EXPECT_EQ(told(Vendor::yealink, std::get<OwnLines>(read_own_lines(Vendor::yealink, "x.password = a"))),
            (Told{{"x.password", "***"}}));
}

// What a phone may read as a parameter that is held isn't let through because it is spelled otherwise.
TEST(OwnLinesTest, CantSpellANameSoThatOnlyThePhoneKnowsIt) {
  for (const char* name :
       {" account.1.sip.userid", "account.1.sip.userid ", "account.1. sip.userid", "\taccount.1.sip.userid",
        "&#32;account.1.sip.userid", "&#9;users.admin.password", "acc&#160;ount.1.sip.userid"})
    EXPECT_NE(fault_of(Vendor::grandstream, fmt::format("<item name=\"{}\">x</item>", name)), "") << name;
  EXPECT_NE(fault_of(Vendor::grandstream, "<item name=\"ACCOUNT.1.sip.userid\">x</item>"), "");
}

}  // namespace
}  // namespace roamdesk::provisioning
