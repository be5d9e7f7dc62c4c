#pragma once
#include <string>
#include <variant>

#include "pbx-core/api/domain.hpp"

// What GET /events tells (contract §3). Made on the signalling thread; no secrets, no digits of the login dialogue.
namespace roamdesk::api {

struct PhoneDiscovered {
  PhoneView phone;
};
struct PhoneChanged {
  PhoneView phone;
};
struct HotDeskChanged {
  DeskView desk;
};
struct SessionStarted {
  SessionId id;
  HotDeskId desk;
  Mac mac;
  ExtensionNumber extension;
  WallTime since{};
  SiteId site{};
};
struct SessionEnded {
  SessionId id;
  HotDeskId desk;
  Mac mac;
  ExtensionNumber extension;
  std::string reason;  // contract §3: "code", "key", "admin", …
  SiteId site{};
};
// At a desk's dialogue. The console's failed log-ins are told by the API itself.
struct LoginFailed {
  HotDeskId desk;
  bool locked = false;  // this failure locked logins
  SiteId site{};
};
// Credentials of yesterday, or a desk's idle ones, from another address than that of the desk's phone; refused. Once a
// minute for each device and source.
struct PhoneImpostor {
  Mac mac;
  HotDeskId desk;
  SiteId site;
  std::string ip, what;
};
// A sender asked for a phone's configuration that it may not have; bounded for each source and site.
struct ProvisioningSuspicious {
  std::optional<Mac> mac;  // whose, where that is known
  SiteId site;
  std::string ip;
  std::string why;  // "foreign_address", "plug_and_play", …
};
struct SbcConnected {
  std::string name;
};
struct SbcDisconnected {
  std::string name, reason;
};
struct CallStarted {
  CallView call;
};
// It was answered, held, or goes on with another party.
struct CallChanged {
  CallView call;
};
struct CallEnded {
  CallView call;
};

// Somebody has called for help: to be acknowledged (GET /emergencies has it as soon as it is stored).
struct EmergencyCalled {
  Emergency emergency;
};
// An alarm was raised, has become worse, or was cleared.
struct AlarmChanged {
  Alarm alarm;
};
// The update of branches is further than it was (GET /rollout).
struct RolloutChanged {
  RolloutState state{};
};
// A trunk isn't any more as it was.
struct TrunkChanged {
  std::string name;
};
// A line's figures have changed; at most every 10 s for each.
struct SbcChanged {
  SbcView sbc;
};
// GET /stats would say something else; at most every 5 s.
struct StatsChanged {
  Numbers now;
};

using Event =
    std::variant<PhoneDiscovered, PhoneChanged, HotDeskChanged, SessionStarted, SessionEnded, LoginFailed, SbcConnected,
                 SbcDisconnected, CallStarted, CallChanged, CallEnded, SbcChanged, TrunkChanged, StatsChanged,
                 PhoneImpostor, ProvisioningSuspicious, EmergencyCalled, AlarmChanged, RolloutChanged>;

}  // namespace roamdesk::api
