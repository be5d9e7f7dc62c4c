#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/time.hpp"

namespace roamdesk {

// Who has one of a bounded number of places that anyone may take: connections that haven't shown yet who they are.
// A stranger can't keep others out by holding many places, or by coming often: a newcomer gets a place of the address
// that has most (of IPv6, a network of 64 bits counts as one address: IpAddress::source). Addresses that have proven
// themselves before are remembered, and have places that strangers don't get. Pure.
class Places {
 public:
  using Id = Strong<struct PlaceTag, std::uint64_t>;
  struct Limits {
    std::size_t in_all = 256;
    std::size_t reserved = 64;    // of these, for addresses that are remembered or vouched for
    std::size_t per_address = 4;  // each stranger's address
    std::size_t per_known_address = 16;
    std::size_t remembered = 4096;  // addresses; the one that was heard of longest ago is forgotten
    Duration remembers_for = std::chrono::hours{72};
  };
  enum class Standing {
    fresh,  // gives way first
    begun,
    stays,  // never gives way
  };
  explicit Places(Limits limits) : limits_(limits) {}

  struct Entered {
    Id place;
    std::optional<Id> gives_way;  // has lost its place; its connection is to be closed
  };
  // `vouched`: known without having been remembered. nullopt: all that could give way stay.
  std::optional<Entered> enter(IpAddress address, bool vouched, TimePoint now);
  // Nothing for one that has gone.
  void leave(Id place);
  void set_standing(Id place, Standing standing);
  // A client at this address has proven who it is.
  void remember(IpAddress from, TimePoint now);
  bool remembers(IpAddress address, TimePoint now) const;
  std::size_t size() const { return places_.size(); }
  std::size_t of(IpAddress address) const;

 private:
  struct Address {
    std::size_t places = 0;
    bool known = false;
  };
  struct Place {
    Id id;
    std::map<IpAddress, Address>::iterator address;
    Standing standing = Standing::fresh;
  };
  // Who gives way first: of the address with most places the least far, then the longest there. `only`: of this
  // address.
  const Place* yielding(const Address* only, bool known_too) const;

  Limits limits_;
  std::vector<Place> places_;                  // in their order of coming
  std::map<IpAddress, Address> addresses_;     // not hashed: addresses may be forged to fall together
  std::map<IpAddress, TimePoint> remembered_;  // when they proved themselves last
  std::size_t strangers_ = 0;                  // places of addresses that aren't known
  std::uint64_t last_ = 0;
};

}  // namespace roamdesk
