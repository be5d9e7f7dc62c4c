#include "common/names/answer_reader.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "common/base/text.hpp"

namespace roamdesk::names {
namespace {

constexpr std::uint16_t cname = 5, internet = 1;
constexpr std::size_t most_read = 256;  // records of one message, of whatever kind

// Reads forward; after the first fault `failed` stays set, and everything read is empty.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> message) : message_(message), end_(message.size()) {}

  bool failed() const { return failed_; }
  std::uint16_t u16() {
    if (!has(2)) return 0;
    const auto value = static_cast<std::uint16_t>(message_[at_] << 8 | message_[at_ + 1]);
    at_ += 2;
    return value;
  }
  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }
  // A <character-string> (RFC 1035 §3.3).
  std::string_view text() {
    if (!has(1)) return {};
    const std::size_t size = message_[at_++];
    if (!has(size)) return {};
    const auto* text = reinterpret_cast<const char*>(message_.data() + at_);
    at_ += size;
    return {text, size};
  }
  // A domain name, with the dots between its labels; "" is the root. A pointer leads to what stands before it and
  // before every pointer that led there, so that names end (§4.1.4).
  std::string name() {
    std::string made;
    std::optional<std::size_t> behind;
    std::size_t at = at_, before = at_;
    for (;;) {
      const std::size_t limit = behind ? message_.size() : end_;
      if (at >= limit) return fail();
      const std::uint8_t size = message_[at];
      if (size >= 0xc0) {
        if (at + 2 > limit) return fail();
        const std::size_t to = (size & 0x3fU) << 8 | message_[at + 1];
        if (!behind) behind = at + 2;
        if (to >= before) return fail();
        at = before = to;
        continue;
      }
      if (size > 63 || at + 1 + size > limit) return fail();
      ++at;
      if (size == 0) break;
      if (!made.empty()) made += '.';
      made.append(reinterpret_cast<const char*>(message_.data() + at), size);
      if (made.size() > 253) return fail();
      at += size;
    }
    at_ = behind.value_or(at);
    return made;
  }
  void skip(std::size_t size) {
    if (has(size)) at_ += size;
  }
  // Nothing is read behind the next `size` bytes until `leave`, which goes on there.
  void enter(std::size_t size) {
    if (has(size)) end_ = at_ + size;
  }
  void leave() {
    at_ = end_;
    end_ = message_.size();
  }

 private:
  bool has(std::size_t size) {
    if (failed_ || size > end_ - at_) failed_ = true;
    return !failed_;
  }
  std::string fail() {
    failed_ = true;
    return {};
  }

  std::span<const std::uint8_t> message_;
  std::size_t at_ = 0, end_;
  bool failed_ = false;
};

// RFC 2181 §8: a TTL with the highest bit set is 0.
std::chrono::seconds ttl_of(std::uint32_t value) { return std::chrono::seconds{value >> 31 != 0 ? 0 : value}; }

ServiceRecord read_service(Reader& reader, std::chrono::seconds ttl) {
  ServiceRecord record{.ttl = ttl};
  record.priority = reader.u16();
  record.weight = reader.u16();
  record.port = reader.u16();
  record.target = reader.name();
  return record;
}

PointerRecord read_pointer(Reader& reader, std::chrono::seconds ttl) {
  PointerRecord record{.ttl = ttl};
  record.order = reader.u16();
  record.preference = reader.u16();
  record.flags = reader.text();
  record.services = reader.text();
  record.rewrites = !reader.text().empty();
  record.replacement = reader.name();
  return record;
}

bool is_usable(const std::string& name) { return name.empty() || is_host_name(name); }

struct Alias {
  std::string name;
  std::chrono::seconds ttl{};
};

// What of a message counts, by owner in lower case.
struct Found {
  std::map<std::string, Alias> aliases;
  std::multimap<std::string, ServiceRecord> services;
  std::multimap<std::string, PointerRecord> pointers;
};

void read_record(Reader& reader, RecordType wanted, Found& found) {
  const std::string owner = lowered(reader.name());
  const std::uint16_t type = reader.u16(), kind = reader.u16();
  const auto ttl = ttl_of(reader.u32());
  reader.enter(reader.u16());
  if (!reader.failed() && kind == internet) {
    if (type == cname) {
      found.aliases.emplace(owner, Alias{lowered(reader.name()), ttl});
    } else if (type == static_cast<std::uint16_t>(wanted) && wanted == RecordType::srv) {
      ServiceRecord record = read_service(reader, ttl);
      if (is_usable(record.target)) found.services.emplace(owner, std::move(record));
    } else if (type == static_cast<std::uint16_t>(wanted) && wanted == RecordType::naptr) {
      PointerRecord record = read_pointer(reader, ttl);
      if (is_usable(record.replacement)) found.pointers.emplace(owner, std::move(record));
    }
  }
  reader.leave();
}

template <class Record>
std::vector<Record> of_owner(const std::multimap<std::string, Record>& all, const std::string& owner,
                             std::chrono::seconds ttl) {
  std::vector<Record> records;
  const auto [first, last] = all.equal_range(owner);
  for (auto it = first; it != last && records.size() < most_records; ++it) {
    records.push_back(it->second);
    records.back().ttl = std::min(records.back().ttl, ttl);
  }
  return records;
}

std::optional<Fault> fault_of(std::uint16_t flags) {
  switch (flags & 0x0f) {
    case 0:
      return std::nullopt;
    case 3:
      return Fault::no_such_name;
    default:
      return Fault::server_failed;
  }
}

std::string without_last_dot(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return name;
}

}  // namespace

Answer read_answer(const Question& question, std::span<const std::uint8_t> message) {
  Reader reader{message};
  reader.u16();  // the id: who asked has compared it
  const std::uint16_t flags = reader.u16(), questions = reader.u16(), answers = reader.u16();
  reader.u32();  // how much stands in the two sections behind, which aren't read
  std::string owner = lowered(without_last_dot(question.name));
  const bool is_ours = questions == 1 && lowered(reader.name()) == owner &&
                       reader.u16() == static_cast<std::uint16_t>(question.type) && reader.u16() == internet;
  const bool is_response = (flags & 0x8000) != 0;
  if (reader.failed() || !is_ours || !is_response) return Fault::bad_answer;
  if (const auto fault = fault_of(flags)) return *fault;

  if (answers > most_read) return Fault::leads_too_far;
  Found found;
  for (std::uint16_t i = 0; i < answers && !reader.failed(); ++i) read_record(reader, question.type, found);
  if (reader.failed()) return Fault::bad_answer;

  std::chrono::seconds ttl = longest_ttl;
  for (std::size_t followed = 0;; ++followed) {
    const auto alias = found.aliases.find(owner);
    if (alias == found.aliases.end()) break;
    if (followed == most_aliases) return Fault::leads_too_far;
    ttl = std::min(ttl, alias->second.ttl);
    owner = alias->second.name;
  }
  if (question.type == RecordType::srv) return Records{of_owner(found.services, owner, ttl)};
  return Records{of_owner(found.pointers, owner, ttl)};
}

}  // namespace roamdesk::names
