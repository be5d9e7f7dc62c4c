#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/shared_text.hpp"

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

// Where a phone lives: "local" (the core's own networks) or an SBC's name (contract §1). Every binding, phone and flow
// has one: its text is shared.
class SiteId {
 public:
  using value_type = std::string;
  SiteId() = default;
  explicit SiteId(std::string_view value) : value_(value) {}
  const std::string& value() const { return value_.str(); }
  friend bool operator==(const SiteId&, const SiteId&) = default;
  friend auto operator<=>(const SiteId&, const SiteId&) = default;

 private:
  SharedText value_;
};
inline SiteId local_site() { return SiteId{"local"}; }

}  // namespace roamdesk

template <class Tag, class T>
struct std::hash<roamdesk::Strong<Tag, T>> {
  std::size_t operator()(const roamdesk::Strong<Tag, T>& id) const { return std::hash<T>{}(id.value()); }
};

template <>
struct std::hash<roamdesk::SiteId> {
  std::size_t operator()(const roamdesk::SiteId& id) const { return std::hash<std::string>{}(id.value()); }
};
