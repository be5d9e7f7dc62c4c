#include "common/base/secret.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <utility>

// Looks into every block of memory that is given back while it watches.
namespace {

constexpr std::string_view needle = "8265-is-the-pin-of-alice-and-nobody-else";
thread_local bool watching = false;
thread_local int leaks = 0;

// As a stranger who reads the memory would: the optimiser can't know what it finds.
bool holds(const volatile char* at, std::size_t size, std::string_view text) {
  for (std::size_t i = 0; i + text.size() <= size; ++i) {
    std::size_t k = 0;
    while (k < text.size() && at[i + k] == text[k]) ++k;
    if (k == text.size()) return true;
  }
  return false;
}

void give_back(void* block) noexcept {
  if (watching && block && holds(static_cast<const volatile char*>(block), malloc_usable_size(block), needle)) ++leaks;
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* block = std::malloc(std::max<std::size_t>(size, 1))) return block;
  throw std::bad_alloc{};
}
// The same for what std::stable_sort asks for: a sanitizer's own isn't to be given back by us.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(std::max<std::size_t>(size, 1));
}
void operator delete(void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t) noexcept { give_back(block); }

namespace roamdesk {
namespace {

// Runs `use`; how many blocks with the long secret in them were given back meanwhile.
template <class Use>
int leaks_of(const Use& use) {
  leaks = 0;
  watching = true;
  use();
  watching = false;
  return leaks;
}

std::string long_text() { return std::string{needle}; }
const std::string doubled = std::string{needle} + std::string{needle};

// A secret in memory that stays ours when it is destroyed. Short ones stand in the object itself.
struct Place {
  alignas(Secret) std::array<char, sizeof(Secret)> memory{};
  Secret* made = nullptr;
  Secret& make(std::string text) { return *(made = new (memory.data()) Secret{std::move(text)}); }
  bool holds_text(std::string_view text) const { return holds(memory.data(), memory.size(), text); }
};

TEST(Secret, WatchesMemoryThatIsGivenBack) {
  EXPECT_EQ(leaks_of([] { const std::string plain = long_text(); }), 1) << "a plain string leaves its text behind";
}

TEST(Secret, IsNotInMemoryOnceDestroyed) {
  for (const std::string_view pin : {"8265", "826591", "15 characters.."}) {
    Place place;
    place.make(std::string{pin});
    ASSERT_TRUE(place.holds_text(pin));
    place.made->~Secret();
    EXPECT_FALSE(place.holds_text(pin)) << pin;
  }
  EXPECT_EQ(leaks_of([] { const Secret secret{long_text()}; }), 0);
}

TEST(Secret, IsNotLeftWhereItWasMovedFrom) {
  Place place;
  Secret there{std::move(place.make("8265"))};
  EXPECT_FALSE(place.holds_text("8265"));
  EXPECT_EQ(there.reveal(), "8265");
  EXPECT_TRUE(place.made->empty());
  place.made->~Secret();

  Place second;
  there = std::move(second.make("9371"));
  EXPECT_FALSE(second.holds_text("9371"));
  EXPECT_EQ(there.reveal(), "9371");
  second.made->~Secret();
  EXPECT_EQ(leaks_of([] {
              Secret from{long_text()};
              const Secret to{std::move(from)};
            }),
            0);
}

TEST(Secret, IsOverwrittenByWhatIsAssigned) {
  Place place;
  place.make("82659174");
  *place.made = Secret{"1"};
  EXPECT_FALSE(place.holds_text("2659174")) << "a shorter one leaves nothing of a longer one behind it";
  const Secret other{"2"};
  place.make("82659174");
  *place.made = other;
  EXPECT_FALSE(place.holds_text("2659174"));
  place.made->~Secret();
  EXPECT_EQ(leaks_of([] {
              Secret secret{long_text()};
              secret = Secret{std::string{doubled}};
              const Secret copy = secret;
              secret = copy;
              secret = Secret{};
            }),
            0);
}

TEST(Secret, LeavesNothingOfItselfWhereItGrew) {
  EXPECT_EQ(leaks_of([] {
              Secret secret;
              for (const char digit : doubled) secret.push_back(digit);
            }),
            0);
  Secret grown;
  for (const char digit : doubled) grown.push_back(digit);
  EXPECT_EQ(grown.reveal(), doubled);
  Place place;
  place.make("");
  for (const char digit : std::string("12345678901234567890")) place.made->push_back(digit);
  EXPECT_FALSE(place.holds_text("2345678"));
  place.made->~Secret();
}

TEST(Secret, StaysWhatItIsWhenAssignedToItself) {
  Secret secret{"8265"};
  const Secret& same = secret;
  secret = same;
  EXPECT_EQ(secret.reveal(), "8265");
}

}  // namespace
}  // namespace roamdesk
