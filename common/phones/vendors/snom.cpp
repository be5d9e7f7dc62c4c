#include <fmt/format.h>

#include <algorithm>

#include "common/base/utf8.hpp"
#include "common/phones/vendor_facts.hpp"
#include "common/sip/text.hpp"

// Snom D: XML `settings`.
namespace roamdesk::phones::vendors {
namespace {

struct Snom {
  // "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 … 000413112233 SXM:0 UXM:0)", "snom370/8.7.5.48"
  static std::optional<UserAgent> read_agent(AgentWords words) {
    UserAgent agent;
    // "(compatible; snom720 8.7.5.35)": nothing need follow the version.
    const auto word = [&](std::size_t i) { return words[i].substr(0, words[i].find_first_of(");")); };
    std::string_view model = word(0).substr(4);
    if (const auto slash = model.find('/'); slash != std::string_view::npos) {
      if (is_version(model.substr(slash + 1))) agent.firmware = model.substr(slash + 1);
      model = model.substr(0, slash);
    } else {
      if (const auto dash = model.find("-SIP"); dash != std::string_view::npos) model = model.substr(0, dash);
      if (words.size() > 1 && is_version(word(1))) agent.firmware = word(1);
    }
    for (const char c : model)
      if (!((c >= '0' && c <= '9') || (sip::lower(c) >= 'a' && sip::lower(c) <= 'z'))) return std::nullopt;
    if (model.empty()) return std::nullopt;
    agent.model = model;
    for (std::size_t i = 0; i < words.size() && !agent.mac; ++i) agent.mac = read_agent_mac(word(i));
    return agent;
  }

  // Seconds.
  static std::string zone(const Zone& zone) { return fmt::format("{}", zone.utc_offset_minutes * 60); }

  // A country's letters and the offset: for zones whose clocks change as that country's do. "" for any other, which
  // utc_offset and dst describe alone.
  static std::string zone_name(const Zone& zone) {
    struct Named {
      int offset;
      bool european, american;
      std::string_view word;
    };
    static constexpr Named list[] = {
        {-600, false, false, "USA-10"}, {-540, false, true, "USA-9"},   {-480, false, true, "USA-8"},
        {-420, false, true, "USA-7"},   {-420, false, false, "USA2-7"}, {-360, false, true, "USA-6"},
        {-300, false, true, "USA-5"},   {-240, false, true, "CAN-4"},   {-60, true, false, "PRT-1"},
        {0, true, false, "GBR-0"},      {60, true, false, "GER+1"},     {120, true, false, "FIN+2"},
        {180, false, false, "EAT+3"},   {300, false, false, "PAK+5"},   {330, false, false, "IND+5.5"},
        {420, false, false, "THA+7"},   {480, false, false, "SGP+8"},   {540, false, false, "JPN+9"},
    };
    // The last Sundays of March and October at 01:00 UTC, wherever; the second one of March and the first of November.
    const auto utc = static_cast<unsigned>(zone.utc_offset_minutes / 60 + 1);
    const ClockChanges europe{{3, 5, 7, utc}, {10, 5, 7, utc + 1}, 60}, america{{3, 2, 7, 2}, {11, 1, 7, 2}, 60};
    const bool european = zone.changes == europe, american = zone.changes == america;
    if (zone.changes && !european && !american) return "";
    for (const auto& each : list)
      if (each.offset == zone.utc_offset_minutes && each.european == european && each.american == american)
        return std::string{each.word};
    return "";
  }

  static FileName resolve(std::string_view name) {
    const auto dot = name.rfind('.');
    const auto ending = dot == std::string_view::npos ? std::string_view{} : name.substr(dot);
    if (ending == ".bin" || ending == ".swu") return {FileKind::firmware, {}};
    if (ending != ".htm" && ending != ".html" && ending != ".xml") return {FileKind::other, {}};
    const auto stem = name.substr(0, dot);
    if (stem.ends_with("-firmware")) return {FileKind::firmware_note, {}};
    // "snomd785-000413112233", or the bare MAC
    if (stem.size() == 12 || (stem.size() > 13 && stem[stem.size() - 13] == '-'))
      if (const auto mac = Mac::parse(stem.substr(stem.size() - 12))) return {FileKind::device_config, mac};
    if (stem.starts_with("snom")) return {FileKind::common, {}};
    return {FileKind::other, {}};
  }
  // "snomD785-000413112233.htm"
  static std::string own_file(std::string_view model, const Mac& mac) {
    std::string name = "snom";
    if (model != "generic") name += model;
    name += '-';
    for (const char c : mac.text()) name += c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    return name + ".htm";
  }

