#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "exchange/calls/types.hpp"

namespace roamdesk::calls {

// Contacts of 3xx answers that are tried one behind the other for one call (RFC 3261 §8.1.3.4), each with the rights of
// the peer that named it. A hunt is one list of them; a contact that is itself sent on is in its place there.
class Hunts {
 public:
  struct Contact {
    Caller by;
    std::string user;
    std::vector<Party> diverted{};  // Errand
  };
  // Puts what `by` names, best first, ahead of what is left of `hunt`; 0, or one that is over, begins a new one.
  // `diverted`: who had sent the call on until it came to `by`. The hunt that goes on with them.
  std::uint64_t add(std::uint64_t hunt, const Caller& by, std::vector<Party> diverted, std::vector<std::string> users);
  // False for one that is over, and for 0.
  bool has(std::uint64_t hunt) const;
  // The next contact; nullopt: the hunt is over. At most `most` are tried for one call.
  std::optional<Contact> next(std::uint64_t hunt, std::size_t most);
  void clear() { lists_.clear(); }
  // A transfer begins: what was tried doesn't count.
  void restart();

 private:
  struct List {
    std::uint64_t hunt = 0;
    std::deque<Contact> left;
  };
  std::vector<List> lists_;
  std::uint64_t last_ = 0;
  std::size_t tried_ = 0;
};

}  // namespace roamdesk::calls
