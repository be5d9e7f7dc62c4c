#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/model/emergency_callback.hpp"
#include "exchange/model/location.hpp"

namespace roamdesk::emergency {

// Whose call for help shows a number: help that calls it back reaches that desk, or where it is none the phone.
struct Caller {
  HotDeskId desk{};
  std::optional<Mac> phone{};
  std::string contact{};
  sip::FlowAddress flow{};
};

// Which desk each number leads to that help calls back. It has one record for each number that ever was a location's,
// so that nobody's calls make it grow.
class CallbackBook {
 public:
  // As it was stored.
  void restore(EmergencyCallback record);

  // The number that a call for help from there shows, in its time from now on, as it is to be stored. A desk that calls
  // again keeps its number; else it is the one that was unused for longest, whosever it was. nullopt: the location has
  // none.
  std::optional<EmergencyCallback> take(const Location& location, const std::string& trunk, const Caller& caller,
                                        WallTime now);
  // The call for help is over: the time counts from now. nullopt: the number is another one's meanwhile.
  std::optional<EmergencyCallback> ended(std::string_view number, const Caller& caller, std::chrono::seconds window,
                                         WallTime now);
  // Who is called back by that number at this time; nullptr where it is no one's: the inbound numbers decide.
  const EmergencyCallback* find(std::string_view number, WallTime now) const;

 private:
  std::map<std::string, EmergencyCallback, std::less<>> records_;
};

// The same desk; or, without one, the same phone; or, without both, the same address.
bool is_same(const EmergencyCallback& record, const Caller& caller);

}  // namespace roamdesk::emergency
