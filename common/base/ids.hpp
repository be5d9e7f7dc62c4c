#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace roamdesk {

// A value that can't be mistaken for another of the same representation.
template <class Tag, class T>
class Strong {
 public:
  using value_type = T;
  Strong() = default;
  explicit Strong(T value) : value_(std::move(value)) {}
  const T& value() const { return value_; }
  friend bool operator==(const Strong&, const Strong&) = default;
  friend auto operator<=>(const Strong&, const Strong&) = default;

 private:
  T value_{};
};

// Where a phone lives: "local" (the core's own networks) or an SBC's name (contract §1).
using SiteId = Strong<struct SiteTag, std::string>;
inline SiteId local_site() { return SiteId{"local"}; }

}  // namespace roamdesk

template <class Tag, class T>
struct std::hash<roamdesk::Strong<Tag, T>> {
  std::size_t operator()(const roamdesk::Strong<Tag, T>& id) const { return std::hash<T>{}(id.value()); }
};
