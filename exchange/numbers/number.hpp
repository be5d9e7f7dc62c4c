#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "exchange/model/number_class.hpp"
#include "exchange/model/trunk.hpp"

// Telephone numbers: read from what was dialled or stands in a message, and written as a trunk wants them.
namespace roamdesk::numbers {

// Where a number is read, or written: that of a trunk.
struct Origin {
  // ISO 3166; "" for none: only numbers with + are understood.
  std::string_view country;
  // Without its 0; "" where numbers are never dialled without it.
  std::string_view area_code;
};
inline Origin origin_of(const Trunk& trunk) { return {trunk.country, trunk.area_code}; }

// Who wrote the digits. A provider may leave the + away, a person at a phone may leave the area code away.
enum class Writer { person, provider };

struct Number {
  // "+493012345"; "" for a short number, and for digits that are no number anywhere.
  std::string e164;
  // As dialled: digits, `*`, `#`, + in front.
  std::string dialled;
  // ISO 3166, of the number; "" where it belongs to none (satellites, international services) or isn't known.
  std::string_view country;
  NumberClass kind = NumberClass::unknown;
  // It isn't one of the country where it is read.
  bool abroad = false;
  friend bool operator==(const Number&, const Number&) = default;
};

// What can be dialled in a user part or a tel URI as it stands on the wire: unescaped, without visual separators
// (RFC 3966 §5.1.1) and parameters, completed by a global phone-context (§5.1.5). "" where it is no number: it holds
// something else, nothing, or more than 32 characters.
std::string cleaned(std::string_view user);

// `dialled` as cleaned() gives it.
Number read(std::string_view dialled, const Origin& origin, Writer writer = Writer::person);

// As a trunk wants it. What has no E.164 form stays as it was dialled.
std::string written(const Number& number, NumberForm form, const Origin& origin);

// Whether text is a number as records hold it: + and 3 to 15 digits (ITU-T E.164) that begin with a country code.
bool is_e164(std::string_view text);
bool is_country(std::string_view name);

// What a person who may call numbers of `allowed` may: a premium number abroad takes both.
bool may_call(NumberClasses allowed, const Number& number);

}  // namespace roamdesk::numbers
