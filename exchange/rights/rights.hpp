#pragma once
#include <cstdint>

// Who a SIP request speaks for. The one place that decides it; README.md has the table. (An emergency
// call may be made without credentials, so nothing here is asked for it.)
namespace roamdesk::rights {

// What the request authenticated with, as the records and the desk's machine have it at this moment.
enum class Credentials : std::uint8_t {
  session,    // of the session in force at the desk
  idle,       // the desk's idle ones of now
  ended,      // of a session that is over, or idle ones that were replaced
  own_phone,  // of a person's own phone
};

// The device as it is.
enum class Desk : std::uint8_t {
  none,          // a person's own phone
  idle,          // nobody is logged in, and the phone isn't back as the idle desk yet
  idle_settled,  // nobody is logged in, and the phone is registered so
  bound,         // somebody is logged in, and the phone isn't back as the session yet
  awaited,       // likewise, and it is registered where the login was dialled
  settled,       // somebody is logged in, and the phone is registered as the session
};

// Where it came from.
enum class Source : std::uint8_t {
  bridge,      // the flow at which the login was dialled, or to which the phone has moved its registration since; only
               // until the phone registers as the session, or the delivery's deadline
  registered,  // the address (IP and site) at which the device is registered
  unregistered,  // the device is registered nowhere
  elsewhere,     // it is registered at another address
  other_site,    // another site than the device's
};

struct Facts {
  Credentials credentials{};
  Desk desk{};
  Source source{};
  friend bool operator==(const Facts&, const Facts&) = default;
};

enum class Acts : std::uint8_t {
  refused,
  idle,    // as an idle desk: the hot-desk codes, and no person's lamps or calls
  person,  // for the person who is logged in at the desk, or whose phone it is
};

struct Rights {
  Acts acts{};
  // It may stand in the device's place: register instead of what is registered, and log in and out at the desk.
  bool takes_place = false;
  friend bool operator==(const Rights&, const Rights&) = default;
};

Rights decide(const Facts& facts);

}  // namespace roamdesk::rights
