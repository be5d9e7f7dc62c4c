#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/phones/clock.hpp"
#include "common/phones/mac.hpp"
#include "common/phones/model.hpp"
#include "common/sip/flow.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk::provisioning {

// Who the phone is at the moment.
enum class Occupancy : std::uint8_t {
  idle_desk,  // a hot desk without a session
  occupied_desk,
  dedicated,  // a person's own phone: no Log in, no Log out
};

struct Account {
  std::string user;         // of the address of record: "HD0001", "101"
  std::string digest_user;  // "HD0001", or the session's own
  Secret password;
  std::string label;         // on the screen: "HD0001", "101"
  std::string display_name;  // "Alice O'Brien"
};

using phones::ClockChange;
using phones::ClockChanges;

// Everything that a configuration file says. The same view gives the same bytes.
struct PhoneView {
  phones::Model model;
  Mac mac;
  Occupancy occupancy = Occupancy::idle_desk;
  Account account{};
  std::vector<Key> keys{};  // the person's, in their order; empty for an idle desk
  // It is registered as this person, so that it had a file of theirs: do-not-disturb and forwarding that are on at it
  // are this person's, and stay.
  bool keeps_state = false;

  Endpoint sip{};                    // the face: outbound proxy
  Endpoint provisioning{};           // of the URL
  Endpoint https{};                  // the same over TLS; port 0: this phone is to have nothing to do with it
  HttpsStep step = HttpsStep::none;  // where `https` is set
  Endpoint ntp{};                    // port 0: none
  std::string token{};               // of the URL
  std::string domain{};              // registrar
  sip::Transport transport = sip::Transport::udp;
  Srtp srtp = Srtp::off;  // not without TLS

  std::string voicemail{};  // "" for none
  std::string hot_desk_code = "*77*", logout_code = "*77*5*";
  std::string pickup_code{};  // dialled with the number where a lamp's key is pressed while it rings; "" for none
  std::vector<std::string> emergency_numbers{};

  std::string language = "en";  // ISO 639-1
  // Of the site. A pure folder has no zone database: zone.hpp tells what follows from the name.
  std::string time_zone{};     // "Europe/Berlin"
  int utc_offset_minutes = 0;  // without daylight saving
  bool daylight_saving = false;
  std::optional<ClockChanges> clock_changes =
      std::nullopt;                      // of daylight saving; without them a phone shows standard time
  std::vector<std::string> codecs{};     // "g722", "pcma", "pcmu", "opus"; empty: pcma, pcmu, g722
  std::string ring_tone{}, backlight{};  // the API's words; "" for the phone's own
  std::string desk_name{};               // a human's name for the desk; "" for none

  // It is its turn to get firmware: the file's name beside its own file, and the version. "": it isn't.
  std::string firmware_file{}, firmware_version{};

  // Texts of own_lines.hpp, each winning over those before it.
  std::vector<std::string> own_lines{};

  Secret admin_password{};  // of the phone's own web page; empty: not set
  std::uint64_t generation = 0;
};

// "http://192.168.1.5:5000/provision/TOKEN/": what a phone is given that knows no authority of ours yet.
std::string directory_url(const PhoneView& view);
// What its configuration names: the same, or "https://192.168.1.5:5001/provision/TOKEN/" once it has come so far.
std::string config_url(const PhoneView& view);
// Where its firmware is; "" where it isn't its turn.
std::string firmware_url(const PhoneView& view);
// Where it fetches our authority's certificate; "" for nowhere.
std::string authority_url(const PhoneView& view);
// What it is to ask for over TLS, so that it shows that it can; "" for nothing.
std::string reach_url(const PhoneView& view);
// Whether it is to check certificates by our authority.
bool checks_certificates(const PhoneView& view);
// Between two fetches. A phone that signals over TLS, and can't check our certificate, loses its registration when it
// is told to: it comes back for another file soon.
unsigned refetch_minutes(const PhoneView& view);
// Registration expiry in seconds: hot desks come back within a minute (contract §4, Logout).
unsigned registration_expiry(const PhoneView& view);

}  // namespace roamdesk::provisioning
