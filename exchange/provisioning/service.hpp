#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/time.hpp"
#include "common/phones/user_agent.hpp"
#include "exchange/door/http.hpp"
#include "exchange/model/firmware.hpp"
#include "exchange/provisioning/file_names.hpp"
#include "exchange/provisioning/https_step.hpp"
#include "exchange/provisioning/provisioner.hpp"

namespace roamdesk::provisioning {

inline constexpr std::chrono::minutes window_length{10};

using door::HttpAnswer;
using door::HttpRequest;

// What the element makes of a request, in its order.
struct Fetched {  // it was given its configuration
  Mac mac;
  std::uint64_t generation = 0;
  std::string token;                            // by which it asked
  std::optional<phones::UserAgent> user_agent;  // model and firmware, for the phone's record
  Endpoint peer;
  bool tls = false;
  friend bool operator==(const Fetched&, const Fetched&) = default;
};
// It was given something else by a token of its own, which shows how far it has come on its way to HTTPS.
struct Shown {
  Mac mac;
  Given given{};
  friend bool operator==(const Shown&, const Shown&) = default;
};
// It was given firmware, or a part of it.
struct FirmwareFetched {
  Mac mac;
  Endpoint peer;
  friend bool operator==(const FirmwareFetched&, const FirmwareFetched&) = default;
};
struct RedirectFetched {  // DHCP option 66: it was given the URL
  Mac mac;
  std::optional<phones::UserAgent> user_agent;
  Endpoint peer;
  friend bool operator==(const RedirectFetched&, const RedirectFetched&) = default;
};
// A device that asks by its MAC (option 66) and isn't assigned: how it is discovered where there is no PnP.
struct UnassignedAsked {
  Mac mac;
  std::optional<phones::UserAgent> user_agent;
  Endpoint peer;
  friend bool operator==(const UnassignedAsked&, const UnassignedAsked&) = default;
};
enum class Suspicion : std::uint8_t {
  wrong_token,      // no phone's; also what scanners ask for
  wrong_site,       // a token of a phone that lives elsewhere
  foreign_file,     // another phone's file under this token
  foreign_device,   // the User-Agent names another MAC than the token's
  outside_window,   // by MAC alone, and the window is closed
  foreign_address,  // by the right token, from where the phone isn't
  in_the_clear,     // of a phone that fetches over TLS, and over nothing else
  malformed,        // not a path of ours
};
std::string_view to_string(Suspicion why);
struct SuspiciousFetch {
  Suspicion why{};
  std::optional<Mac> mac;  // whose configuration it was about; nullopt if no phone's
  SiteId site;
  Endpoint peer;
  friend bool operator==(const SuspiciousFetch&, const SuspiciousFetch&) = default;
};
using FetchEvent = std::variant<Fetched, Shown, FirmwareFetched, RedirectFetched, UnassignedAsked, SuspiciousFetch>;

struct HttpOutcome {
  HttpAnswer answer;
  std::vector<FetchEvent> events;
};

// An assigned phone, as far as requests concern it.
struct AssignedPhone {
  Mac mac;
  SiteId site;
  phones::Vendor vendor = phones::Vendor::unknown;
  std::string token;
  std::optional<WallTime> window_until;
  bool window_taken = false;
  std::optional<IpAddress> registered_at{}, known_at{};  // as FetchFacts has them
  bool only_by_tls = false;                              // likewise
  // What it may fetch beside its file; none while it isn't its turn.
  std::vector<FirmwareFile> firmware{};
  bool in_call = false;
};

// Where the service looks: the element, over its directory.
class PhoneSource {
 public:
  virtual ~PhoneSource() = default;
  // Whose present token this is, at whatever site. Tokens are compared by a table look-up: 128 random bits, so that
  // timing says nothing of use.
  virtual std::optional<AssignedPhone> by_token(std::string_view token) const = 0;
  // Whether it is one of this phone's, of earlier or now.
  virtual bool is_token_of(const Mac& mac, std::string_view token) const = 0;
  virtual std::optional<AssignedPhone> by_mac(const Mac& mac) const = 0;
  // What the phone should have now, as seen through `face` (the provisioning address at which it asked).
  virtual std::optional<PhoneView> view(const Mac& mac, const Endpoint& face) const = 0;
};

// Answers `/provision/…` (contract §4, The window). Pure, and without state: token and window are in the phone's
// record.
class ProvisioningService {
 public:
  // `authority`: PEM of our authority's certificate.
  ProvisioningService(const Provisioner& provisioner, const PhoneSource& phones, std::string authority)
      : provisioner_(provisioner), phones_(phones), authority_(std::move(authority)) {}

  HttpOutcome handle(const HttpRequest& request, WallTime wall) const;

 private:
  HttpOutcome by_token(const HttpRequest& request, std::string_view token, std::string_view file, WallTime wall) const;
  HttpOutcome by_mac(const HttpRequest& request, std::string_view file, WallTime wall) const;
  // Firmware, or what names it; nullopt for any other name. It is the phone itself that asks.
  std::optional<HttpOutcome> firmware(const HttpRequest& request, const AssignedPhone& phone, FileKind kind,
                                      std::string_view file) const;
  // One of our own names (own_names.hpp), asked for by the phone itself.
  HttpOutcome own_file(const HttpRequest& request, const AssignedPhone& phone, std::string_view file) const;
  HttpAnswer authority() const;
  ConfigFile index(const AssignedPhone& phone, const Endpoint& face) const;

  const Provisioner& provisioner_;
  const PhoneSource& phones_;
  std::string authority_;
};

// A new token and window for a phone's record: at Assign, Provision again, and after a reset. `fresh` as for
// draw_token(). With `only_for`, no other address may fetch in it; else it is the first one's that fetches. In it a
// phone that is settled on HTTPS may begin over HTTP again.
void open_window(Phone& phone, const std::string& fresh, WallTime wall,
                 const std::optional<Endpoint>& only_for = std::nullopt);
bool in_window(const std::optional<WallTime>& until, WallTime wall);

}  // namespace roamdesk::provisioning
