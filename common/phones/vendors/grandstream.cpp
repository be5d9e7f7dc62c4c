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
    std::size_t i = 3;
    // The hardware's version is no part of the model's name; "Pro" is.
    for (; i < words.size() && words[i] != "SW" && words[i] != "DevId" && !is_hardware_version(words[i]); ++i)
      agent.model += (agent.model.empty() ? "" : " ") + std::string{words[i]};
    if (agent.model.empty()) return std::nullopt;
    for (; i + 1 < words.size(); ++i) {
      if (words[i] == "SW") agent.firmware = words[i + 1];
      if (words[i] == "DevId") agent.mac = read_agent_mac(words[i + 1]);
    }
    return agent;
  }
  // "V1.6B"
  static bool is_hardware_version(std::string_view word) {
    return word.size() > 1 && word[0] == 'V' && word[1] >= '0' && word[1] <= '9';
  }

  // POSIX counts westwards; Grandstream writes the sign always.
  static std::string posix_offset(int minutes_east) {
    const int west = -minutes_east, hours = std::abs(west) / 60, rest = std::abs(west) % 60;
    return fmt::format("{}{}", west < 0 ? '-' : '+',
                       rest == 0 ? fmt::format("{}", hours) : fmt::format("{}:{:02}", hours, rest));
  }
  static std::string posix_change(const ClockChange& c) {
    return fmt::format("M{}.{}.{}/{:02}:00:00", c.month, c.week, c.weekday % 7, c.hour);
  }
  // What a phone whose zone is `customize` goes by: "MTZ-1MDT-2,M3.5.0/02:00:00,M10.5.0/03:00:00". The letters are the
  // maker's own example.
  static std::string zone(const Zone& zone) {
    const int offset = zone.utc_offset_minutes;
    if (!zone.changes) return "MTZ" + posix_offset(offset);
    return fmt::format("MTZ{}MDT{},{},{}", posix_offset(offset), posix_offset(offset + zone.changes->minutes),
                       posix_change(zone.changes->start), posix_change(zone.changes->end));
  }
  // The phone takes nothing but the words of its own list, which isn't the same on all models: those that stand in
  // all lists with the same meaning, for zones whose clocks change as they say.
  static std::string zone_name(const Zone& zone) {
    struct Listed {
      int offset;
      std::string_view changes;  // "" for none
      std::string_view word;
    };
    constexpr std::string_view america = "M3.2.0/02:00:00,M11.1.0/02:00:00";
    static constexpr Listed list[] = {
        {-600, "", "HAW10"},
        {-540, america, "AKST9AKDT"},
        {-480, america, "PST8PDT"},
        {-420, america, "MST7MDT"},
        {-420, "", "MST7"},
        {-360, america, "CST6CDT"},
        {-360, "", "CST+6"},
        {-300, america, "EST5EDT"},
        {-300, "", "EST5"},
        {-240, america, "AST4ADT"},
        {-180, "", "TZK+3"},
        {-120, "", "TZL+2"},
        {-60, "", "TZM+1"},
        {0, "", "TZN+0"},
        {0, "M3.5.0/01:00:00,M10.5.0/02:00:00", "GMT+0BST-1,M3.5.0/01:00:00,M10.5.0/02:00:00"},
        {60, "M3.5.0/02:00:00,M10.5.0/03:00:00", "CET-1CEST-2,M3.5.0/02:00:00,M10.5.0/03:00:00"},
        {120, "", "TZP-2"},
        {180, "", "TZQ-3"},
        {240, "", "TZR-4"},
        {300, "", "TZS-5"},
        {330, "", "TZT-5:30"},
        {345, "", "TZU-5:45"},
        {360, "", "TZV-6"},
        {390, "", "TZW-6:30"},
        {420, "", "TZX-7"},
        {480, "", "TZY-8"},
        {540, "", "TZZ-9"},
        {570, "", "CST-9:30"},
        {600, "", "TZb-10"},
        {660, "", "TZc-11"},
        {780, "", "TZe-13"},
    };
    std::string changes;
    if (zone.changes) changes = posix_change(zone.changes->start) + "," + posix_change(zone.changes->end);
    if (!zone.changes || zone.changes->minutes == 60)
      for (const auto& each : list)
        if (each.offset == zone.utc_offset_minutes && each.changes == changes) return std::string{each.word};
    return "customize";
  }

  // Of Android: "Europe/Berlin". Without a continent it isn't in the phone's list.
  static std::string android_zone(const Zone& zone) {
    return zone.name.find('/') == std::string_view::npos ? "auto" : std::string{zone.name};
  }

  // Accounts 2 to 4 are at P401, P501, P601; 5 and 6 at P1701, P1801; from the seventh on at P50601, a hundred each.
  static AccountNumbers account_numbers(std::size_t account) {
    const auto number = static_cast<unsigned>(account);
    const unsigned first = 100 * (number <= 4 ? number + 2 : number <= 6 ? number + 12 : number + 499);
    return {.active = first + 1,
            .label = first + 17,
            .user = first + 4,
            .auth_user = first + 5,
            .password = first + 6,
            .name = first + 7,
            .voicemail = first + 26,
            .server = first + 2,
            .proxy = first + 3};
  }
  static KeyNumbers key_numbers(const Model& model, std::size_t index) {
    const std::size_t on_screen = model.keys - model.physical_keys;
    const auto n = static_cast<unsigned>(index < on_screen ? index : index - on_screen);
    // Line keys and the first virtual ones.
    if (index < on_screen && n < 6) return {1363 + 2 * n, 1364 + 2 * n, 1465 + 2 * n, 1466 + 2 * n};
    if (index < on_screen) return {23800 + 4 * (n - 6), 23801 + 4 * (n - 6), 23802 + 4 * (n - 6), 23803 + 4 * (n - 6)};
    // Physical ones: the eighth is apart from the seven before it.
    if (n < 7) return {323 + n, 301 + 3 * n, 302 + 3 * n, 303 + 3 * n};
    return {353, 354, 355, 356};
  }
  static std::optional<unsigned> codec_number(const Model& model, CodecName codec) {
    switch (codec) {
      case CodecName::pcma:
        return 8;
      case CodecName::pcmu:
        return 0;
      case CodecName::g722:
        return 9;
      case CodecName::g729:
        return 18;
      case CodecName::opus:
        return model.dialect == "gxp17" ? std::optional{125u} : std::nullopt;
    }
    return std::nullopt;
  }

  static FileName resolve(std::string_view name) {
    if (name.ends_with("fw.bin")) return {FileKind::firmware, {}};
    // Newer firmware's; nothing of ours is in it.
    if (name.starts_with("dev"))
      if (const auto mac = mac_before(name.substr(3), ".cfg")) return {FileKind::device_probe, mac};
    if (!name.starts_with("cfg")) return {FileKind::other, {}};
    const auto rest = name.substr(3);
    if (const auto mac = mac_before(rest, ".xml")) return {FileKind::device_config, mac};
    if (const auto mac = mac_before(rest, "")) return {FileKind::device_probe, mac};
    if (const auto mac = mac_before(rest, ".bin")) return {FileKind::device_probe, mac};
    if (rest.ends_with(".xml")) return {FileKind::common, {}};
    return {FileKind::other, {}};
  }
  static std::string own_file(std::string_view, const Mac& mac) { return "cfg" + mac.text() + ".xml"; }

  static bool fits(std::string_view name, std::string_view dialect) { return (name == "item") == dialect.empty(); }

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
constexpr Languages grandstream_languages{.en = "en",
                                          .de = "de",
                                          .fr = "fr",
                                          .es = "es",
                                          .it = "it",
                                          .pt = "pt",
                                          .nl = "nl",
                                          .pl = "pl",
                                          .ru = "ru",
                                          .tr = "tr",
                                          .sv = "se",
                                          // There is no Danish: the phone chooses by itself.
                                          .da = "auto",
                                          .cs = "cz"};
