#pragma once
#include <string>

#include "exchange/model/describe.hpp"

namespace roamdesk {

// Lines that an administrator adds to phones' files, in the vendor's own dialect.
struct Snippet {
  std::string model{};  // "yealink:T46U", or "yealink" for all of the vendor's; the key
  std::string text{};   // as it was typed
  friend bool operator==(const Snippet&, const Snippet&) = default;
};

template <>
inline constexpr Table table<Snippet>{"snippets", "model", "model"};
template <>
inline constexpr auto key_of<Snippet> = &Snippet::model;

template <class V, Is<Snippet> R>
void fields(V& v, R& s) {
  v("model", s.model), v("text", s.text);
}

}  // namespace roamdesk
