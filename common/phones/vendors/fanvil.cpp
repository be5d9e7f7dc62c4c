#include <fmt/format.h>

#include <cstdlib>

#include "common/base/text.hpp"
#include "common/base/utf8.hpp"
#include "common/phones/vendor_facts.hpp"

// Fanvil X and V: XML `sysConf`, and `VOIP_CONFIG_FILE` of the models before.
namespace roamdesk::phones::vendors {
namespace {

// The model list's word for models that know no sysConf.
constexpr std::string_view fanvil_before = "voip_config";

struct Fanvil {
  // Quarters of an hour.
  static std::string zone(const Zone& zone) { return fmt::format("{}", zone.utc_offset_minutes / 15); }
  // "UTC+1", "UTC-3:30"; its own lists have "UCT" for none.
  static std::string zone_name(const Zone& zone) {
    const int offset = zone.utc_offset_minutes;
    if (offset == 0) return "UCT";
    const int hours = std::abs(offset) / 60, rest = std::abs(offset) % 60;
    const auto sign = offset < 0 ? '-' : '+';
    return rest == 0 ? fmt::format("UTC{}{}", sign, hours) : fmt::format("UTC{}{}:{:02}", sign, hours, rest);
  }

  static FileName resolve(std::string_view name) {
    if (const auto mac = mac_before(name, ".cfg")) return {FileKind::device_config, mac};
    // Firmware 2.12 and later asks for it first.
    if (const auto mac = mac_before(name, ".boot")) return {FileKind::boot, mac};
    // "f0x4hw1.100.cfg", "f0v00x300000.cfg"
    if (name.starts_with("f0") && name.ends_with(".cfg")) return {FileKind::common, {}};
    if (name.starts_with("fanvil_") && name.ends_with(".txt")) return {FileKind::firmware_note, {}};
    if (name.ends_with(".z")) return {FileKind::firmware, {}};
    return {FileKind::other, {}};
  }
  static std::string own_file(std::string_view, const Mac& mac) { return mac.text() + ".cfg"; }

  // "fanvil_x6u_hwv1_0.txt" on its upgrade server; it compares the version with its own.
  static std::string firmware_note(std::string_view url, std::string_view version) {
    return fmt::format("Version={}\nFirmware={}\nBuildTime=2000.01.01 00:00\nInfo=TXT\n\n{}\n", version, url, version);
  }

  // Modules are of the models before.
  static bool fits(std::string_view name, std::string_view dialect) {
    return lowered(name).ends_with("_config_module") == (dialect == fanvil_before);
  }

