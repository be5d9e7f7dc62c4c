#pragma once
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/packed_text.hpp"
#include "common/base/secret.hpp"
#include "common/base/shared_text.hpp"
#include "common/base/time.hpp"
#include "common/phones/mac.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/message.hpp"

namespace roamdesk::registrar {

enum class Rights : std::uint8_t {
  full,  // a person's: a session in force, or a dedicated phone
  idle,  // a hot desk at which no person is logged in
  old,   // credentials of an ended session: they authenticate the device, with idle rights only
};

// What a digest user stands for.
struct Account {
  Mac device;
  std::string digest_user;
  Secret password;
  std::string aor_user;  // the user part that it registers as: "101", "HD0001"
  SiteId site;
  Rights rights = Rights::full;
  bool hot_desk = false;
};

struct Binding {
  Mac device;
  std::string aor_user;
  PackedText digest_user;
  std::string contact;  // the Contact's URI, untouched: the Request-URI of what we send
  sip::FlowAddress flow;
  PackedText call_id;
  std::uint32_t cseq = 0;
  SharedText user_agent;
  TimePoint expires{};
};

struct Limits {
  std::chrono::seconds shortest{10};  // under it: 423 with Min-Expires (RFC 3261 §10.3 step 7)
  std::chrono::seconds longest_hot_desk{60}, longest_dedicated{3600};
  std::chrono::seconds default_expires{3600};  // where the phone names none (RFC 3261 §10.2.1.1)
};

struct Registered {
  Mac device;
  bool moved = false;
};  // new or refreshed; `moved`: contact, flow or identity changed
struct Unregistered {
  Mac device;
};
struct Unchanged {};
using Change = std::variant<Registered, Unregistered, Unchanged>;

struct Outcome {
  sip::Message response;
  Change change = Unchanged{};
};

class Registrar {
 public:
  explicit Registrar(Limits limits = {}) : limits_(limits) {}
  // Its indices point into it.
  Registrar(const Registrar&) = delete;
  Registrar& operator=(const Registrar&) = delete;

  // A REGISTER whose credentials were found good for `account`. `to_tag` is a fresh token.
  Outcome handle_register(const sip::Flow& flow, const sip::Message& request, const Account& account,
                          const std::string& to_tag, TimePoint now);
  // Bindings that have run out; they are no longer there. Spurious calls do nothing.
  std::vector<Binding> handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;

  const Binding* find(const Mac& device) const;
  // The devices that are registered at this IP of the site.
  std::vector<Mac> at(const SiteId& site, IpAddress address) const;
  bool remove(const Mac& device);
  // After a restart: a binding as it was stored.
  void restore(const Binding& binding);
  std::size_t size() const { return bindings_.size(); }
  const std::unordered_map<Mac, Binding>& all() const { return bindings_; }

 private:
  struct Place {
    const SiteId& site;
    IpAddress address;
  };
  // The indices hold no second copy of what they are ordered by.
  struct Sooner {
    bool operator()(const Binding* a, const Binding* b) const {
      return std::tie(a->expires, a->device) < std::tie(b->expires, b->device);
    }
  };
  struct ByAddress {
    using is_transparent = void;
    static auto key(const Binding* b) { return std::tie(b->flow.site, b->flow.peer.address, b->device); }
    static auto place(const Binding* b) { return std::tie(b->flow.site, b->flow.peer.address); }
    static auto place(const Place& p) { return std::tie(p.site, p.address); }
    bool operator()(const Binding* a, const Binding* b) const { return key(a) < key(b); }
    bool operator()(const Binding* a, const Place& b) const { return place(a) < place(b); }
    bool operator()(const Place& a, const Binding* b) const { return place(a) < place(b); }
  };

  void put(const Binding& binding);
  std::chrono::seconds granted(std::chrono::seconds asked, const Account& account) const;

  Limits limits_;
  std::unordered_map<Mac, Binding> bindings_;
  std::set<const Binding*, Sooner> by_expiry_;
  std::set<const Binding*, ByAddress> by_address_;
};

}  // namespace roamdesk::registrar
