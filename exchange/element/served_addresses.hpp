#pragma once
#include <map>
#include <optional>

#include "common/base/endpoint.hpp"
#include "common/phones/mac.hpp"

namespace roamdesk::element {

// From which address each phone was given its configuration in its present window, before the store has said so.
class ServedAddresses {
 public:
  std::optional<IpAddress> find(const Mac& phone) const {
    const auto found = by_phone_.find(phone);
    return found == by_phone_.end() ? std::nullopt : std::optional{found->second};
  }
  void set(const Mac& phone, IpAddress address) { by_phone_.insert_or_assign(phone, address); }
  // It has registered, and will fetch from there; nothing if it wasn't served in this window.
  void move(const Mac& phone, IpAddress address) {
    if (const auto found = by_phone_.find(phone); found != by_phone_.end()) found->second = address;
  }
  // Another window begins.
  void erase(const Mac& phone) { by_phone_.erase(phone); }

 private:
  std::map<Mac, IpAddress> by_phone_;
};

}  // namespace roamdesk::element
