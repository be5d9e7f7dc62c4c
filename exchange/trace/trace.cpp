#include "exchange/trace/trace.hpp"

#include <algorithm>

#include "exchange/trace/redact.hpp"

namespace roamdesk::trace {
namespace {

std::string call_id_of(std::string_view message) { return std::string{header_of(message, "Call-ID", "i")}; }

}  // namespace

void Trace::received(const sip::Flow& flow, std::string_view message, WallTime at) {
  DialogKey key{flow.address.site, call_id_of(message)};
  if (key.call_id.empty()) return;
  auto found = dialogs_.find(key);
  if (found == dialogs_.end()) {
    // What a dialog begins with; everything else of no dialog is none of ours.
    if (!message.starts_with("INVITE ") || key.call_id.size() > 256) return;
    found = dialogs_.emplace(key, Dialog{to_string(flow.address.peer), flow.address, {}, 0, 0, 0}).first;
    strays_.push_back(std::move(key));
  }
  found->second.flow = flow.address;
  keep(found->second, message, at, true);
  trim();
}

void Trace::sent(const SiteId& site, std::string_view message, WallTime at) {
  const auto found = dialogs_.find({site, call_id_of(message)});
  if (found == dialogs_.end()) return;
  keep(found->second, message, at, false);
  trim();
}

void Trace::keep(Dialog& dialog, std::string_view message, WallTime at, bool received) {
  if (dialog.messages.size() >= limits_.messages) {
    ++dialog.dropped;
    return;
  }
  auto text = redact(message.substr(0, limits_.message_bytes));
  dialog.bytes += text.size();
  bytes_ += text.size();
  dialog.messages.push_back({at, ++order_, received, dialog.flow, std::move(text)});
}

void Trace::joined(const std::string& call, const std::string& sip_call_id, const sip::Flow& flow, std::string number) {
  auto& dialogs = calls_[call].dialogs;
  const DialogKey key{flow.address.site, sip_call_id};
  if (std::find(dialogs.begin(), dialogs.end(), key) != dialogs.end()) return;
  auto& dialog = dialogs_.try_emplace(key).first->second;
  dialogs.push_back(key);
  ++dialog.calls;
  dialog.flow = flow.address;
  dialog.label = number.empty() ? to_string(flow.address.peer) : std::move(number);
}

void Trace::ended(const std::string& call) {
  const auto found = calls_.find(call);
  if (found == calls_.end() || found->second.ended) return;
  found->second.ended = true;
  ended_.push_back(call);
  trim();
}

std::optional<Transcript> Trace::find(const std::string& call) const {
  const auto found = calls_.find(call);
  if (found == calls_.end()) return std::nullopt;
  Transcript transcript;
  transcript.ended = found->second.ended;
  std::vector<std::pair<std::uint64_t, Message>> all;
  for (const auto& key : found->second.dialogs) {
    const auto& dialog = dialogs_.at(key);
    const std::size_t party = transcript.parties.size();
    transcript.parties.push_back({dialog.label, dialog.flow.site});
    transcript.dropped += dialog.dropped;
    for (const auto& kept : dialog.messages)
      all.emplace_back(kept.order, Message{kept.at, kept.received, party, kept.flow, kept.text});
  }
  std::sort(all.begin(), all.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  for (auto& [order, message] : all) transcript.messages.push_back(std::move(message));
  return transcript;
}

void Trace::release(const DialogKey& key) {
  const auto found = dialogs_.find(key);
  if (found == dialogs_.end() || found->second.calls > 0) return;
  bytes_ -= found->second.bytes;
  dialogs_.erase(found);
}

void Trace::forget(const std::string& call) {
  const auto found = calls_.find(call);
  if (found == calls_.end()) return;
  for (const auto& key : found->second.dialogs) {
    --dialogs_.at(key).calls;
    release(key);
  }
  calls_.erase(found);
}

void Trace::trim() {
  while (!strays_.empty() && (strays_.size() > limits_.strays || bytes_ > limits_.bytes)) {
    release(strays_.front());
    strays_.pop_front();
  }
  while (!ended_.empty() && (ended_.size() > limits_.ended_calls || bytes_ > limits_.bytes)) {
    forget(ended_.front());
    ended_.pop_front();
  }
}

}  // namespace roamdesk::trace
