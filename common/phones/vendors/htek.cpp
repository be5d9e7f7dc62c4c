#include <fmt/format.h>

#include "common/base/utf8.hpp"
#include "common/phones/vendor_facts.hpp"

// Htek UC9xx: XML `hl_provision`, of numbered parameters and a few named ones.
namespace roamdesk::phones::vendors {
namespace {

struct Htek {
  // A number of the phone's own list of places, by standard time. Half and quarter hours that it hasn't are the whole
  // hour before.
  static std::string zone(const Zone& zone) {
    struct Listed {
      int offset;
      unsigned number;
    };
    static constexpr Listed list[] = {
        {-660, 105}, {-600, 2},  {-540, 3},  {-480, 6},  {-420, 10}, {-360, 14}, {-300, 18}, {-270, 19},
        {-240, 20},  {-210, 26}, {-180, 30}, {-120, 31}, {-60, 32},  {0, 33},    {60, 49},   {120, 57},
        {180, 73},   {210, 74},  {240, 77},  {300, 83},  {330, 84},  {360, 85},  {420, 88},  {480, 89},
        {540, 93},   {570, 94},  {600, 96},  {630, 100}, {660, 101}, {720, 102}, {765, 103}, {780, 104}};
    unsigned number = list[0].number;
    for (const auto& each : list)
      if (each.offset <= zone.utc_offset_minutes) number = each.number;
    return fmt::format("{}", number);
  }

  static AccountNumbers account_numbers(std::size_t account) {
    const auto n = static_cast<unsigned>(account);
    // The servers' numbers aren't known from the fifth account on: none is cleared, since it has no user then.
    if (n == 2) return {401, 20001, 735, 736, 734, 703, 426, 0, 0};
    if (n <= 4) {
      const unsigned first = n * 100 + 200;
      return {first + 1, 20000 + n - 1, first + 4, first + 5, first + 6, first + 7, first + 26, 0, 0};
    }
    if (n <= 6) {
      const unsigned first = 1700 + 100 * (n - 5);
      return {20355 + n, 20373 + n, first + 4, first + 5, first + 6, first + 7, first + 26, 0, 0};
    }
    return {24083 + n, 24093 + n, 24103 + n, 24113 + n, 24123 + n, 24133 + n, 24163 + n, 0, 0};
  }
  static KeyNumbers key_numbers(const Model&, std::size_t index) {
    const auto n = static_cast<unsigned>(index);
    if (n < 4)
      return {.mode = 41200 + n, .account = 41500 + n, .label = 41400 + n, .value = 41300 + n, .pickup = 41600 + n};
    return five_from(n < 36 ? 20200 + 5 * (n - 4) : 23000 + 5 * (n - 36));
  }
  // Two pages of twenty a module.
  static KeyNumbers module_key_numbers(std::size_t module, std::size_t key) {
    return five_from(60000 + 1000 * static_cast<unsigned>(module - 1) + 5 * static_cast<unsigned>(key - 1));
  }
  static KeyNumbers five_from(unsigned first) {
    return {.mode = first, .account = first + 3, .label = first + 2, .value = first + 1, .pickup = first + 4};
  }
  // Payload types as the phone has them.
  static std::optional<unsigned> codec_number(const Model&, CodecName codec) {
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
        return 120;
    }
    return std::nullopt;
  }

  // "cfg0010.xml" (of its model), "<mac>.cfg" and "cfg<mac>" (a form of its own), "cfg<mac>.xml": it asks for them in
  // this order, and older firmware for none behind the first that it got. So the others are missing here.
  static FileName resolve(std::string_view name) {
    if (name.ends_with(".rom")) return {FileKind::firmware, {}};
    if (const auto mac = mac_before(name, ".cfg")) return {FileKind::device_probe, mac};
    if (!name.starts_with("cfg")) return {FileKind::other, {}};
    const auto rest = name.substr(3);
    if (const auto mac = mac_before(rest, ".xml")) return {FileKind::device_config, mac};
    if (const auto mac = mac_before(rest, "")) return {FileKind::device_probe, mac};
    return {FileKind::other, {}};
  }
  static std::string own_file(std::string_view, const Mac& mac) { return "cfg" + mac.text() + ".xml"; }

