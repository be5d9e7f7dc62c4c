#pragma once
#include <functional>
#include <string>
#include <vector>

#include "fixture.hpp"

namespace roamdesk::provisioning {

// A person who has more keys than any phone, of every kind.
inline std::vector<Key> many_keys() {
  std::vector<Key> keys;
  for (int i = 0; i < 300; ++i) {
    const auto number = std::to_string(200 + i);
    const auto every = keys_of_every_type();
    const auto own = every[static_cast<std::size_t>(i / 6) % every.size()];
    keys.push_back(i % 6 == 4   ? own
                   : i % 3 == 2 ? Key{KeyType::speed_dial, "+49" + number, "Taxi " + number}
                                : Key{KeyType::blf, number, "Person " + number});
  }
  return keys;
}

// Only a phone that can be told of an authority has anything to do with HTTPS.
inline void offer_https(PhoneView& view, HttpsStep step) {
  if (!phones::can_fetch_by_https(view.model)) return;
  view.https = *parse_endpoint("192.168.1.5:5001");
  view.step = step;
}

// All that can be set, one at a time.
using Change = std::function<void(PhoneView&)>;
struct Option {
  const char* name;
  Change change;
};
inline const Option options[] = {
    {"no option", [](PhoneView&) {}},
    {"udp, no clock, no voicemail", [](PhoneView& v) { v.ntp = {}, v.voicemail.clear(); }},
    {"tcp", [](PhoneView& v) { v.transport = sip::Transport::tcp; }},
    {"tls", [](PhoneView& v) { v.transport = sip::Transport::tls; }},
    {"srtp if it can", [](PhoneView& v) { v.transport = sip::Transport::tls, v.srtp = Srtp::optional; }},
    {"srtp", [](PhoneView& v) { v.transport = sip::Transport::tls, v.srtp = Srtp::required; }},
    {"all codecs",
     [](PhoneView& v) {
       v.codecs = {"g722", "opus", "g729", "pcma", "pcmu"};
     }},
    {"one codec", [](PhoneView& v) { v.codecs = {"pcmu"}; }},
    {"a web password", [](PhoneView& v) { v.admin_password = Secret{"k3Jx9Qm2Zr7Tw5Yb"}; }},
    {"a pickup code", [](PhoneView& v) { v.pickup_code = "*20*"; }},
    {"the person's already", [](PhoneView& v) { v.keeps_state = true; }},
    {"taste", [](PhoneView& v) { v.ring_tone = "Ring1.wav", v.backlight = "60"; }},
    {"no emergency numbers", [](PhoneView& v) { v.emergency_numbers.clear(); }},
    {"its turn to get firmware",
     [](PhoneView& v) { v.firmware_file = "firmware-1.2.3", v.firmware_version = "1.2.3"; }},
    {"an authority", [](PhoneView& v) { offer_https(v, HttpsStep::none); }},
    {"checks certificates", [](PhoneView& v) { offer_https(v, HttpsStep::authority); }},
    {"over https", [](PhoneView& v) { offer_https(v, HttpsStep::settled); }},
};

// What a phone can be: an idle desk, somebody's with a few keys and with all, a person's own.
inline std::vector<PhoneView> states_of(const phones::Model& model) {
  auto idle = idle_view(model.vendor, model.name), occupied = occupied_view(model.vendor, model.name);
  auto full = occupied, dedicated = occupied;
  full.keys = many_keys();
  dedicated.occupancy = Occupancy::dedicated;
  return {idle, occupied, full, dedicated};
}

}  // namespace roamdesk::provisioning
