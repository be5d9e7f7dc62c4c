#include "sbc/updates/update_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace roamdesk::sbc {
namespace {

using tunnel::UpdateStage;

constexpr std::array<std::pair<std::string_view, UpdateStage>, 8> stages = {{{"accepted", UpdateStage::accepted},
                                                                             {"fetching", UpdateStage::fetching},
                                                                             {"installing", UpdateStage::installing},
                                                                             {"done", UpdateStage::done},
                                                                             {"refused", UpdateStage::refused},
                                                                             {"failed", UpdateStage::failed},
                                                                             {"put_back", UpdateStage::put_back},
                                                                             {"broken", UpdateStage::broken}}};

// The value of the next line, if it has this name.
std::optional<std::string_view> take(std::string_view& text, std::string_view name) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  if (end == std::string_view::npos || !line.starts_with(name) || line.size() <= name.size() ||
      line[name.size()] != ' ')
    return std::nullopt;
  text.remove_prefix(end + 1);
  line.remove_prefix(name.size() + 1);
  return line;
}

}  // namespace

bool is_order(std::string_view text) {
  return text.size() == tunnel::most_order &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string request_text(const tunnel::UpdateOrder& order) {
  return fmt::format("order {}\nversion {}\n", order.order, order.version);
}

std::optional<tunnel::UpdateNews> parse_result(std::string_view text) {
  const auto order = take(text, "order");
  const auto stage = order ? take(text, "stage") : std::nullopt;
  const auto why = stage ? take(text, "why") : std::nullopt;
  if (!why || !text.empty() || !is_order(*order)) return std::nullopt;
  const auto known = std::find_if(stages.begin(), stages.end(), [&](const auto& s) { return s.first == *stage; });
  if (known == stages.end()) return std::nullopt;
  tunnel::UpdateNews news;
  news.order = *order;
  news.stage = known->second;
  news.why = why->substr(0, tunnel::most_text);
  return news;
}

}  // namespace roamdesk::sbc
