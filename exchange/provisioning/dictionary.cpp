#include "exchange/provisioning/dictionary.hpp"

#include <ctemplate/template.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "common/phones/vendor_facts.hpp"
#include "exchange/provisioning/codecs.hpp"
#include "exchange/provisioning/file_names.hpp"
#include "exchange/provisioning/key_layout.hpp"
#include "exchange/provisioning/text.hpp"

namespace roamdesk::provisioning {
namespace {

using ctemplate::TemplateDictionary;

class Filler {
 public:
  Filler(TemplateDictionary& root, const PhoneView& view)
      : root_(root), view_(view), grammar_(phones::grammar_of(view.model.vendor)) {}

  void all() {
    identity();
    addresses();
    account();
    keys();
    codecs();
    time();
    rest();
  }

 private:
  std::string value_of(std::string_view text) const {
    return text.empty() ? std::string{*grammar_.empty} : (*grammar_.escape)(text);
  }
  static void set(TemplateDictionary& where, const char* name, std::string_view value) {
    where.SetValue(name, ctemplate::TemplateString{value.data(), value.size()});
  }
  static void count(TemplateDictionary& where, const char* name, std::size_t value) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    set(where, name, {digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  void text(const char* name, std::string_view value, std::size_t longest = 64) {
    set(root_, name, value_of(clean_text(value, longest)));
  }
  void number(const char* name, std::string_view value) { set(root_, name, value_of(clean_number(value))); }
  void show(const char* section, bool on) {
    if (on) root_.ShowSection(section);
  }

  // The model's; nullptr where the vendor has none. A word that the vendor doesn't know is the usual way.
  const phones::Dialect* dialect() const {
    const auto known = *grammar_.dialects;
    for (const auto& dialect : known)
      if (dialect.word == view_.model.dialect) return &dialect;
    return known.empty() ? nullptr : &known.front();
  }

  void identity() {
    const auto& mac = view_.mac.text();
    std::string upper = mac;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
    set(root_, "MAC", mac);
    set(root_, "MAC_UPPER", upper);
    text("MODEL", view_.model.name);
    show("HOT_DESK", view_.occupancy != Occupancy::dedicated);
    show("IDLE", view_.occupancy == Occupancy::idle_desk);
    show("OCCUPIED", view_.occupancy == Occupancy::occupied_desk);
    show("DEDICATED", view_.occupancy == Occupancy::dedicated);
    show("NEW_PERSON", !view_.keeps_state);
    if (const auto* way = dialect()) {
      root_.ShowSection(way->section);
      if (way->also != nullptr) root_.ShowSection(way->also);
    }
  }

  void addresses() {
    const auto url = config_url(view_);
    text("URL", url, 512);
    text("FILE_URL", url + config_file_name(view_.model, view_.mac), 512);
    text("URL_PATH", phones::without_scheme(url), 512);
    const auto authority = authority_url(view_), reach = reach_url(view_);
    text("AUTHORITY_URL", authority, 512);
    show("AUTHORITY_ON", !authority.empty());
    text("REACH_URL", reach, 512);
    show("REACH_ON", !reach.empty());
    show(checks_certificates(view_) ? "TRUST_ON" : "TRUST_OFF", true);
    const auto firmware = firmware_url(view_);
    text("FIRMWARE_URL", firmware, 512);
    show(firmware.empty() ? "FIRMWARE_OFF" : "FIRMWARE_ON", true);
    set(root_, "REFETCH_MINUTES", fmt::format("{}", refetch_minutes(view_)));
    set(root_, "REFETCH_SECONDS", fmt::format("{}", refetch_minutes(view_) * 60));
    set(root_, "PROXY", host_of(view_.sip.address));
    set(root_, "PROXY_PORT", fmt::format("{}", view_.sip.port));
    text("DOMAIN", view_.domain, 253);
    set(root_, "TRANSPORT", grammar_.transports.of(view_.transport));
    set(root_, "TRANSPORT_NUMBER", fmt::format("{}", static_cast<int>(view_.transport)));
    set(root_, "TRANSPORT_NAME",
        view_.transport == sip::Transport::udp   ? "udp"
        : view_.transport == sip::Transport::tcp ? "tcp"
                                                 : "tls");
    show("SRTP_OFF", view_.srtp == Srtp::off);
    show("SRTP_OPTIONAL", view_.srtp == Srtp::optional);
    show("SRTP_REQUIRED", view_.srtp == Srtp::required);
    show("SRTP_ON", view_.srtp != Srtp::off);
    show("NTP_ON", view_.ntp.port != 0);
    set(root_, "NTP", view_.ntp.port != 0 ? to_string(view_.ntp.address) : value_of(""));
  }

  void account() {
    const auto& account = view_.account;
    text("USER", account.user);
    text("AUTH_USER", account.digest_user, 128);
    text("PASSWORD", account.password.reveal(), 128);
    // A phone without keys for it tells how to log in (contract §4).
    const bool hint = view_.occupancy == Occupancy::idle_desk && view_.model.keys == 0;
    text("LABEL", hint ? account.label + " " + view_.hot_desk_code : account.label);
    text("DISPLAY_NAME", account.display_name.empty() ? account.label : account.display_name);
    const auto expiry = registration_expiry(view_);
    set(root_, "EXPIRES", fmt::format("{}", expiry));
    set(root_, "EXPIRES_MINUTES", fmt::format("{}", (expiry + 59) / 60));
    number("VOICEMAIL", view_.voicemail);
    const bool voicemail = !clean_number(view_.voicemail).empty();
    show("VOICEMAIL_ON", voicemail);
    set(root_, "MWI", voicemail ? "1" : "0");
    set(root_, "MWI_WORD", voicemail ? "Yes" : "No");
    for (std::size_t index = 2; index <= std::min<std::size_t>(view_.model.lines, 64); ++index) {
      auto& unused = *root_.AddSectionDictionary("UNUSED_ACCOUNT");
      set(unused, "INDEX", fmt::format("{}", index));
      if (const auto* numbering = *grammar_.numbering) account_numbers(unused, (*numbering->account)(index));
    }
  }

  static void account_numbers(TemplateDictionary& into, const phones::AccountNumbers& p) {
    const std::pair<const char*, unsigned> names[] = {
        {"ACTIVE_P", p.active},       {"LABEL_P", p.label},       {"USER_P", p.user},
        {"AUTH_USER_P", p.auth_user}, {"PASSWORD_P", p.password}, {"NAME_P", p.name},
        {"VOICEMAIL_P", p.voicemail}, {"SERVER_P", p.server},     {"PROXY_P", p.proxy}};
    for (const auto& [name, number] : names)
      if (number != 0) set(into, name, fmt::format("{}", number));
  }
  static void key_numbers(TemplateDictionary& into, const phones::KeyNumbers& p) {
    count(into, "MODE_P", p.mode);
    count(into, "ACCOUNT_P", p.account);
    count(into, "LABEL_P", p.label);
    count(into, "VALUE_P", p.value);
    count(into, "PICKUP_P", p.pickup);
  }

  void keys() {
    const auto layout = lay_out_keys(view_);
    show("KEYS_ON", !layout.keys.empty());
    for (std::size_t i = 0; i < layout.keys.size(); ++i)
      key(*root_.AddSectionDictionary("KEY"), layout.keys[i], i + 1, i + 1);
    count(root_, "LINE_KEYS", std::max<std::size_t>(1, shown_of_[KeyType::line]));
    number("PICKUP", view_.pickup_code);
    const auto& model = view_.model;
    // Of phones that count on, behind their own; else each module's by itself.
    const auto go_on = [&](const ShownKey& shown, std::size_t i, std::size_t position) {
      auto& module_key = *root_.AddSectionDictionary("MODULE_KEY");
      key(module_key, shown, position, i, Place::module);
      count(module_key, "POSITION", position);
    };
    const auto of_modules = model.module_keys + model.module_spare;
    for (std::size_t i = 1; i <= of_modules && model.modules == 0; ++i)
      go_on(i <= model.module_keys ? layout.modules[i - 1] : ShownKey{}, i, layout.keys.size() + i);
    for (std::size_t i = 1; i <= of_modules && model.module_keys_or_from != 0; ++i)
      go_on({}, i, model.module_keys_or_from + i);
    show("MODULES_ON", model.modules > 0);
    set(root_, "MODULES", fmt::format("{}", model.modules));
    for (std::size_t m = 1; m <= model.modules; ++m) {
      auto& module = *root_.AddSectionDictionary("MODULE");
      set(module, "MODULE_INDEX", fmt::format("{}", m));
      const auto* numbering = *grammar_.numbering;
      for (std::size_t k = 1; k <= of_modules; ++k) {
        auto& module_key = *module.AddSectionDictionary("MODULE_KEY");
        const bool ours = k <= model.module_keys;
        key(module_key, ours ? layout.modules[(m - 1) * model.module_keys + k - 1] : ShownKey{}, k, k, Place::module);
        if (numbering && *numbering->module_key) key_numbers(module_key, (*numbering->module_key)(m, k));
      }
    }
    for (std::size_t k = 1; k <= model.soft_keys; ++k)
      set(*root_.AddSectionDictionary("SOFT_KEY"), "INDEX", fmt::format("{}", k));
    const auto* way = dialect();
    if (!way || way->key_element.empty()) return;
    std::size_t first = 0;
    for (const auto& group : model.groups) {
      for (const auto& element : group.elements) places(layout, group, first, element, false);
      for (const auto& element : group.single) places(layout, group, first, element, true);
      first += group.pages * group.keys;
    }
    if (!model.groups.empty() || layout.keys.empty()) return;
    phones::KeyGroup all;
    all.keys = model.keys_per_page == 0 ? layout.keys.size() : model.keys_per_page;
    all.pages = (layout.keys.size() + all.keys - 1) / all.keys;
    places(layout, all, 0, std::string{way->key_element}, false);
  }

  // The group's keys under one of its names; `first` is its first key among all of the phone's.
  void places(const KeyLayout& layout, const phones::KeyGroup& group, std::size_t first, const std::string& element,
              bool single) {
    root_.ShowSection("HAS_" + element);
    root_.SetValue("PAGES_OF_" + element, fmt::format("{}", group.pages));
    for (std::size_t page = 0; page < group.pages; ++page) {
      auto& shown = *root_.AddSectionDictionary("KEY_PAGE");
      set(shown, "PAGE", fmt::format("{}", page + 1));
      set(shown, "PLACE", element);
      set(shown, "KEY_ELEMENT", single ? element : "Fkey");
      if (!single) shown.ShowSection("IN_PLACE");
      for (std::size_t k = 0; k < group.keys + group.spare; ++k) {
        const std::size_t at = first + page * group.keys + k;
        const bool ours = k < group.keys && at < layout.keys.size();
        const std::size_t on_page = k + 1 + (group.counts_on ? page * (group.keys + group.spare) : 0);
        key(*shown.AddSectionDictionary("PAGE_KEY"), ours ? layout.keys[at] : ShownKey{}, at + 1, on_page, Place::page);
      }
    }
  }

  // Where a key stands: on the phone itself, on one of its pages, on a module.
  enum class Place { phone, page, module };

  // Phones can have hundreds on modules, most of them empty: what is said of each is most of a file's cost.
  void key(TemplateDictionary& dictionary, const ShownKey& key, std::size_t number, std::size_t on_page,
           Place place = Place::phone) {
    count(dictionary, "INDEX", place == Place::module ? on_page : number);
    count(dictionary, "INDEX_FROM_0", number - 1);
    if (place == Place::page) count(dictionary, "INDEX_ON_PAGE", on_page);
    const auto form = written_as(view_.model, key.kind);
    const bool empty = form == KeyType::none;
    const auto dialled = empty ? "" : clean_number(key.value);
    set(dictionary, "VALUE", value_of(dialled));
    std::string label = empty ? "" : clean_text(key.label, 32);
    std::erase_if(label, [&](char c) { return grammar_.not_in_labels->find(c) != std::string_view::npos; });
    set(dictionary, "KEY_LABEL", value_of(label));
    if (place != Place::module) {
      const auto on_screen = view_.model.keys - view_.model.physical_keys;
      dictionary.ShowSection(number <= on_screen ? "VIRTUAL_KEY" : "PHYSICAL_KEY");
      count(dictionary, "INDEX_OF_KIND", number <= on_screen ? number : number - on_screen);
      if (const auto* numbering = *grammar_.numbering) {
        key_numbers(dictionary, (*numbering->key)(view_.model, number - 1));
        const auto fixed = view_.model.line_keys;
        dictionary.ShowSection(fixed == 0 || number <= fixed ? "FIXED_KEY" : "DYNAMIC_KEY");
      }
    }
    if (!empty) count(dictionary, "INDEX_OF_TYPE", ++shown_of_[form]);
    // Shown at the key, not at the root: a section of the root wouldn't see the key's values. A number that is no
    // person's is called, whatever its lamp says.
    const bool of_person = key.kind == KeyType::blf || key.kind == KeyType::pickup;
    dictionary.ShowSection(picks_up_ && of_person ? "PICKUP_ON" : "PICKUP_OFF");
    dictionary.ShowSection(section_of(form));
    if (form != KeyType::forward) return;
    dictionary.ShowSection(dialled.empty() ? "VALUE_OFF" : "VALUE_ON");
  }

  static const char* section_of(KeyType form) {
    switch (form) {
      case KeyType::speed_dial:
        return "SPEED_DIAL";
      case KeyType::blf:
        return "BLF";
      case KeyType::line:
        return "LINE";
      case KeyType::dnd:
        return "DND";
      case KeyType::hold:
        return "HOLD";
      case KeyType::transfer:
        return "TRANSFER";
      case KeyType::forward:
        return "FORWARD";
      case KeyType::voicemail:
        return "VOICEMAIL_KEY";
      default:
        return "NONE";
    }
  }

  void codecs() {
    const auto* way = dialect();
    const auto& words = way && way->codecs ? *way->codecs : grammar_.codecs;
    const auto lacks = [&](phones::CodecName codec) {
      return way && std::find(way->without.begin(), way->without.end(), codec) != way->without.end();
    };
    auto chosen = codecs_of(view_.codecs);
    std::erase_if(chosen, lacks);
    if (chosen.empty()) chosen = codecs_of({});
    std::string list;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const auto word = words.of(chosen[i]);
      auto& dictionary = *root_.AddSectionDictionary("CODEC");
      set(dictionary, "CODEC_NAME", word);
      set(dictionary, "CODEC_PRIORITY", fmt::format("{}", i + 1));
      if (i > 0) list += ',';
      list += word;
    }
    set(root_, "CODECS", list);
    // For phones with a fixed number of places, each of which keeps what it had where the file doesn't name it: the
    // last codec stands in the rest.
    std::vector<std::string> choices, numbers;
    for (const auto codec : chosen) choices.emplace_back(grammar_.codecs.of(codec));
    if (const auto* numbering = *grammar_.numbering) {
      for (const auto codec : chosen)
        if (const auto number = (*numbering->codec)(view_.model, codec)) numbers.push_back(fmt::format("{}", *number));
      if (numbers.empty())
        numbers.push_back(fmt::format("{}", (*numbering->codec)(view_.model, phones::CodecName::pcma).value_or(8)));
    }
    fill_places("CODEC_CHOICE", choices);
    fill_places("CODEC_NUMBER", numbers);
    for (const auto codec : phones::all_codecs) {
      const bool on = std::find(chosen.begin(), chosen.end(), codec) != chosen.end();
      root_.ShowSection(fmt::format("{}_{}", on ? "WITH" : "WITHOUT", phones::sdp_name(codec)));
      if (!on && !lacks(codec)) set(*root_.AddSectionDictionary("UNUSED_CODEC"), "CODEC_NAME", words.of(codec));
    }
  }

  void fill_places(std::string_view name, const std::vector<std::string>& words) {
    for (std::size_t place = 1; place <= 8 && !words.empty(); ++place)
      root_.SetValue(fmt::format("{}_{}", name, place), words[std::min(place, words.size()) - 1]);
  }

  void time() {
    const phones::Zone zone{view_.utc_offset_minutes, view_.clock_changes, view_.time_zone};
    set(root_, "TIME_ZONE", value_of((*grammar_.zone)(zone)));
    const auto* way = dialect();
    const auto name = way && way->zone_name ? way->zone_name : *grammar_.zone_name;
    if (name != nullptr) set(root_, "TIME_ZONE_NAME", value_of(name(zone)));
    show("DAYLIGHT_SAVING", view_.clock_changes.has_value());
    show("NO_DAYLIGHT_SAVING", !view_.clock_changes);
    if (!view_.clock_changes) return;
    const auto& dst = *view_.clock_changes;
    set(root_, "DST_MINUTES", fmt::format("{}", dst.minutes));
    set(root_, "DST_SECONDS", fmt::format("{}", dst.minutes * 60));
    change("START", dst.start);
    change("END", dst.end);
  }
  void change(const std::string& which, const ClockChange& c) {
    const auto put = [&](const char* what, unsigned value) {
      root_.SetValue("DST_" + which + "_" + what, fmt::format("{}", value));
      root_.SetValue("DST_" + which + "_" + what + "_2", fmt::format("{:02}", value));
    };
    put("MONTH", c.month);
    put("WEEK", c.week);
    put("WEEKDAY", c.weekday);                     // 1: Monday, 7: Sunday
    put("WEEKDAY_FROM_SUNDAY", c.weekday % 7);     // 0: Sunday
    put("WEEKDAY_SUNDAY_1", c.weekday % 7 + 1);    // 1: Sunday
    put("DAY", c.week == 5 ? 1 : c.week * 7 - 6);  // the first day of the month that it can be
    put("LAST", c.week == 5 ? 1 : 0);              // of its weekday in the month
    put("HOUR", c.hour);
  }

  void rest() {
    const auto* way = dialect();
    set(root_, "LANGUAGE", (way && way->languages ? *way->languages : grammar_.languages).of(view_.language));
    number("HOT_DESK_CODE", view_.hot_desk_code);
    number("LOGOUT_CODE", view_.logout_code);
    std::string emergency, blanks;
    for (const auto& each : view_.emergency_numbers) {
      const auto clean = clean_number(each);
      if (clean.empty()) continue;
      emergency += (emergency.empty() ? "" : ",") + clean;
      blanks += (blanks.empty() ? "" : " ") + clean;
    }
    set(root_, "EMERGENCY", value_of(emergency));
    set(root_, "EMERGENCY_BLANKS", value_of(blanks));
    text("RING_TONE", view_.ring_tone);
    show("RING_TONE_ON", !clean_text(view_.ring_tone).empty());
    text("BACKLIGHT", view_.backlight);
    show("BACKLIGHT_ON", !clean_text(view_.backlight).empty());
    text("DESK_NAME", view_.desk_name);
    text("ADMIN_PASSWORD", view_.admin_password.reveal());
    show("ADMIN_PASSWORD_ON", !clean_text(view_.admin_password.reveal()).empty());
    // It makes the file another one, so that a phone that compares digests takes it (reference §5.3).
    set(root_, "GENERATION", fmt::format("{}", view_.generation));
    // Of a version number that has to grow: six digits.
    set(root_, "GENERATION_6", fmt::format("{:06}", view_.generation % 1'000'000));
  }

  TemplateDictionary& root_;
  std::map<KeyType, unsigned> shown_of_;
  const PhoneView& view_;
  const phones::Grammar& grammar_;
  const bool picks_up_ = !clean_number(view_.pickup_code).empty();
};

}  // namespace

void fill(TemplateDictionary& dictionary, const PhoneView& view) { Filler(dictionary, view).all(); }

}  // namespace roamdesk::provisioning
