#include "exchange/ivr/typed.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <new>
#include <string_view>

namespace roamdesk::ivr {
namespace {

Typed typed(std::string_view keys, std::size_t longest = Typed::capacity) {
  Typed input;
  for (const char key : keys) input.add(key, longest);
  return input;
}

TEST(Typed, IsDigitsOrNothing) {
  EXPECT_EQ(typed("4711").digits(), "4711");
  EXPECT_EQ(typed("4711").secret(), Secret{"4711"});
  for (const char* keys : {"", "47*1", "*", "A", "1#"}) EXPECT_EQ(typed(keys).digits(), "") << keys;
}

TEST(Typed, IsNothingWhereItIsTooLong) {
  EXPECT_EQ(typed("12345", 5).digits(), "12345");
  EXPECT_EQ(typed("123456", 5).digits(), "");
  EXPECT_EQ(typed(std::string(Typed::capacity + 1, '1'), 1000).digits(), "");
  EXPECT_FALSE(typed("123456", 5).empty());
}

TEST(Typed, LeavesNoDigitInMemory) {
  for (const std::string_view keys :
       {"4711", "47114711471147114711471147114711", "471147114711471147114711471147114711"})
    for (const bool by_end : {false, true}) {
      alignas(Typed) std::byte memory[sizeof(Typed)]{};  // a copy would bring what lies between members elsewhere
      auto* const input = new (memory) Typed;
      for (const char key : keys) input->add(key, Typed::capacity);
      if (by_end)
        input->~Typed();
      else
        input->wipe();
      char left[sizeof memory];
      std::memcpy(left, memory, sizeof memory);
      EXPECT_EQ((std::string_view{left, sizeof left}.find_first_of("0123456789")), std::string_view::npos) << keys;
    }
}

}  // namespace
}  // namespace roamdesk::ivr
