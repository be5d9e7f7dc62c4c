#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/model/records.hpp"

// Columns that hold lists, as JSON text. The decoders throw StoreError: what they read was written by us.
namespace roamdesk::store {

std::string encode_keys(const std::vector<Key>& keys);
std::vector<Key> decode_keys(std::string_view text);
std::string encode_options(const DeskOptions& options);
DeskOptions decode_options(std::string_view text);
std::string encode_strings(const std::vector<std::string>& strings);
std::vector<std::string> decode_strings(std::string_view text);

// "" for none.
std::string encode_place(const std::optional<EmergencyPlace>& place);
std::optional<EmergencyPlace> decode_place(std::string_view text);

std::string encode_pin_failures(const std::vector<PinFailures>& counts);
std::vector<PinFailures> decode_pin_failures(std::string_view text);

std::int64_t to_ms(WallTime time);
WallTime from_ms(std::int64_t ms);

}  // namespace roamdesk::store
