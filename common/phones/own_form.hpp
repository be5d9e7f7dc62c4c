#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "common/phones/words.hpp"

namespace roamdesk::phones {

// Why lines of an administrator's own may not say something: it would be another phone then.
enum class HeldFor : std::uint8_t {
  account,    // whose phone it is: account, registrar, proxy, mailbox
  server,     // where it fetches, is managed from, and whose certificates it trusts
  password,   // of its own web page and menus
  keys,       // Log in, Log out and a person's keys
  login,      // codes of the phone's own, which would swallow ours
  telling,    // how it is told to fetch
  firmware,   // which has its pins
  emergency,  // which has its locations
};
std::string_view to_words(HeldFor why);

// What lines of an administrator's own can't set. `pattern` is of a parameter's name, in lower case, from the first to
// the last character; `*` stands for any, and "p400..699" for each of these numbers. Elements within others are
// "sip/line/registeraddr".
struct Held {
  std::string_view pattern;
  HeldFor why;
};

enum class LinesForm : std::uint8_t {
  key_values,  // `key = value`
  elements,    // <name>value</name>, none within another
  tree,        // the same, one within another
  attributes,  // name="value" of elements that mean nothing themselves
};

// How an administrator writes lines of their own, and where in the file they go.
struct OwnForm {
  Required<LinesForm> form;
  // The element of the root that they go into; "" for the root itself.
  Required<std::string_view> into;
  // The attribute that names a parameter, where its element doesn't; "" for none.
  Required<std::string_view> named_by;
  Required<std::span<const Held>> held;
  // Whether a model of this dialect knows parameters of such a name (the outermost element's, as it is written);
  // nullptr where all do.
  Required<bool (*)(std::string_view name, std::string_view dialect)> fits;
};

// What holds a parameter of this name, whatever its case; nullptr for nothing.
const Held* held_by(std::span<const Held> held, std::string_view name);

}  // namespace roamdesk::phones
