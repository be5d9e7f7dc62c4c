#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/names/lookup.hpp"

namespace roamdesk::names {

// A DNS in memory, which answers at once, and knows what it was asked.
struct Zone {
  std::map<Question, Answer> answers;
  std::vector<Question> asked;

  static constexpr std::chrono::seconds hour{3600};

  Zone& address(const std::string& name, std::vector<std::string> addresses, std::chrono::seconds ttl = hour) {
    std::vector<AddressRecord> v4, v6;
    for (const std::string& text : addresses) {
      const auto address = parse_ip(text).value();
      (address.is_v4() ? v4 : v6).push_back({address, ttl});
    }
    if (!v6.empty()) put({RecordType::aaaa, name}, Records{v6});
    return v4.empty() && !v6.empty() ? *this : put({RecordType::a, name}, Records{v4});
  }
  Zone& services(const std::string& name, std::vector<ServiceRecord> records, std::chrono::seconds ttl = hour) {
    for (ServiceRecord& record : records) record.ttl = ttl;
    return put({RecordType::srv, name}, Records{records});
  }
  Zone& pointers(const std::string& name, std::vector<PointerRecord> records, std::chrono::seconds ttl = hour) {
    for (PointerRecord& record : records) record.ttl = ttl;
    return put({RecordType::naptr, name}, Records{records});
  }
  Zone& fails(RecordType type, const std::string& name, Fault fault) { return put({type, name}, fault); }

  // Names that aren't in it don't exist.
  Answer answer(const Question& question) {
    asked.push_back(question);
    const auto it = answers.find(question);
    if (it != answers.end()) return it->second;
    // A name that has addresses of one family is there, and has none of the other.
    const bool is_address = question.type == RecordType::a || question.type == RecordType::aaaa;
    const auto other = question.type == RecordType::a ? RecordType::aaaa : RecordType::a;
    const auto found = is_address ? answers.find({other, question.name}) : answers.end();
    if (found != answers.end() && found->second) return Records{std::vector<AddressRecord>{}};
    return Fault::no_such_name;
  }
  // `drawn`: what chance says, whatever it is asked for.
  Located locate(const Query& query, std::uint32_t drawn = 0) {
    Lookup lookup{query, [drawn](std::uint32_t most) { return std::min(drawn, most); }};
    Lookup::Step step = lookup.begin();
    std::vector<Question> open = step.ask;
    while (!step.located && !open.empty()) {
      const Question question = open.back();
      open.pop_back();
      step = lookup.answered(question, answer(question));
      open.insert(open.end(), step.ask.begin(), step.ask.end());
    }
    return step.located.value_or(Located{});
  }
  bool was_asked(RecordType type) const {
    return std::any_of(asked.begin(), asked.end(), [&](const Question& question) { return question.type == type; });
  }

 private:
  Zone& put(Question question, Answer answer) {
    answers.insert_or_assign(std::move(question), std::move(answer));
    return *this;
  }
};

inline ServiceRecord server(std::uint16_t priority, std::uint16_t weight, std::uint16_t port, std::string target) {
  return {.priority = priority, .weight = weight, .port = port, .target = std::move(target), .ttl = {}};
}
inline PointerRecord pointer(std::uint16_t order, std::uint16_t preference, std::string services,
                             std::string replacement) {
  return {.order = order,
          .preference = preference,
          .flags = "s",
          .services = std::move(services),
          .rewrites = false,
          .replacement = std::move(replacement),
          .ttl = {}};
}

// "udp 192.0.2.1:5060", in the order in which they should be tried.
inline std::vector<std::string> tried(const Located& located) {
  std::vector<std::string> all;
  for (const Target& target : located.targets)
    all.push_back(std::string{word_of(target.transport)} + ' ' + to_string(target.endpoint));
  return all;
}

}  // namespace roamdesk::names
