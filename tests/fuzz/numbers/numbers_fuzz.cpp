#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "exchange/numbers/number.hpp"
#include "exchange/routing/pattern.hpp"

// Whatever is dialled or stands in a provider's message, in several countries: what is read is a number as records hold
// them, reads the same again, and never becomes harmless by another spelling.
namespace {

using namespace roamdesk;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const numbers::Number& number, const numbers::Origin& origin) {
  if (number.e164.empty()) {
    require(number.kind != NumberClass::international && number.kind != NumberClass::mobile);
    return;
  }
  require(numbers::is_e164(number.e164));
  require(number.abroad || number.country == origin.country);
  require(!number.abroad || number.kind == NumberClass::international || number.kind == NumberClass::premium);
  const numbers::Number again = numbers::read(number.e164, origin);
  require(again.e164 == number.e164 && again.kind == number.kind && again.country == number.country);
  for (const NumberForm form : {NumberForm::plus, NumberForm::double_zero, NumberForm::bare, NumberForm::national})
    require(!numbers::written(number, form, origin).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const std::string dialled = numbers::cleaned(text);
  require(dialled.size() <= 32);
  for (const numbers::Origin& origin :
       {numbers::Origin{"DE", "30"}, {"US", "212"}, {"FR", ""}, {"IT", ""}, {"BR", "11"}, {"RU", "495"}, {"", ""}})
    for (const numbers::Writer writer : {numbers::Writer::person, numbers::Writer::provider})
      check(numbers::read(dialled, origin, writer), origin);
  const std::string_view pattern = text.substr(0, text.find('\n'));
  if (!routing::pattern_fault(pattern))
    routing::matches(pattern, text.substr(std::min(pattern.size() + 1, text.size())));
  return 0;
}
