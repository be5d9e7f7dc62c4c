#include "common/phones/agent_words.hpp"

namespace roamdesk::phones {

bool is_version(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  bool dot = false;
  for (const char c : text) {
    if (c == '.')
      dot = true;
    else if (c < '0' || c > '9')
      return false;
  }
  return dot && text.front() != '.' && text.back() != '.';
}

std::optional<Mac> read_agent_mac(std::string_view text) {
  if (text.size() == 12) return Mac::parse(text);
  if (text.size() != 17) return std::nullopt;
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 3 == 2) {
      if (text[i] != ':') return std::nullopt;
    } else {
      digits.push_back(text[i]);
    }
  }
  return Mac::parse(digits);
}

std::optional<UserAgent> read_plain_agent(AgentWords words) {
  UserAgent agent;
  auto end = words.size();
  if (end > 1) {
    agent.mac = read_agent_mac(words[end - 1]);
    if (agent.mac) --end;
  }
  if (end > 2 && is_version(words[end - 1])) agent.firmware = words[--end];
  if (end < 2) return std::nullopt;
  for (const auto word : words.subspan(1, end - 1)) {
    if (!agent.model.empty()) agent.model += ' ';
    agent.model += word;
  }
  return agent;
}

}  // namespace roamdesk::phones
