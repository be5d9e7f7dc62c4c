#include "exchange/trace/conceal.hpp"

#include <algorithm>
#include <cctype>
#include <map>

#include "exchange/trace/redact.hpp"

namespace roamdesk::trace {
namespace {

constexpr std::size_t most_names = 2000;

// The names found so far, with what stands for each.
class StandIns {
 public:
  void add(std::string_view name, const char* kind) {
    // A text too short to be a secret would only make a riddle of the text.
    if (name.size() < 3 || all_.size() >= most_names) return;
    std::string escaped;
    for (const char c : name) escaped += c == '@' ? "%40" : std::string(1, c);
    const auto [it, fresh] = all_.try_emplace(std::string{name});
    if (!fresh) return;
    it->second = std::string{kind} + "-" + std::to_string(++counts_[kind]);
    if (escaped != name) all_.try_emplace(escaped, it->second);
  }
  // The longest ones first: a name may be a part of another.
  std::vector<std::pair<std::string, std::string>> sorted() const {
    std::vector<std::pair<std::string, std::string>> list(all_.begin(), all_.end());
    std::stable_sort(list.begin(), list.end(),
                     [](const auto& x, const auto& y) { return x.first.size() > y.first.size(); });
    return list;
  }

 private:
  std::map<std::string, std::string> all_;
  std::map<std::string, int> counts_;
};

bool starts_with_ignoring_case(std::string_view text, std::string_view what) {
  return text.size() >= what.size() && std::equal(what.begin(), what.end(), text.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
         });
}

// The values of all `name=` in the text, as header parameters and escaped in URIs.
void find_parameters(std::string_view text, std::string_view name, const char* kind, StandIns& names) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto rest = text.substr(at);
    if (!starts_with_ignoring_case(rest, name)) continue;
    auto value = rest.substr(name.size());
    if (value.starts_with('='))
      value.remove_prefix(1);
    else if (starts_with_ignoring_case(value, "%3d"))
      value.remove_prefix(3);
    else
      continue;
    names.add(value.substr(0, value.find_first_of(";,> \t\r\n\"?&%")), kind);
  }
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

Transcript conceal(Transcript transcript) {
  StandIns names;
  for (const auto& message : transcript.messages) {
    names.add(header_of(message.text, "Call-ID", "i"), "call-id");
    // Replaces, Join, Target-Dialog (RFC 3891, 3911, 4538) begin with one; so does what a Refer-To asks for.
    for (const char* name : {"Replaces", "Join", "Target-Dialog"}) {
      const auto value = header_of(message.text, name, "");
      names.add(value.substr(0, value.find(';')), "call-id");
    }
    const auto refer_to = header_of(message.text, "Refer-To", "r");
    if (const auto at = refer_to.find("Replaces="); at != std::string_view::npos) {
      const auto value = refer_to.substr(at + 9);
      names.add(value.substr(0, value.find_first_of(";%>")), "call-id");
    }
    const auto head = std::string_view{message.text}.substr(0, message.text.find("\r\n\r\n"));
    find_parameters(head, "tag", "tag", names);
    find_parameters(head, "branch", "branch", names);
  }
  const auto list = names.sorted();
  for (auto& message : transcript.messages)
    for (const auto& [name, stand_in] : list) replace_all(message.text, name, stand_in);
  return transcript;
}

}  // namespace roamdesk::trace