// Its template alone lists Czech as cs.
constexpr Languages gxp16_languages = [] {
  Languages words = grandstream_languages;
  words.cs = "cs";
  return words;
}();
// Named parameters, or the numbered ones of old models, whose keys have different scales, and of models whose names are
// spelled otherwise: a number has no case. Those are of hotels, of Wi-Fi, and Android; none of their keys are ours.
constexpr Dialect grandstream_dialects[] = {
    {"", "ALIASES"},
    {.word = "gxp16", .section = "P_VALUES", .also = "GXP16", .languages = &gxp16_languages},
    {"gxp17", "P_VALUES", "GXP17"},
    {"numbers", "P_VALUES", "GDMS"},
    {.word = "android", .section = "P_VALUES", .also = "GDMS", .zone_name = Grandstream::android_zone}};
constexpr Numbering grandstream_numbering{.account = Grandstream::account_numbers,
                                          .key = Grandstream::key_numbers,
                                          .module_key = nullptr,
                                          .codec = Grandstream::codec_number};

constexpr std::string_view grandstream_firmware[] = {"fw.bin"};

constexpr Held grandstream_held[] = {
    {"account.*", HeldFor::account},
    {"provisioning.firmware.*", HeldFor::firmware},
    {"provisioning.*", HeldFor::server},
    {"tr069.*", HeldFor::server},
    {"security.*certificate*", HeldFor::server},
    {"users.*", HeldFor::password},
    {"security.webaccess.*", HeldFor::password},
    {"sip.notify.*", HeldFor::telling},
    {"pks.*", HeldFor::keys},
    {"keys.lock.*", HeldFor::emergency},
    // By number: the first account, the second to the fourth, the fifth and the sixth of either generation, the rest.
    {"p3", HeldFor::account},
    {"p31..36", HeldFor::account},
    {"p47..48", HeldFor::account},
    {"p81", HeldFor::account},
    {"p99", HeldFor::account},
    {"p130", HeldFor::account},
    {"p183", HeldFor::account},
    {"p270..271", HeldFor::account},
    {"p1347", HeldFor::account},
    {"p2312..2313", HeldFor::account},
    {"p400..899", HeldFor::account},
    {"p1700..1899", HeldFor::account},
    {"p50600..51699", HeldFor::account},
    {"p290", HeldFor::login},
    {"p191", HeldFor::login},
    {"p145", HeldFor::server},
    {"p193..194", HeldFor::server},
    {"p212", HeldFor::server},
    {"p234..237", HeldFor::server},
    {"p1359..1361", HeldFor::server},
    {"p1409..1414", HeldFor::server},
    {"p4503..4508", HeldFor::server},
    {"p192", HeldFor::firmware},
    {"p232..233", HeldFor::firmware},
    {"p238", HeldFor::firmware},
    {"p6767..6768", HeldFor::firmware},
    {"p8375", HeldFor::firmware},
    {"p4428", HeldFor::telling},
    {"p26015", HeldFor::telling},
    {"p2", HeldFor::password},
    {"p196", HeldFor::password},
    {"p301..356", HeldFor::keys},
    {"p1363..1399", HeldFor::keys},
    {"p1465..1500", HeldFor::keys},
    {"p2987..2994", HeldFor::keys},
    {"p23000..24999", HeldFor::keys},
    {"p1382", HeldFor::emergency}};

constexpr Grammar grandstream_grammar{
    .content_type = "text/xml; charset=utf-8",
    .escape = escape_xml,
    .empty = "",
    .not_in_labels = "",
    .transports = {.udp = "UDP", .tcp = "TCP", .tls = "TlsOrTcp"},
    .languages = grandstream_languages,
    .codecs = {.pcma = "PCMA", .pcmu = "PCMU", .g722 = "G.722", .g729 = "G.729A/B", .opus = "OPUS"},
    .zone = Grandstream::zone,
    .zone_name = Grandstream::zone_name,
    .dialects = grandstream_dialects,
    .numbering = &grandstream_numbering,
    .resolve = Grandstream::resolve,
    .own_file = Grandstream::own_file,
    .index_file = nullptr,
    .firmware = {.endings = grandstream_firmware, .note = nullptr, .at_boot = true, .minutes = 45u},
    .own = {.form = LinesForm::elements,
            .into = "config",
            .named_by = "name",
            .held = grandstream_held,
            .fits = Grandstream::fits},
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
