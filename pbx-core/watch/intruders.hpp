#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exchange/alarms/happenings.hpp"

// Which of the things that happen count as somebody's attack, and how many of them. Pure.
namespace roamdesk::watch {

// A wrong password or code at the console or the API, from this address.
alarms::Happenings::Event wrong_password(const std::string& peer);
// Wrong PINs have locked logins at a desk.
alarms::Happenings::Event locked_desk(const std::string& desk, const std::string& site);
// Credentials that aren't the sender's were tried.
alarms::Happenings::Event impostor(const std::string& peer, const std::string& site, const std::string& what);
// A phone's file was refused.
alarms::Happenings::Event refused_file(const std::string& peer, const std::string& site, const std::string& why);

// What strangers sent in vain, since the start, at each of the core's doors.
struct Strangers {
  std::uint64_t sip = 0, tunnel = 0, http = 0;
};
// Floods, out of how these figures grow from one look to the next.
class Floods {
 public:
  // What has come since the last call; nothing at the first.
  std::vector<alarms::Happenings::Event> look(const Strangers& now);

 private:
  std::optional<Strangers> last_;
};

}  // namespace roamdesk::watch
