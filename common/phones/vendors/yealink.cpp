#include <fmt/format.h>

#include <cstdlib>
#include <vector>

#include "common/phones/vendor_facts.hpp"
#include "common/sip/text.hpp"

// Yealink T and its relatives: `key = value` lines.
namespace roamdesk::phones::vendors {
namespace {

constexpr std::string_view yealink_mark = "yealink";

struct Yealink {
  // "Yealink SIP-T46G 28.72.0.1 00:15:65:11:22:33"; also "SIP VP-T49G", and, before V80, "Yealink-T46G 28.71.0.81
  // 28.1.0.128.0.0.0", whose second version is the hardware's.
  static std::optional<UserAgent> read_agent(AgentWords words) {
    if (const auto rest = words[0].substr(yealink_mark.size()); rest.starts_with('-')) {
      std::vector<std::string_view> apart{words[0].substr(0, yealink_mark.size()), rest.substr(1)};
      apart.insert(apart.end(), words.begin() + 1, words.end());
      return rest.size() > 1 ? read_plain_agent(apart) : std::nullopt;
    } else if (!rest.empty()) {
      return std::nullopt;
    }
    auto agent = read_plain_agent(words);
    if (agent &&
        (sip::starts_ignoring_case(agent->model, "SIP VP-") || sip::starts_ignoring_case(agent->model, "SIP-")))
      agent->model.erase(0, 4);
    return agent;
  }

  // As it is, but never one of the words that mean something.
  static std::string escape(std::string_view clean) {
    if (clean == "%NULL%" || clean == "%EMPTY%") clean = clean.substr(1, clean.size() - 2);
    return std::string{clean};
  }

  // "+2", "+5:30"
  static std::string zone(const Zone& zone) {
    const int offset = zone.utc_offset_minutes;
    const auto sign = offset < 0 ? '-' : '+';
    const int hours = std::abs(offset) / 60, rest = std::abs(offset) % 60;
    return rest == 0 ? fmt::format("{}{}", sign, hours) : fmt::format("{}{}:{:02}", sign, hours, rest);
  }

  // "y000000000108<ending>"
  static bool is_common(std::string_view name, std::string_view ending) {
    return name.size() == 13 + ending.size() && name.front() == 'y' && name.ends_with(ending) &&
           name.substr(1, 12).find_first_not_of("0123456789") == std::string_view::npos;
  }
  static FileName resolve(std::string_view name) {
    if (const auto mac = mac_before(name, ".cfg")) return {FileKind::device_config, mac};
    if (const auto mac = mac_before(name, ".boot")) return {FileKind::boot, mac};
    if (is_common(name, ".boot")) return {FileKind::boot, {}};
    if (is_common(name, ".cfg")) return {FileKind::common, {}};
    if (name.ends_with(".rom")) return {FileKind::firmware, {}};
    return {FileKind::other, {}};
  }
  static std::string own_file(std::string_view, const Mac& mac) { return mac.text() + ".cfg"; }

