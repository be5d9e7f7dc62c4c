#include "common/phones/user_agent.hpp"

#include <algorithm>
#include <vector>

#include "common/phones/vendor_facts.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::phones {
namespace {

constexpr std::size_t longest = 256;

bool is_printable(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) return false;
  return true;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

bool has_mark(const AgentForm& form, std::string_view word, bool first) {
  switch (*form.place) {
    case MarkPlace::first_word:
      return first && sip::equal_ignoring_case(word, form.mark);
    case MarkPlace::start_of_first_word:
      return first && sip::starts_ignoring_case(word, form.mark);
    case MarkPlace::start_of_any_word:
      return sip::starts_ignoring_case(word, form.mark);
  }
  return false;
}

}  // namespace

std::optional<UserAgent> parse_user_agent(std::string_view text) {
  if (text.empty() || text.size() > longest || !is_printable(text)) return std::nullopt;
  const auto words = words_of(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (const auto* facts : all_vendors()) {
      const auto* form = *facts->user_agent;
      if (form == nullptr || !has_mark(*form, words[i], i == 0)) continue;
      auto agent = (*form->read)(AgentWords{words}.subspan(i));
      if (agent) agent->vendor = *facts->vendor;
      return agent;
    }
  }
  return std::nullopt;
}

}  // namespace roamdesk::phones
