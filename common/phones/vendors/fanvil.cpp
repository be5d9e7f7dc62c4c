#include <fmt/format.h>

#include "common/base/utf8.hpp"
#include "common/phones/vendor_facts.hpp"

// Fanvil X and V: XML `sysConf`.
namespace roamdesk::phones::vendors {
namespace {

struct Fanvil {
  // Quarters of an hour.
  static std::string zone(const Zone& zone) { return fmt::format("{}", zone.utc_offset_minutes / 15); }

  static FileName resolve(std::string_view name) {
    if (const auto mac = mac_before(name, ".cfg")) return {FileKind::device_config, mac};
    // Firmware 2.12 and later asks for it first.
    if (const auto mac = mac_before(name, ".boot")) return {FileKind::boot, mac};
    // "f0x4hw1.100.cfg", "f0v00x300000.cfg"
    if (name.starts_with("f0") && name.ends_with(".cfg")) return {FileKind::common, {}};
    if ((name.starts_with("fanvil_") && name.ends_with(".txt")) || name.ends_with(".z"))
      return {FileKind::firmware, {}};
    return {FileKind::other, {}};
  }
  static std::string own_file(std::string_view, const Mac& mac) { return mac.text() + ".cfg"; }

  static std::string redirect(const ConfigUrl& url) {
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
// Keys on the screen's pages, or beside the screen.
constexpr Dialect fanvil_dialects[] = {{"", "SCREEN_KEYS"}, {"side", "SIDE_KEYS"}};

constexpr Grammar fanvil_grammar{
    .content_type = "text/xml; charset=utf-8",
    .escape = escape_xml,
    .empty = "",
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
                  .sv = "sv",
                  .da = "da",
                  .cs = "cs"},
    .codecs = {.pcma = "PCMA", .pcmu = "PCMU", .g722 = "G722", .g729 = "G729", .opus = "OPUS"},
    .zone = Fanvil::zone,
    .zone_name = nullptr,
    .dialects = fanvil_dialects,
    .numbering = nullptr,
    .resolve = Fanvil::resolve,
    .own_file = Fanvil::own_file,
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
