#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

#include "common/base/utf8.hpp"
#include "common/phones/vendor_facts.hpp"

// Cisco's phones with multiplatform firmware (MPP, "3PCC"): XML `flat-profile`. They know no plug-and-play.
namespace roamdesk::phones::vendors {
namespace {

constexpr Word cisco_mark = "Cisco-";

struct Cisco {
  // "Cisco-CP-7832-3PCC/11.0.1 (00562b112233)", "Cisco-DP-9861/3.1.1"; of SIP:
  // "Cisco-CP-8865-3PCC/12.0.3_dcf719f39350_…", "…/11.3.7_MPP_0001".
  static std::optional<UserAgent> read_agent(AgentWords words) {
    const auto slash = words[0].find('/');
    UserAgent agent;
    std::string_view model = words[0].substr(0, slash).substr(std::string_view{cisco_mark}.size());
    if (!model.starts_with("CP-") && !model.starts_with("DP-")) return std::nullopt;
    model.remove_prefix(3);
    if (model.ends_with("-3PCC")) model.remove_suffix(5);
    agent.model = model;
    if (agent.model.empty()) return std::nullopt;
    if (slash != std::string_view::npos) read_version_with_tail(words[0].substr(slash + 1), agent);
    if (!agent.mac) agent.mac = find_agent_mac(words.subspan(1));
    return agent;
  }

  static std::string clock(int minutes) {
    const int hours = std::abs(minutes) / 60, rest = std::abs(minutes) % 60;
    return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', hours, rest);
  }
  // A word of the phone's list: what it hasn't is the one before.
  static std::string zone(const Zone& zone) {
    static constexpr int list[] = {-720, -660, -600, -540, -480, -420, -360, -300, -240, -210, -180, -120,
                                   -60,  0,    60,   120,  180,  210,  240,  270,  300,  330,  345,  360,
                                   390,  420,  480,  540,  570,  600,  660,  720,  780,  840};
    int offset = list[0];
    for (const int each : list)
      if (each <= zone.utc_offset_minutes) offset = each;
    return offset == 0 ? "GMT" : "GMT" + clock(offset);
  }
  // The rule of daylight saving: "start=3/-1/7/2:0:0;end=10/-1/7/3:0:0;save=1:0:0". Of a month's days it is the first
  // of the weekday (7: Sunday) from the day that is named on; -1 is the month's last. "" where clocks don't change.
  static std::string rule(const Zone& zone) {
    if (!zone.changes) return "";
    const auto change = [](const ClockChange& c) {
      return fmt::format("{}/{}/{}/{}:0:0", c.month, c.week == 5 ? -1 : static_cast<int>(c.week) * 7 - 6, c.weekday,
                         c.hour);
    };
    const int minutes = zone.changes->minutes;
    return fmt::format("start={};end={};save={}:{}:0", change(zone.changes->start), change(zone.changes->end),
                       minutes / 60, minutes % 60);
  }

  // "8841-3pcc.xml", "cp-8841-3pcc.xml" (its default rule, /$PSN.xml), then what the profile rule says: "<mac>.xml".
  static FileName resolve(std::string_view name) {
    if (name.ends_with(".loads") || name.ends_with(".sbn") || name.ends_with(".sgn") || name.ends_with(".zz"))
      return {FileKind::firmware, {}};
    if (const auto mac = mac_before(name, ".xml")) return {FileKind::device_config, mac};
    if (name.ends_with("-3pcc.xml") || (name.starts_with("dp-") && name.ends_with(".xml")))
      return {FileKind::first_contact, {}};
    return {FileKind::other, {}};
  }
  static std::string own_file(std::string_view, const Mac& mac) { return mac.text() + ".xml"; }

