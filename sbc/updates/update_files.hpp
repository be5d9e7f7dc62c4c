#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "common/tunnel/frames_update.hpp"

namespace roamdesk::sbc {

// 32 lower-case hexadecimal digits.
bool is_order(std::string_view text);

// What sbc-update is asked for, as its file: "order …\nversion …\n". `order` is of the grammar (is_order,
// is_package_version).
std::string request_text(const tunnel::UpdateOrder& order);

// What sbc-update tells of the order it is at or was at last: "order …\nstage done\nwhy …\n". nullopt where the text is
// none of that; what stands in `why` is cut to the frame's length.
std::optional<tunnel::UpdateNews> parse_result(std::string_view text);

}  // namespace roamdesk::sbc
