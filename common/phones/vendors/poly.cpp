#include <fmt/format.h>

#include <string_view>

#include "common/base/utf8.hpp"
#include "common/phones/vendor_facts.hpp"

// Poly VVX (UC Software) and Edge E (PVOS): settings are attributes, in a file that an index of the phone's names. They
// know no plug-and-play.
namespace roamdesk::phones::vendors {
namespace {

struct Poly {
  // "FileTransport PolycomVVX-VVX_450-UA/6.4.0.1234 (SN:482567b5313f) Type/Application", "Poly/CCX_600-UA/7.2.0.1234";
  // of SIP: "PolyEdge-Edge_E350-UA/8.1.0.12034_64167f112233".
  static std::optional<UserAgent> read_agent(AgentWords words) {
    const auto word = words[0];
    const auto family = word.find_first_of("-/");
    const auto tail = word.find("-UA/");
    if (family == std::string_view::npos || tail == std::string_view::npos || tail <= family) return std::nullopt;
    UserAgent agent;
    agent.model = word.substr(family + 1, tail - family - 1);
    read_version_with_tail(word.substr(tail + 4), agent);
    if (!agent.mac) agent.mac = find_agent_mac(words.subspan(1));
    return agent;
  }

  // Seconds.
  static std::string zone(const Zone& zone) { return fmt::format("{}", zone.utc_offset_minutes * 60); }

  // "<mac>.cfg", then what that names, then files of its own, which it also sends.
  static FileName resolve(std::string_view name) {
    if (name.ends_with(".ld")) return {FileKind::firmware, {}};
    // Of every phone that has none of its own.
    if (name.starts_with("000000000000")) return {FileKind::other, {}};
    if (const auto mac = mac_before(name, ".cfg")) return {FileKind::index, mac};
    if (const auto mac = mac_before(name, "-settings.cfg")) return {FileKind::device_config, mac};
    for (const auto* ending : {"-phone.cfg", "-web.cfg", "-license.cfg", "-directory.xml", "-calls.xml"})
      if (const auto mac = mac_before(name, ending)) return {FileKind::device_probe, mac};
    return {FileKind::other, {}};
  }
  static std::string own_file(std::string_view, const Mac& mac) { return mac.text() + "-settings.cfg"; }
  // Where it isn't its turn, the firmware that it names isn't here: the phone keeps its own.
  static std::string index_file(const Mac& mac, std::string_view firmware) {
    return fmt::format(
        "{}<APPLICATION APP_FILE_PATH=\"{}\" CONFIG_FILES=\"{}\" MISC_FILES=\"\" LOG_FILE_DIRECTORY=\"\""
        " OVERRIDES_DIRECTORY=\"\" CONTACTS_DIRECTORY=\"\" LICENSE_DIRECTORY=\"\"/>\n",
        xml_head, firmware.empty() ? std::string{"sip.ld"} : escape_xml(firmware), own_file("", mac));
  }

  static std::string redirect(const ConfigUrl& url) {
    return fmt::format(
        "{}<polycomConfig\n device.set=\"1\"\n"
        " device.dhcp.bootSrvUseOpt.set=\"1\"\n device.dhcp.bootSrvUseOpt=\"Static\"\n"
        " device.prov.serverType.set=\"1\"\n device.prov.serverType=\"HTTP\"\n"
        " device.prov.serverName.set=\"1\"\n device.prov.serverName=\"{}\"\n/>\n",
        xml_head, escape_xml(url.directory));
  }
};

// The last one is of HP, whose phones they are now.
constexpr Oui poly_ouis[] = {"0004f2", "64167f", "482567", "f04ea4"};

constexpr AgentForm poly_agent{.mark = "Poly", .place = MarkPlace::start_of_any_word, .read = Poly::read_agent};

constexpr std::string_view poly_firmware[] = {".ld"};

constexpr Held poly_held[] = {{"reg.*", HeldFor::account},
                              {"msg.mwi.*", HeldFor::account},
                              {"voipprot.server.*", HeldFor::account},
                              {"voipprot.sip.outboundproxy.*", HeldFor::account},
                              {"sec.srtp.*", HeldFor::account},
                              {"voipprot.sip.specialevent.*", HeldFor::telling},
                              {"voipprot.sip.requestvalidation.*", HeldFor::telling},
                              {"apps.push.*", HeldFor::telling},
                              {"device.set", HeldFor::server},
                              {"device.baseprofile*", HeldFor::server},
                              {"device.prov.*", HeldFor::server},
                              {"device.dhcp.bootsrv*", HeldFor::server},
                              {"device.sec.*", HeldFor::server},
                              {"sec.tls.*", HeldFor::server},
                              {"prov.*", HeldFor::server},
                              {"feature.lens.*", HeldFor::server},
                              {"feature.pcc.*", HeldFor::server},
                              {"feature.da.*", HeldFor::server},
                              {"feature.obitalk.*", HeldFor::server},
                              {"device.auth.*", HeldFor::password},
                              {"httpd.*", HeldFor::password},
                              {"upgrade.*", HeldFor::firmware},
                              {"*app_file_path*", HeldFor::firmware},
                              {"linekey.*", HeldFor::keys},
                              {"attendant.*", HeldFor::keys},
                              {"efk.*", HeldFor::keys},
                              {"feature.enhancedfeaturekeys.*", HeldFor::keys},
                              {"feature.efklinekey.*", HeldFor::keys},
                              {"dialplan.*", HeldFor::login}};

constexpr Grammar poly_grammar{
    .content_type = "text/xml; charset=utf-8",
    .escape = escape_xml,
    .empty = "",
    .not_in_labels = "",
    .transports = {.udp = "UDPOnly", .tcp = "TCPOnly", .tls = "TLS"},
    .languages = {.en = "English_United_States",
                  .de = "German_Germany",
                  .fr = "French_France",
                  .es = "Spanish_Spain",
                  .it = "Italian_Italy",
                  .pt = "Portuguese_Portugal",
                  .nl = "Dutch_Netherlands",
                  .pl = "Polish_Poland",
                  .ru = "Russian_Russia",
                  // It has neither Turkish nor Czech.
                  .tr = "English_United_States",
                  .sv = "Swedish_Sweden",
                  .da = "Danish_Denmark",
                  .cs = "English_United_States"},
    .codecs = {.pcma = "G711_A", .pcmu = "G711_Mu", .g722 = "G722", .g729 = "G729_AB", .opus = "Opus"},
    .zone = Poly::zone,
    .zone_name = nullptr,
    .dialects = no_dialects,
    .numbering = nullptr,
    .resolve = Poly::resolve,
    .own_file = Poly::own_file,
    .index_file = Poly::index_file,
    .firmware = {.endings = poly_firmware, .note = nullptr, .at_boot = true, .minutes = 60u},
    .own = {.form = LinesForm::attributes, .into = "", .named_by = "", .held = poly_held, .fits = nullptr},
    // A certificate would have to stand in the file itself.
    .takes_authority = false,
    .nothing = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<polycomConfig/>\n",
    .redirect = Poly::redirect,
};

}  // namespace

extern constinit const VendorFacts poly{
    .vendor = Vendor::poly,
    .name = "poly",
    .display = "Poly",
    .ouis = poly_ouis,
    .user_agent = &poly_agent,
    .no_models = no_words,
    .event_model_prefix = "",
    .model_prefixes = no_words,
    .firmware_names_hardware = false,
    // It restarts by itself where what has changed needs that, and never for nothing (alwaysReboot 0).
    .resync = {.fetch = "check-sync", .reboot = "check-sync"},
    .grammar = &poly_grammar,
};

}  // namespace roamdesk::phones::vendors
