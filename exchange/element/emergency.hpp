#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"
#include "common/sip/message.hpp"
#include "exchange/model/emergency_place.hpp"

namespace roamdesk::element {

// The service that a Request-URI asks for by name: "urn:service:sos", "urn:service:sos.police" (RFC 5031, in any case);
// "" where it names none.
std::string emergency_service(const sip::Uri& uri);
// What is dialled at a trunk for it: a service has no digits of its own, so that it is the country's general emergency
// number; a number stays as it is. `country`: ISO 3166, "" where it isn't known.
std::string number_of_service(const std::string& number, std::string_view country);

// "site local, desk HD0001 (Room 5), phone 001565000001, person 101 Alice, address 192.0.2.1:5060", as far as known.
std::string to_string(const EmergencyPlace& place);

// How many emergency calls get an event, a line of the log and a record each, in a minute: of one source, and of all
// sources at which no phone is registered. Forged addresses hide no true call.
class EmergencyAllowance {
 public:
  static constexpr std::size_t most_of_source = 5, most_of_strangers = 20;
  static constexpr std::chrono::seconds minute{60};

  bool take(const std::string& source, bool stranger, TimePoint now) {
    if (now - since_ >= minute) {
      counts_.clear();
      strangers_ = 0;
      since_ = now;
    }
    if (stranger && strangers_ >= most_of_strangers) return false;
    if (++counts_[source] > most_of_source) return false;
    if (stranger) ++strangers_;
    return true;
  }

 private:
  std::map<std::string, std::size_t> counts_;
  std::size_t strangers_ = 0;
  TimePoint since_{};
};

}  // namespace roamdesk::element
