#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/phones/vendor_facts.hpp"
#include "exchange/provisioning/files/files.hpp"
#include "exchange/provisioning/provisioner.hpp"

namespace roamdesk::provisioning {

// The product's own models and templates.
inline const Provisioner& provisioner() {
  static const Provisioner made{load_models(CONFIG_DIR "/models"), load_templates(CONFIG_DIR "/templates", "")};
  return made;
}

// What the golden files show of each vendor. One that is supported and not among these fails every test that asks for
// it.
struct Sample {
  phones::Vendor vendor;
  const char *mac, *model;
};
inline constexpr Sample samples[] = {
    {phones::Vendor::yealink, "805ec0112233", "T33G"}, {phones::Vendor::snom, "000413abcdef", "D785"},
    {phones::Vendor::fanvil, "0c383e112233", "X3U"},   {phones::Vendor::grandstream, "c074ad112233", "GRP2612"},
    {phones::Vendor::htek, "001fc1112233", "UC923"},   {phones::Vendor::cisco, "00562b112233", "8841"},
    {phones::Vendor::poly, "64167f112233", "VVX450"}};
inline const Sample& sample_of(phones::Vendor vendor) {
  for (const auto& sample : samples)
    if (sample.vendor == vendor) return sample;
  throw std::logic_error("no sample of " + std::string{phones::to_string(vendor)});
}
inline Mac mac_of(phones::Vendor vendor) { return *Mac::parse(sample_of(vendor).mac); }

inline const std::vector<phones::Vendor> vendors{phones::supported_vendors().begin(),
                                                 phones::supported_vendors().end()};

// Whether its files are XML, or Yealink's lines.
inline bool writes_xml(phones::Vendor vendor) {
  return std::string_view{phones::grammar_of(vendor).content_type}.starts_with("text/xml");
}

// A desk at a branch, without a session.
inline PhoneView idle_view(phones::Vendor vendor, const std::string& model = "") {
  PhoneView view{.model = provisioner().models().find(vendor, model.empty() ? sample_of(vendor).model : model),
                 .mac = mac_of(vendor)};
  view.account = {"HD0001", "HD0001", Secret{"0123456789abcdef0123456789abcdef"}, "HD0001", "HD0001"};
  view.sip = *parse_endpoint("192.168.1.5:5060");
  view.provisioning = *parse_endpoint("192.168.1.5:5000");
  view.ntp = *parse_endpoint("192.168.1.5:123");
  view.token = "TOKENtokenTOKENtoken";
  view.domain = "pbx.example.com";
  view.emergency_numbers = {"112", "911"};
  view.utc_offset_minutes = 60;
  view.daylight_saving = true;
  view.clock_changes = ClockChanges{{3, 5, 7, 2}, {10, 5, 7, 3}, 60};
  view.generation = 7;
  return view;
}

// A person with an awkward name sits there.
inline PhoneView occupied_view(phones::Vendor vendor, const std::string& model = "") {
  auto view = idle_view(vendor, model);
  view.occupancy = Occupancy::occupied_desk;
  view.account = {"101", "s-4f2a", Secret{"fedcba9876543210fedcba9876543210"}, "101", "O'Brien <&\"> äöü"};
  view.keys = {{KeyType::blf, "102", "Bob & Söhne"},
               {KeyType::none, "", ""},
               {KeyType::speed_dial, "0049123", "<Taxi>"},
               {KeyType::blf, "103", ""}};
  view.voicemail = "*98";
  view.generation = 8;
  return view;
}

// One key of every type, a forward with and without a number.
inline std::vector<Key> keys_of_every_type() {
  return {{KeyType::blf, "102", "Bob"},
          {KeyType::speed_dial, "0049123", "Taxi"},
          {KeyType::line, "", ""},
          {KeyType::dnd, "", "Quiet"},
          {KeyType::voicemail, "*98", "Mail"},
          {KeyType::hold, "", ""},
          {KeyType::transfer, "", "Hand over"},
          {KeyType::forward, "0049456", "Mobile"},
          {KeyType::forward, "", ""},
          {KeyType::pickup, "103", "Take"},
          {KeyType::park, "*8501", "Park 1"},
          {KeyType::group_login, "*4501", "Sales"},
          {KeyType::night_switch, "*28", "Night"}};
}

// `key = value` lines; repeated keys fail the test.
inline std::map<std::string, std::string> yealink_settings(const std::string& body) {
  std::map<std::string, std::string> settings;
  std::size_t begin = 0;
  while (begin < body.size()) {
    const auto end = std::min(body.find('\n', begin), body.size());
    const auto line = body.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty() || line[0] == '#') continue;
    const auto equals = line.find(" = ");
    EXPECT_NE(equals, std::string::npos) << line;
    if (equals == std::string::npos) continue;
    EXPECT_TRUE(settings.emplace(line.substr(0, equals), line.substr(equals + 3)).second) << "twice: " << line;
  }
  return settings;
}

}  // namespace roamdesk::provisioning
