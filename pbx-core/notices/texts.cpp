#include "pbx-core/notices/texts.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

namespace roamdesk::notices {

std::string moment_text(WallTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(time));
}

boost::json::value text_or_null(const std::string& text) {
  return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

}  // namespace roamdesk::notices
