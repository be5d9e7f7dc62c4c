#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/ids.hpp"
#include "common/base/words.hpp"
#include "exchange/model/describe.hpp"
#include "exchange/model/number_class.hpp"

namespace roamdesk {

// Which of a rule's trunks comes first: always the first one, or each in turn.
enum class TrunkOrder : std::uint8_t { preference, share };
template <>
inline constexpr std::array<std::string_view, 2> words<TrunkOrder> = {"preference", "share"};

// By which trunks a number leaves. The rules are asked in the order of their positions; the first that fits decides.
struct OutboundRule {
  // For people; the key.
  std::string name;
  unsigned position = 0;
  bool enabled = true;
  // What it is for: exchange/routing/pattern.hpp. One that begins with + is compared with the number in E.164, another
  // with the digits that were dialled.
  std::string pattern{};
  // From which sites, and for numbers of which classes; empty for all.
  std::vector<SiteId> sites{};
  std::vector<NumberClass> classes{};
  // Names, in the order of preference.
  std::vector<std::string> trunks{};
  TrunkOrder order = TrunkOrder::preference;
  // Of what the pattern was compared with: characters that go from its front, then what comes there.
  unsigned strip = 0;
  std::string prepend{};
  friend bool operator==(const OutboundRule&, const OutboundRule&) = default;
};

template <>
inline constexpr Table table<OutboundRule>{"outbound_rules", "name", "position, name"};
template <>
inline constexpr auto key_of<OutboundRule> = &OutboundRule::name;

template <class V, Is<OutboundRule> R>
void fields(V& v, R& r) {
  v("name", r.name), v("position", r.position), v("enabled", r.enabled), v("pattern", r.pattern);
  v("sites", r.sites), v("classes", r.classes), v("trunks", r.trunks);
  v(Field("trunk_order").shown_as("order"), r.order), v("strip", r.strip), v("prepend", r.prepend);
}

}  // namespace roamdesk
