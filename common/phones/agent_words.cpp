#include "common/phones/agent_words.hpp"

#include <algorithm>

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

std::optional<Mac> read_agent_mac(std::string_view word) {
  while (!word.empty() && (word.front() == '(' || word.front() == '[')) word.remove_prefix(1);
  while (!word.empty() && std::string_view{")];,"}.find(word.back()) != std::string_view::npos) word.remove_suffix(1);
  if (word.starts_with("SN:")) word.remove_prefix(3);
  if (word.size() == 12) return Mac::parse(word);
  if (word.size() != 17) return std::nullopt;
  std::string digits;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (i % 3 == 2) {
      if (word[i] != ':') return std::nullopt;
    } else {
      digits.push_back(word[i]);
    }
  }
  return Mac::parse(digits);
}

std::optional<Mac> find_agent_mac(AgentWords words) {
  for (const auto word : words)
    if (const auto mac = read_agent_mac(word)) return mac;
  return std::nullopt;
}

void read_version_with_tail(std::string_view text, UserAgent& agent) {
  auto end = std::min(text.find('_'), text.size());
  agent.firmware = text.substr(0, end);
  while (end < text.size() && !agent.mac) {
    text.remove_prefix(end + 1);
    end = std::min(text.find('_'), text.size());
    agent.mac = read_agent_mac(text.substr(0, end));
  }
}

std::optional<UserAgent> read_plain_agent(AgentWords words) {
  UserAgent agent;
  std::size_t end = 2;
  while (end < words.size() && !is_version(words[end])) ++end;
  if (end < words.size()) {
    agent.firmware = words[end];
    agent.mac = find_agent_mac(words.subspan(end + 1));
  } else if (words.size() > 2) {
    agent.mac = read_agent_mac(words.back());
    if (agent.mac) --end;
  }
  if (words.size() < 2 || is_version(words[1])) return std::nullopt;
  for (const auto word : words.subspan(1, end - 1)) {
    if (!agent.model.empty()) agent.model += ' ';
    agent.model += word;
  }
  return agent;
}

}  // namespace roamdesk::phones
