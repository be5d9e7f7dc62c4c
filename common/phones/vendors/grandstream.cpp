#include <fmt/format.h>

#include <cstdlib>

#include "common/base/utf8.hpp"
#include "common/phones/vendor_facts.hpp"

// Grandstream GRP and GXP: XML `gs_provision`.
namespace roamdesk::phones::vendors {
namespace {

struct Grandstream {
  // "Grandstream Model HW GXV3240 V1.6B SW 1.0.1.27 DevId 000b82112233"; of SIP: "Grandstream GRP2612W 1.0.5.67".
  static std::optional<UserAgent> read_agent(AgentWords words) {
    if (words.size() < 3 || words[1] != "Model" || words[2] != "HW") return read_plain_agent(words);
    if (words.size() < 4) return std::nullopt;
    UserAgent agent;
    agent.model = words[3];
    for (std::size_t i = 4; i + 1 < words.size(); ++i) {
      if (words[i] == "SW") agent.firmware = words[i + 1];
      if (words[i] == "DevId") agent.mac = read_agent_mac(words[i + 1]);
    }
    return agent;
  }

  // POSIX counts westwards.
  static std::string posix_offset(int minutes_east) {
    const int west = -minutes_east;
    const int hours = west / 60, rest = std::abs(west % 60);
    return rest == 0 ? fmt::format("{}", hours)
                     : fmt::format("{}{}:{:02}", west < 0 && hours == 0 ? "-" : "", hours, rest);
  }
  static std::string posix_change(const ClockChange& c) {
    return fmt::format("M{}.{}.{}/{:02}:00:00", c.month, c.week, c.weekday % 7, c.hour);
  }
  // A POSIX TZ: "STD-1DST-2,M3.5.0/02:00:00,M10.5.0/03:00:00".
  static std::string zone(const Zone& zone) {
    const int offset = zone.utc_offset_minutes;
    if (!zone.changes) return "STD" + posix_offset(offset);
    return fmt::format("STD{}DST{},{},{}", posix_offset(offset), posix_offset(offset + zone.changes->minutes),
                       posix_change(zone.changes->start), posix_change(zone.changes->end));
  }

  static FileName resolve(std::string_view name) {
    if (name.ends_with("fw.bin")) return {FileKind::firmware, {}};
    if (!name.starts_with("cfg")) return {FileKind::other, {}};
    const auto rest = name.substr(3);
    if (const auto mac = mac_before(rest, ".xml")) return {FileKind::device_config, mac};
    if (const auto mac = mac_before(rest, "")) return {FileKind::device_probe, mac};
    if (const auto mac = mac_before(rest, ".bin")) return {FileKind::device_probe, mac};
    if (rest.ends_with(".xml")) return {FileKind::common, {}};
    return {FileKind::other, {}};
  }
  static std::string own_file(std::string_view, const Mac& mac) { return "cfg" + mac.text() + ".xml"; }

  // Old firmware takes P-values only (docs/reference/provisioning.md §5.3), and all take these two.
  static std::string redirect(const ConfigUrl& url) {
    return fmt::format(
        "{}<gs_provision version=\"1\">\n <config version=\"1\">\n  <P212>1</P212>\n  <P237>{}</P237>\n"
        " </config>\n</gs_provision>\n",
        xml_head, escape_xml(without_scheme(url.directory)));
  }
};

constexpr Oui grandstream_ouis[] = {"000b82", "144cff", "c074ad", "ec74d7"};
constexpr AgentForm grandstream_agent{
    .mark = "grandstream", .place = MarkPlace::first_word, .read = Grandstream::read_agent};
// Named parameters, or the numbered ones of old models.
constexpr Dialect grandstream_dialects[] = {{"", "ALIASES"}, {"pvalue", "P_VALUES"}};

constexpr Grammar grandstream_grammar{
    .content_type = "text/xml; charset=utf-8",
    .escape = escape_xml,
    .empty = "",
    .transports = {.udp = "UDP", .tcp = "TCP", .tls = "TlsOrTcp"},
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
    .zone = Grandstream::zone,
    .dialects = grandstream_dialects,
    .resolve = Grandstream::resolve,
    .own_file = Grandstream::own_file,
    // Names of parameters are known, but not their values (docs/reference/provisioning.md §9).
    .takes_authority = false,
    .nothing =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gs_provision version=\"1\">\n <config version=\"1\"/>\n"
        "</gs_provision>\n",
    .redirect = Grandstream::redirect,
};

}  // namespace

extern constinit const VendorFacts grandstream{
    .vendor = Vendor::grandstream,
    .name = "grandstream",
    .display = "Grandstream",
    .ouis = grandstream_ouis,
    .user_agent = &grandstream_agent,
    .no_models = no_words,
    .event_model_prefix = "",
    .model_prefixes = no_words,
    .firmware_names_hardware = false,
    // That the bare event doesn't reboot it isn't proven on hardware (docs/reference/provisioning.md §6).
    .resync = {.fetch = "check-sync", .reboot = "check-sync;reboot=true"},
    .grammar = &grandstream_grammar,
};

}  // namespace roamdesk::phones::vendors