  // A changed Profile_Rule counts at the next resync, Profile_Rule_B still in this one.
  static std::string redirect(const ConfigUrl& url) {
    const auto own = escape_xml(url.directory) + "$MA.xml";
    return fmt::format(
        "{}<flat-profile>\n <Profile_Rule>{}</Profile_Rule>\n <Profile_Rule_B>{}</Profile_Rule_B>\n</flat-profile>\n",
        xml_head, own, own);
  }
};

constexpr AgentForm cisco_agent{.mark = cisco_mark, .place = MarkPlace::start_of_first_word, .read = Cisco::read_agent};

constexpr std::string_view cisco_firmware[] = {".loads", ".sbn", ".sgn", ".zz"};

constexpr Held cisco_held[] = {{"line_enable_*", HeldFor::account},
                               {"display_name_*", HeldFor::account},
                               {"user_id_*", HeldFor::account},
                               {"auth_id_*", HeldFor::account},
                               {"password_*", HeldFor::account},
                               {"*auth_realm*", HeldFor::account},
                               {"*sip_uri*", HeldFor::account},
                               {"*proxy*", HeldFor::account},
                               {"use_dns_srv_*", HeldFor::account},
                               {"register_*", HeldFor::account},
                               {"make_call_without_reg_*", HeldFor::account},
                               {"sip_transport_*", HeldFor::account},
                               {"secure_call_*", HeldFor::account},
                               {"mailbox_id_*", HeldFor::account},
                               {"voice_mail_*", HeldFor::account},
                               {"em_*", HeldFor::account},
                               {"*broadsoft*", HeldFor::account},
                               {"profile_rule*", HeldFor::server},
                               {"provision_enable", HeldFor::server},
                               {"*resync*", HeldFor::server},
                               {"report_rule", HeldFor::server},
                               {"dhcp_option_to_use", HeldFor::server},
                               {"http_user_agent_name", HeldFor::server},
                               {"*webex*", HeldFor::server},
                               {"*tr-069*", HeldFor::server},
                               {"acs_*", HeldFor::server},
                               {"custom_ca*", HeldFor::server},
                               {"cisco_xml_exe_*", HeldFor::telling},
                               {"enable_direct_action_url", HeldFor::telling},
                               {"upgrade_*", HeldFor::firmware},
                               {"*firmware*", HeldFor::firmware},
                               {"admin_password", HeldFor::password},
                               {"user_password", HeldFor::password},
                               {"extension_*", HeldFor::keys},
                               {"short_name_*", HeldFor::keys},
                               {"share_call_appearance_*", HeldFor::keys},
                               {"extended_function_*", HeldFor::keys},
                               {"unit_*", HeldFor::keys},
                               {"number_of_units", HeldFor::keys},
                               {"blf_list*", HeldFor::keys},
                               {"*_code", HeldFor::login},
                               {"*_codes", HeldFor::login},
                               {"dial_plan_*", HeldFor::login},
                               {"emergency_*", HeldFor::emergency},
                               {"*e911*", HeldFor::emergency}};

constexpr Grammar cisco_grammar{
    .content_type = "text/xml; charset=utf-8",
    .escape = escape_xml,
    .empty = "",
    // A key's function is a list of name=value; $ begins a macro.
    .not_in_labels = ";$",
    .transports = {.udp = "UDP", .tcp = "TCP", .tls = "TLS"},
    // Other languages need a dictionary file of the vendor's. So its file sets none, and these aren't used.
    .languages = {.en = "English-US",
                  .de = "English-US",
                  .fr = "English-US",
                  .es = "English-US",
                  .it = "English-US",
                  .pt = "English-US",
                  .nl = "English-US",
                  .pl = "English-US",
                  .ru = "English-US",
                  .tr = "English-US",
                  .sv = "English-US",
                  .da = "English-US",
                  .cs = "English-US"},
    .codecs = {.pcma = "G711a", .pcmu = "G711u", .g722 = "G722", .g729 = "G729a", .opus = "OPUS"},
    .zone = Cisco::zone,
    .zone_name = Cisco::rule,
    .dialects = no_dialects,
    .numbering = nullptr,
    .resolve = Cisco::resolve,
    .own_file = Cisco::own_file,
    .index_file = nullptr,
    .firmware = {.endings = cisco_firmware, .note = nullptr, .at_boot = false, .minutes = 90u},
    .own = {.form = LinesForm::elements, .into = "", .named_by = "", .held = cisco_held, .fits = nullptr},
    // Custom_CA_Rule is known; that a phone then checks by our authority alone is not.
    .takes_authority = false,
    .nothing = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<flat-profile/>\n",
    .redirect = Cisco::redirect,
};

}  // namespace

extern constinit const VendorFacts cisco{
    .vendor = Vendor::cisco,
    .name = "cisco",
    .display = "Cisco",
    // Too many, and most of them no phone's.
    .ouis = std::span<const Oui>{},
    .user_agent = &cisco_agent,
    .no_models = no_words,
    .event_model_prefix = "",
    .model_prefixes = no_words,
    .firmware_names_hardware = false,
    // docs/reference/provisioning.md §6
    .resync = {.fetch = "resync", .reboot = "reboot"},
    .grammar = &cisco_grammar,
};

}  // namespace roamdesk::phones::vendors
