#include "common/sip/answered_requests.hpp"

#include <algorithm>
#include <boost/assert.hpp>
#include <cstring>
#include <new>
#include <utility>

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

void AnsweredRequests::add(std::string_view key, std::string_view answer, TimePoint until, FlowId flow,
                           bool last_alone) {
  auto* const entry = new (room(space_for(key.size() + answer.size()))) Entry;
  entry->until = until;
  entry->flow = flow;
  entry->key_size = static_cast<std::uint32_t>(key.size());
  entry->answer_size = static_cast<std::uint32_t>(answer.size());
  auto* const bytes = reinterpret_cast<char*>(entry + 1);
  std::copy(key.begin(), key.end(), bytes);
  std::copy(answer.begin(), answer.end(), bytes + key.size());
  const bool added = index_.insert(*entry).second;
  BOOST_VERIFY(added);
  OfFlow& of_flow = flows_[flow];
  ++of_flow.kept;
  if (!last_alone) return;
  const Entry* const before = std::exchange(of_flow.last_alone, entry);
  if (before) drop(*before);
}

std::size_t AnsweredRequests::of(FlowId flow) const {
  const auto found = flows_.find(flow);
  return found == flows_.end() ? 0 : found->second.kept;
}

// It isn't found any more; its room goes with its block.
void AnsweredRequests::drop(const Entry& entry) {
  if (!entry.is_linked()) return;
  index_.erase(index_.iterator_to(entry));
  const auto of_flow = flows_.find(entry.flow);
  if (of_flow->second.last_alone == &entry) of_flow->second.last_alone = nullptr;
  if (--of_flow->second.kept == 0) flows_.erase(of_flow);
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
  while (!blocks_.empty() && first().until <= now) forget_oldest();
}

void AnsweredRequests::forget_oldest() {
  const Entry& entry = first();
  Block& block = blocks_.front();
  block.begin += space_for(std::size_t{entry.key_size} + entry.answer_size);
  drop(entry);
  if (block.begin < block.end) return;
  bytes_ -= block.size;
  blocks_.pop_front();
}

}  // namespace roamdesk::sip