  // What `firmware_status` names.
  static std::string firmware_note(std::string_view url, std::string_view) {
    return fmt::format("{}<firmware-settings>\n <firmware perm=\"R\">{}</firmware>\n</firmware-settings>\n", xml_head,
                       escape_xml(url));
  }

  static std::string redirect(const ConfigUrl& url) {
    return fmt::format("{}<setting-files>\n <file url=\"{}\"/>\n</setting-files>\n", xml_head, escape_xml(url.pnp));
  }
};

constexpr Oui snom_ouis[] = {"000413", "1c7126"};
constexpr AgentForm snom_agent{.mark = "snom", .place = MarkPlace::start_of_any_word, .read = Snom::read_agent};
// What old firmware says (docs/reference/provisioning.md §2.2).
constexpr std::string_view snom_no_models[] = {"OEM"};
constexpr std::string_view snom_prefixes[] = {"snom"};

constexpr std::string_view snom_firmware[] = {".bin", ".swu"};

constexpr Held snom_held[] = {
    // Each with an index: the account's.
    {"user_*", HeldFor::account},
    {"active_line", HeldFor::account},
    {"outgoing_identity", HeldFor::account},
    {"codec_priority_list", HeldFor::account},
    {"setting_server*", HeldFor::server},
    {"settings_refresh_timer", HeldFor::server},
    {"provisioning_order", HeldFor::server},
    {"redirection*", HeldFor::server},
    {"pnp_config", HeldFor::server},
    {"dhcp_opt*", HeldFor::server},
    {"tr069*", HeldFor::server},
    {"tr369*", HeldFor::server},
    {"http_client_*", HeldFor::server},
    {"update_policy", HeldFor::firmware},
    {"update_server*", HeldFor::firmware},
    {"firmware*", HeldFor::firmware},
    {"challenge_checksync", HeldFor::telling},
    {"checksync_action", HeldFor::telling},
    {"mb_trusted_hosts", HeldFor::telling},
    {"http_user", HeldFor::password},
    {"http_pass*", HeldFor::password},
    {"admin_mode*", HeldFor::password},
    {"webserver_admin*", HeldFor::password},
    {"webserver_user*", HeldFor::password},
    {"fkey", HeldFor::keys},
    {"dkey_*", HeldFor::keys},
    {"keyboard_lock_emergency", HeldFor::emergency},
    {"emergency*", HeldFor::emergency},
    {"*_on_code", HeldFor::login},
    {"*_off_code", HeldFor::login},
    {"auto_dial", HeldFor::login},
    {"overlap_dialing", HeldFor::login}};

constexpr Grammar snom_grammar{
    .content_type = "text/xml; charset=utf-8",
    .escape = escape_xml,
    .empty = "",
    .not_in_labels = "",
    .transports = {.udp = "udp", .tcp = "tcp", .tls = "tls"},
    .languages = {.en = "English",
                  .de = "Deutsch",
                  .fr = "Français",
                  .es = "Espanol",
                  .it = "Italiano",
                  .pt = "Portugues",
                  .nl = "Nederlands",
                  .pl = "Polski",
                  .ru = "Russian",
                  .tr = "Turkce",
                  .sv = "Svenska",
                  .da = "Dansk",
                  .cs = "Cestina"},
    .codecs = {.pcma = "pcma", .pcmu = "pcmu", .g722 = "g722", .g729 = "g729", .opus = "opus"},
    .zone = Snom::zone,
    .zone_name = Snom::zone_name,
    .dialects = no_dialects,
    .numbering = nullptr,
    .resolve = Snom::resolve,
    .own_file = Snom::own_file,
    .index_file = nullptr,
    .firmware = {.endings = snom_firmware, .note = Snom::firmware_note, .at_boot = true, .minutes = 45u},
    .own = {.form = LinesForm::elements, .into = "phone-settings", .named_by = "", .held = snom_held, .fits = nullptr},
    // The element `certificates`.
    .takes_authority = true,
    .nothing = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<settings>\n <phone-settings/>\n</settings>\n",
    .redirect = Snom::redirect,
};

}  // namespace

extern constinit const VendorFacts snom{
    .vendor = Vendor::snom,
    .name = "snom",
    .display = "Snom",
    .ouis = snom_ouis,
    .user_agent = &snom_agent,
    .no_models = snom_no_models,
    .event_model_prefix = "snom",
    .model_prefixes = snom_prefixes,
    .firmware_names_hardware = false,
    .resync = {.fetch = "check-sync;reboot=false", .reboot = "check-sync;reboot=true"},
    .grammar = &snom_grammar,
};

}  // namespace roamdesk::phones::vendors