  static std::string redirect(const ConfigUrl& url) {
    return fmt::format(
        "{}<hl_provision version=\"1\">\n <config version=\"1\">\n  <P212>1</P212>\n  <P237>{}</P237>\n"
        " </config>\n</hl_provision>\n",
        xml_head, escape_xml(url.directory));
  }
};

// Rebrands use it too; their User-Agent tells.
constexpr Oui htek_ouis[] = {"001fc1"};

// "Htek UC903 2.0.4.2 00:1f:c1:11:22:33"
constexpr AgentForm htek_agent{.mark = "htek", .place = MarkPlace::first_word, .read = read_plain_agent};

constexpr Dialect htek_dialects[] = {{"", "P_VALUES"}};
constexpr Numbering htek_numbering{.account = Htek::account_numbers,
                                   .key = Htek::key_numbers,
                                   .module_key = Htek::module_key_numbers,
                                   .codec = Htek::codec_number};

constexpr std::string_view htek_firmware[] = {".rom"};

constexpr Held htek_held[] = {{"p3", HeldFor::account},
                              {"p31..36", HeldFor::account},
                              {"p47..48", HeldFor::account},
                              {"p81", HeldFor::account},
                              {"p99", HeldFor::account},
                              {"p103", HeldFor::account},
                              {"p109", HeldFor::account},
                              {"p130", HeldFor::account},
                              {"p183", HeldFor::account},
                              {"p271", HeldFor::account},
                              {"p400..799", HeldFor::account},
                              {"p967", HeldFor::account},
                              {"p1700..1999", HeldFor::account},
                              {"p8851", HeldFor::account},
                              {"p20000..20047", HeldFor::account},
                              {"p20355..20399", HeldFor::account},
                              {"p24082..24199", HeldFor::account},
                              {"p4700..4799", HeldFor::account},
                              {"account*", HeldFor::account},
                              {"profile*", HeldFor::account},
                              {"p191", HeldFor::login},
                              {"p4200..4203", HeldFor::login},
                              {"p145", HeldFor::server},
                              {"p193..194", HeldFor::server},
                              {"p212", HeldFor::server},
                              {"p237", HeldFor::server},
                              {"p240", HeldFor::server},
                              {"p1360..1361", HeldFor::server},
                              {"p8631", HeldFor::server},
                              {"p20165", HeldFor::server},
                              {"firmwareupgrade_*", HeldFor::server},
                              {"tr069*", HeldFor::server},
                              {"hdms*", HeldFor::server},
                              {"p192", HeldFor::firmware},
                              {"p232..233", HeldFor::firmware},
                              {"p24012", HeldFor::telling},
                              {"p20983", HeldFor::telling},
                              {"preference_checksync*", HeldFor::telling},
                              {"remotecontrol_*", HeldFor::telling},
                              {"p2", HeldFor::password},
                              {"p196", HeldFor::password},
                              {"p8681", HeldFor::password},
                              {"*password", HeldFor::password},
                              {"p20200..20399", HeldFor::keys},
                              {"p20600..20699", HeldFor::keys},
                              {"p23000..23116", HeldFor::keys},
                              {"p23126..23999", HeldFor::keys},
                              {"p41200..41699", HeldFor::keys},
                              {"p60000..69999", HeldFor::keys},
                              {"linekey*", HeldFor::keys},
                              {"p5730", HeldFor::emergency},
                              {"p5732", HeldFor::emergency},
                              {"phonelock*", HeldFor::emergency}};

constexpr Grammar htek_grammar{
    .content_type = "text/xml; charset=utf-8",
    .escape = escape_xml,
    .empty = "",
    .not_in_labels = "",
    .transports = {.udp = "0", .tcp = "1", .tls = "2"},
    // Numbers of a list of which we know the first entry alone. So its file sets none, and these aren't used.
    .languages = {.en = "0",
                  .de = "0",
                  .fr = "0",
                  .es = "0",
                  .it = "0",
                  .pt = "0",
                  .nl = "0",
                  .pl = "0",
                  .ru = "0",
                  .tr = "0",
                  .sv = "0",
                  .da = "0",
                  .cs = "0"},
    .codecs = {.pcma = "8", .pcmu = "0", .g722 = "9", .g729 = "18", .opus = "120"},
    .zone = Htek::zone,
    .zone_name = nullptr,
    .dialects = htek_dialects,
    .numbering = &htek_numbering,
    .resolve = Htek::resolve,
    .own_file = Htek::own_file,
    .index_file = nullptr,
    .firmware = {.endings = htek_firmware, .note = nullptr, .at_boot = true, .minutes = 90u},
    .own = {.form = LinesForm::elements, .into = "config", .named_by = "", .held = htek_held, .fits = nullptr},
    // Values of its parameters for it aren't known.
    .takes_authority = false,
    .nothing =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<hl_provision version=\"1\">\n <config version=\"1\"/>\n"
        "</hl_provision>\n",
    .redirect = Htek::redirect,
};

}  // namespace

extern constinit const VendorFacts htek{
    .vendor = Vendor::htek,
    .name = "htek",
    .display = "Htek",
    .ouis = htek_ouis,
    .user_agent = &htek_agent,
    .no_models = no_words,
    .event_model_prefix = "",
    .model_prefixes = no_words,
    .firmware_names_hardware = false,
    // That it doesn't reboot for it isn't proven on hardware (docs/reference/provisioning.md §6).
    .resync = {.fetch = "resync", .reboot = "check-sync;reboot=true"},
    .grammar = &htek_grammar,
};

}  // namespace roamdesk::phones::vendors
