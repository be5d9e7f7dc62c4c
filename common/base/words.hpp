#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace roamdesk {

// The words of an enumeration, as API, store and files spell them: specialised beside the enumeration, one word for
// each value, in the order of the values, which begin with 0 and have no gaps. The only place where they are written.
//   template <> inline constexpr std::array<std::string_view, 3> words<Role> = {"reader", "operator", "administrator"};
struct NoWords {};
template <class E>
inline constexpr NoWords words{};

template <class E>
concept Worded = std::is_enum_v<E> && !std::is_same_v<std::remove_const_t<decltype(words<E>)>, NoWords>;

template <Worded E>
constexpr std::string_view word_of(E value) {
  const auto at = static_cast<std::size_t>(value);
  return at < words<E>.size() ? words<E>[at] : std::string_view{};
}

// nullopt for any other word; case counts.
template <Worded E>
constexpr std::optional<E> value_of(std::string_view word) {
  for (std::size_t at = 0; at < words<E>.size(); ++at)
    if (words<E>[at] == word) return static_cast<E>(at);
  return std::nullopt;
}

// "udp, tcp, tls": for messages that say what was expected.
template <Worded E>
std::string all_words() {
  std::string all;
  for (const std::string_view word : words<E>) {
    if (!all.empty()) all += ", ";
    all += word;
  }
  return all;
}

}  // namespace roamdesk
