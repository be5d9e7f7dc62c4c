#include "common/sip/answered_requests.hpp"

#include <algorithm>
#include <boost/assert.hpp>
#include <cstring>
#include <new>

namespace roamdesk::sip {
namespace {
constexpr std::size_t block_size = 64 << 10;
}  // namespace

AnsweredRequests::AnsweredRequests() = default;

AnsweredRequests::~AnsweredRequests() { index_.clear(); }

std::size_t AnsweredRequests::space_for(std::size_t bytes) {
  const std::size_t whole = sizeof(Entry) + bytes;
  return (whole + alignof(Entry) - 1) / alignof(Entry) * alignof(Entry);
}

std::byte* AnsweredRequests::room(std::size_t bytes) {
  if (blocks_.empty() || blocks_.back().size - blocks_.back().end < bytes) {
    const std::size_t size = std::max(bytes, block_size);
    // new gives what suits any type, so the entries are aligned.
    blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size, 0, 0});
    bytes_ += size;
  }
  Block& block = blocks_.back();
  std::byte* const at = block.bytes.get() + block.end;
  block.end += bytes;
  return at;
}

void AnsweredRequests::add(std::string_view key, std::string_view answer, TimePoint until) {
  auto* const entry = new (room(space_for(key.size() + answer.size()))) Entry;
  entry->until = until;
  entry->key_size = static_cast<std::uint32_t>(key.size());
  entry->answer_size = static_cast<std::uint32_t>(answer.size());
  auto* const bytes = reinterpret_cast<char*>(entry + 1);
  std::copy(key.begin(), key.end(), bytes);
  std::copy(answer.begin(), answer.end(), bytes + key.size());
  const bool added = index_.insert(*entry).second;
  BOOST_VERIFY(added);
}

std::optional<std::string_view> AnsweredRequests::find(std::string_view key) const {
  const auto found = index_.find(key);
  return found == index_.end() ? std::nullopt : std::optional{found->answer()};
}

const AnsweredRequests::Entry& AnsweredRequests::first() const {
  const Block& block = blocks_.front();
  return *std::launder(reinterpret_cast<const Entry*>(block.bytes.get() + block.begin));
}

std::optional<TimePoint> AnsweredRequests::deadline() const {
  return blocks_.empty() ? std::nullopt : std::optional{first().until};
}

void AnsweredRequests::forget(TimePoint now) {
  while (!blocks_.empty() && first().until <= now) {
    const Entry& entry = first();
    Block& block = blocks_.front();
    block.begin += space_for(std::size_t{entry.key_size} + entry.answer_size);
    index_.erase(index_.iterator_to(entry));
    if (block.begin < block.end) continue;
    bytes_ -= block.size;
    blocks_.pop_front();
  }
}

}  // namespace roamdesk::sip
