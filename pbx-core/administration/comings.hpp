#pragma once
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/phones/mac.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk::administration {

// What comes and goes, for the log: SBCs, phones, trunks. Of each a record when it goes and one when it is back; of one
// that comes and goes on and on, those of the first few times an hour. What was never seen to be there doesn't go.
// Pure: it is told, and gives the records.
class Comings {
 public:
  // Of the same thing, in an hour; then nothing until one has been there, or away, for the rest of it.
  static constexpr int most_an_hour = 10;

  std::optional<AuditRecord> sbc(const std::string& name, bool there, const std::string& why, WallTime now);
  // A phone that goes with its branch is no loss of its own: `site_there`.
  std::optional<AuditRecord> phone(const Mac& mac, bool there, bool site_there, WallTime now);
  std::optional<AuditRecord> trunk(const std::string& name, bool there, const std::string& why, WallTime now);
  void forget(const Mac& mac) { phones_.erase(mac); }

  // Since when the SBC has been there, or away; nullopt where nothing has been heard of it since the start.
  std::optional<WallTime> sbc_since(const std::string& name) const;

 private:
  struct State {
    bool there = false;
    bool told = true;  // whether its last change stands in the log
    int in_hour = 0;
    WallTime hour{};
  };
  struct SbcState : State {
    WallTime since{};
  };
  // Whether that is a change, and is to be told.
  static bool change(State& state, bool there, WallTime now);

  std::map<std::string, SbcState> sbcs_;
  std::map<std::string, State> trunks_;
  boost::unordered_flat_map<Mac, State, std::hash<Mac>> phones_;
};

}  // namespace roamdesk::administration