  static std::string redirect(const ConfigUrl& url) {
    return "#!version:1.0.0.1\nstatic.auto_provision.server.url = " + url.directory +
           "\nstatic.auto_provision.repeat.enable = 1\nstatic.auto_provision.repeat.minutes = 60\n";
  }
};

constexpr Oui yealink_ouis[] = {"001565", "249ad8", "3497d7", "44dbd2", "644f56", "805e0c",
                                "805ec0", "b061a9", "c4fc22", "ec1da9", "f01653", "e434d7"};
constexpr AgentForm yealink_agent{
    .mark = "yealink", .place = MarkPlace::start_of_first_word, .read = Yealink::read_agent};
constexpr std::string_view yealink_prefixes[] = {"sipvp", "sip"};

constexpr std::string_view yealink_firmware[] = {".rom"};

constexpr Held yealink_held[] = {
    // Until V80 without "static.".
    {"account.*", HeldFor::account},
    {"voice_mail.number.*", HeldFor::account},
    {"hotdesking.*", HeldFor::account},
    {"sip.trust_ctrl", HeldFor::telling},
    {"sip.notify_reboot_enable", HeldFor::telling},
    {"features.action_uri*", HeldFor::telling},
    {"features.show_action_uri_option", HeldFor::telling},
    {"push_xml.*", HeldFor::telling},
    {"action_url.registered", HeldFor::server},
    {"*auto_provision.*", HeldFor::server},
    {"autoprovision.*", HeldFor::server},
    {"*autop_*", HeldFor::server},
    {"*zero_touch.*", HeldFor::server},
    {"*redirect.*", HeldFor::server},
    {"*managementserver.*", HeldFor::server},
    {"static.dm.*", HeldFor::server},
    {"dm.*", HeldFor::server},
    {"*trusted_certificates.*", HeldFor::server},
    {"*security.*", HeldFor::password},
    {"*custom_mac_cfg.*", HeldFor::server},
    {"*configuration.url*", HeldFor::server},
    {"*firmware.*", HeldFor::firmware},
    {"linekey.*", HeldFor::keys},
    {"memorykey.*", HeldFor::keys},
    {"programablekey.*", HeldFor::keys},
    {"programmablekey.*", HeldFor::keys},
    {"expansion_module.*", HeldFor::keys},
    {"features.config_dsskey_length", HeldFor::keys},
    {"phone_setting.emergency.*", HeldFor::emergency},
    {"dialplan.emergency.*", HeldFor::emergency},
    {"dialplan.*", HeldFor::login},
    {"*.on_code", HeldFor::login},
    {"*.off_code", HeldFor::login}};

constexpr Grammar yealink_grammar{
    .content_type = "text/plain; charset=utf-8",
    .escape = Yealink::escape,
    // An absent value keeps what the last user had.
    .empty = "%NULL%",
    .not_in_labels = "",
    .transports = {.udp = "0", .tcp = "1", .tls = "2"},
    .languages = {.en = "English",
                  .de = "German",
                  .fr = "French",
                  .es = "Spanish",
                  .it = "Italian",
                  .pt = "Portuguese",
                  .nl = "Dutch",
                  .pl = "Polish",
                  .ru = "Russian",
                  .tr = "Turkish",
                  .sv = "Swedish",
                  .da = "Danish",
                  .cs = "Czech"},
    .codecs = {.pcma = "pcma", .pcmu = "pcmu", .g722 = "g722", .g729 = "g729", .opus = "opus"},
    .zone = Yealink::zone,
    .zone_name = nullptr,
    .dialects = no_dialects,
    .numbering = nullptr,
    .resolve = Yealink::resolve,
    .own_file = Yealink::own_file,
    .index_file = nullptr,
    .firmware = {.endings = yealink_firmware, .note = nullptr, .at_boot = false, .minutes = 45u},
    .own = {.form = LinesForm::key_values, .into = "", .named_by = "", .held = yealink_held, .fits = nullptr},
    // static.trusted_certificates.url, static.security.ca_cert (docs/reference/provisioning.md §9)
    .takes_authority = true,
    // Exactly this first line, or the phone skips the file (docs/reference/provisioning.md §5.3).
    .nothing = "#!version:1.0.0.1\n",
    .redirect = Yealink::redirect,
};

}  // namespace

extern constinit const VendorFacts yealink{
    .vendor = Vendor::yealink,
    .name = "yealink",
    .display = "Yealink",
    .ouis = yealink_ouis,
    .user_agent = &yealink_agent,
    .no_models = no_words,
    .event_model_prefix = "",
    .model_prefixes = yealink_prefixes,
    // "96.86.0.45" (docs/reference/provisioning.md §4)
    .firmware_names_hardware = true,
    .resync = {.fetch = "check-sync;reboot=false", .reboot = "check-sync;reboot=true"},
    .grammar = &yealink_grammar,
};

}  // namespace roamdesk::phones::vendors
