#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/time.hpp"
#include "common/phones/mac.hpp"
#include "tests/support/phone/call.hpp"
#include "tests/support/phone/registration.hpp"

namespace roamdesk::sim {

// What a phone stands on: its socket, its HTTP client and its clock.
class Ground {
 public:
  virtual ~Ground() = default;
  virtual void after(Duration time, std::function<void()> then) = 0;
  virtual TimePoint time() const = 0;
  virtual std::string fresh() = 0;  // something random
};

// How a maker built it, and what is wrong with it.
struct Habits {
  std::chrono::seconds boot{25};   // from power to its first packet
  std::chrono::seconds retry{20};  // after a REGISTER that failed
  bool fetches_at_boot = true;
  bool unregisters_first = true;  // before it registers under another identity
  bool heeds_resync = true;       // fetches when told; a reboot it always heeds
  bool heeds_reboot = true;
  bool fetch_works = true;  // else its provisioning is broken
  // Else no certificate is good to it (its clock is wrong, say), and where it is told to check them it can't register,
  // as one that signals over TLS.
  bool trusts = true;
  bool answers = true;  // picks up after a second; else it rings on
  bool knows_options = true;
  bool takes_firmware = true;  // else it fetches it, and stays what it is
  std::string redirects;       // its calls go to this number: 302
};

// A desk phone of another maker: registers with digest, keeps its identity until it has fetched another one, refreshes
// each Expires/2, fetches when told and idle, at boot and every hour.
class DeskPhone {
 public:
  struct Ports {
    Ground* ground = nullptr;
    std::function<void(std::string bytes)> send;            // to its proxy
    std::function<void(std::string bytes)> send_multicast;  // plug-and-play
    // Status and body; 0: no answer.
    std::function<void(std::string url, std::function<void(int, std::string)>)> fetch;
  };
  DeskPhone(Mac mac, SiteId site, Endpoint own, Habits habits, Ports ports);

  void power_on();
  void power_off();
  void reboot();
  void receive(std::string_view bytes);

  // A call that it makes. Its number for the functions below.
  std::string dial(const std::string& number);
  void press(const std::string& call, const std::string& digits);  // SIP INFO
  // REFER in the newest call that is up; what becomes of it is in `sipfrags`.
  void transfer(const std::string& number);
  void hang_up();

  bool on() const { return on_; }
  bool booted() const { return booted_; }
  bool idle() const { return calls_.empty(); }
  bool registered() const { return registered_; }
  // Who it is on its display, and as which it registers: "HD0001", "101"; "" with no configuration.
  const std::string& shows() const { return account_.user; }
  std::string auth_user() const { return account_.auth_user; }
  const std::string& password() const { return account_.password; }
  void move_to(Endpoint own);
  const Mac& mac() const { return mac_; }
  const SiteId& site() const { return site_; }
  const Endpoint& own() const { return own_; }
  const std::string& url() const { return url_; }
  void forget_configuration();  // a factory reset

  using Call = phone::Call;
  const std::map<std::string, Call>& calls() const { return calls_; }
  // Calls that it made and that are over.
  const std::map<std::string, Call>& over() const { return over_; }
  const Call* call(const std::string& id) const;

  Habits habits;
  std::string firmware = "124.86.0.40";
  bool do_not_disturb = false;  // its person has switched it on; what no file names stays
  // What it is offered; "" for nothing.
  const std::string& offered() const { return offered_; }
  // A setting that isn't Roamdesk's; "" without it.
  const std::string& date_format() const { return date_format_; }
  std::string agent() const { return "Yealink SIP-T33G " + firmware + " " + mac_.text(); }
  std::vector<std::string> sipfrags;  // of NOTIFYs about a transfer, in order
  unsigned firmware_fetches = 0;
  unsigned fetches = 0, boots = 0, resyncs = 0, reboots_told = 0, strangers = 0, rings = 0;

 private:
  struct Account {
    std::string user, auth_user, password, domain;
    friend bool operator==(const Account&, const Account&) = default;
  };
  void boot();
  void later(Duration time, std::function<void()> then);  // unless it is switched off meanwhile
  void subscribe_pnp();
  void fetch(std::function<void()> then);
  void take(const std::string& body);
  void reach();
  // It fetches what it was offered, restarts, and is that from then on.
  void upgrade();
  void use(Account account);
  void fetch_when_idle();
  void start_registering();
  void send_register(unsigned expires, std::function<void(bool)> done);
  void be_known();  // to its agent: account and address
  void touched();   // something was sent or heard, or it is time
  void wake();
  void on_request(std::string_view request);
  void on_notify(std::string_view request);
  void on_invite(std::string_view request);
  void say(int status, std::string_view request);

  Mac mac_;
  SiteId site_;
  Endpoint own_;
  Ports ports_;
  // kept without power
  std::string url_;
  Account account_;
  // not kept
  bool checks_ = false;  // certificates
  std::string to_reach_, offered_, date_format_;
  bool on_ = false, booted_ = false, registered_ = false, told_ = false, fetching_ = false;
  unsigned epoch_ = 0, registration_ = 0;
  std::optional<phone::Agent> agent_;
  std::optional<phone::Registration> registering_;
  std::optional<TimePoint> waking_;
  std::map<std::string, Call> calls_, over_;
};

// Plug-and-play: its SUBSCRIBE for the URL of its configuration. `lines` are more headers, each with its CRLF.
std::string ask_for_url(const phone::Agent& agent, const Mac& mac, const std::string& lines = {});

}  // namespace roamdesk::sim