  static std::string redirect(const ConfigUrl& url) {
    if (url.dialect == fanvil_before)
      return fmt::format(
          "{}<VOIP_CONFIG_FILE>\n <version>2.0002000000</version>\n <AUTOUPDATE_CONFIG_MODULE>\n"
          "  <Download_Server_IP>{}</Download_Server_IP>\n  <Config_File_Name>$mac.cfg</Config_File_Name>\n"
          "  <Download_Protocol>2</Download_Protocol>\n  <Download_Mode>1</Download_Mode>\n"
          " </AUTOUPDATE_CONFIG_MODULE>\n</VOIP_CONFIG_FILE>\n",
          xml_head, escape_xml(url.directory));
    return fmt::format(
        "{}<sysConf>\n <Version>2.0000000000</Version>\n <ap>\n  <FlashServerIP>{}</FlashServerIP>\n"
        "  <FlashFileName>$mac.cfg</FlashFileName>\n  <FlashProtocol>4</FlashProtocol>\n"
        "  <FlashMode>1</FlashMode>\n </ap>\n</sysConf>\n",
        xml_head, escape_xml(url.directory));
  }
};

// Rebrands use 0c383e too; their User-Agent tells.
constexpr Oui fanvil_ouis[] = {"0c383e", "00a859"};
// "Fanvil X6U Pro 0.0.10 0c383e112233"
constexpr AgentForm fanvil_agent{.mark = "fanvil", .place = MarkPlace::first_word, .read = read_plain_agent};
// docs/reference/provisioning.md §2.2
constexpr std::string_view fanvil_no_models[] = {"VOIP PHONE"};
// Numbers of their own list; English where we know of none.
constexpr Languages languages_before{.en = "0",
                                     .de = "16",
                                     .fr = "4",
                                     .es = "10",
                                     .it = "7",
                                     .pt = "0",
                                     .nl = "3",
                                     .pl = "0",
                                     .ru = "0",
                                     .tr = "0",
                                     .sv = "0",
                                     .da = "0",
                                     .cs = "0"};
constexpr Codecs codecs_before{.pcma = "G711A", .pcmu = "G711U", .g722 = "G722", .g729 = "G729", .opus = "OPUS"};
constexpr CodecName no_opus[] = {CodecName::opus};
constexpr Dialect fanvil_dialects[] = {{.word = "", .section = "SYS_CONF", .key_element = "internal"},
                                       {.word = fanvil_before,
                                        .section = "VOIP_CONFIG",
                                        .languages = &languages_before,
                                        .codecs = &codecs_before,
                                        .without = no_opus}};

constexpr std::string_view fanvil_firmware[] = {".z"};

constexpr Held fanvil_held[] = {{"version", HeldFor::server},
                                {"sip/line*", HeldFor::account},
                                {"sip/notifyreboot", HeldFor::telling},
                                {"cti/*activeuri*", HeldFor::telling},
                                {"ap", HeldFor::server},
                                {"ap/*", HeldFor::server},
                                {"ota*", HeldFor::server},
                                {"tr069*", HeldFor::server},
                                {"cwmp*", HeldFor::server},
                                {"web/account*", HeldFor::password},
                                {"phone/menupassword", HeldFor::password},
                                {"fwcheck*", HeldFor::firmware},
                                {"dsskey*", HeldFor::keys},
                                {"phone/emergencycall", HeldFor::emergency},
                                {"call/dialplan*", HeldFor::login},
                                // Of the models before.
                                {"sip_config_module/sip_line*", HeldFor::account},
                                {"sip_config_module/notify_reboot", HeldFor::telling},
                                {"autoupdate_config_module*", HeldFor::server},
                                {"tr069_config_module*", HeldFor::server},
                                {"mmi_config_module/mmi_account*", HeldFor::password},
                                {"phone_config_module/menu_password", HeldFor::password},
                                {"phone_config_module/function_key*", HeldFor::keys},
                                {"phone_config_module/*softkey*", HeldFor::keys},
                                {"phone_config_module/emergency_call", HeldFor::emergency},
                                {"tele_config_module/dial_peer*", HeldFor::login}};

constexpr Grammar fanvil_grammar{
    .content_type = "text/xml; charset=utf-8",
    .escape = escape_xml,
    .empty = "",
    .not_in_labels = "",
    .transports = {.udp = "0", .tcp = "1", .tls = "3"},
    .languages = {.en = "en",
                  .de = "de",
                  .fr = "fr",
                  .es = "es",
                  .it = "it",
                  .pt = "pt",
                  .nl = "nl",
                  .pl = "pl",
                  .ru = "ru",
                  .tr = "tr",
                  // It has neither.
                  .sv = "en",
                  .da = "en",
                  .cs = "cz"},
    .codecs = {.pcma = "PCMA", .pcmu = "PCMU", .g722 = "G722", .g729 = "G729", .opus = "OPUS"},
    .zone = Fanvil::zone,
    .zone_name = Fanvil::zone_name,
    .dialects = fanvil_dialects,
    .numbering = nullptr,
    .resolve = Fanvil::resolve,
    .own_file = Fanvil::own_file,
    .index_file = nullptr,
    .firmware = {.endings = fanvil_firmware, .note = Fanvil::firmware_note, .at_boot = false, .minutes = 150u},
    .own = {.form = LinesForm::tree, .into = "", .named_by = "", .held = fanvil_held, .fits = Fanvil::fits},
    // No parameter for it is known.
    .takes_authority = false,
    .nothing = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sysConf>\n <Version>2.0000000000</Version>\n</sysConf>\n",
    .redirect = Fanvil::redirect,
};

}  // namespace

extern constinit const VendorFacts fanvil{
    .vendor = Vendor::fanvil,
    .name = "fanvil",
    .display = "Fanvil",
    .ouis = fanvil_ouis,
    .user_agent = &fanvil_agent,
    .no_models = fanvil_no_models,
    .event_model_prefix = "",
    .model_prefixes = no_words,
    .firmware_names_hardware = false,
    // That the bare event doesn't reboot it isn't proven on hardware (docs/reference/provisioning.md §6).
    .resync = {.fetch = "check-sync", .reboot = "check-sync;reboot=true"},
    .grammar = &fanvil_grammar,
};

}  // namespace roamdesk::phones::vendors
