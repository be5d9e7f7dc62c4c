#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/base/time.hpp"
#include "common/sip/flow.hpp"

namespace roamdesk::trace {

struct Message {
  WallTime at{};
  bool received = false;  // from the phone; else sent to it
  std::size_t party = 0;  // index into Transcript::parties
  sip::FlowAddress flow;
  std::string text;  // redacted
};
struct Party {
  std::string label;  // its number, or its address where it has none
  SiteId site;
};
// A call's SIP in the order in which the exchange saw it.
struct Transcript {
  bool ended = false;
  std::vector<Party> parties;
  std::vector<Message> messages;
  std::size_t dropped = 0;
};

struct Limits {
  std::size_t ended_calls = 500;
  std::size_t strays = 500;               // dialogs of no call: refused INVITEs
  std::size_t messages = 300;             // of a dialog
  std::size_t message_bytes = 16 * 1024;  // a longer one is cut
  std::size_t bytes = 32 * 1024 * 1024;   // in all
};

// Call ids are calls::CallId's values. Cheap for what isn't about a call; a copy for what is.
class Trace {
 public:
  explicit Trace(Limits limits = {}) : limits_(limits) {}

  void received(const sip::Flow& flow, std::string_view message, WallTime at);
  // To the phone of this message's dialog at `site`.
  void sent(const SiteId& site, std::string_view message, WallTime at);
  // From now on the dialog is part of the call; what it had before is too.
  void joined(const std::string& call, const std::string& sip_call_id, const sip::Flow& flow, std::string number);
  void ended(const std::string& call);
  // There is to be nothing of it.
  void forget(const std::string& call);

  std::optional<Transcript> find(const std::string& call) const;
  std::size_t bytes() const { return bytes_; }

 private:
  // The site is part of it: two branches may have dialogs with the same Call-ID.
  struct DialogKey {
    SiteId site;
    std::string call_id;
    friend auto operator<=>(const DialogKey&, const DialogKey&) = default;
  };
  struct Kept {
    WallTime at{};
    std::uint64_t order = 0;
    bool received = false;
    sip::FlowAddress flow;
    std::string text;
  };
  struct Dialog {
    std::string label;
    sip::FlowAddress flow;
    std::vector<Kept> messages;
    std::size_t bytes = 0, dropped = 0;
    std::size_t calls = 0;  // that it is part of
  };
  struct Call {
    std::vector<DialogKey> dialogs;
    bool ended = false;
  };
  void keep(Dialog& dialog, std::string_view message, WallTime at, bool received);
  void release(const DialogKey& key);
  void trim();

  Limits limits_;
  std::map<DialogKey, Dialog> dialogs_;  // not hashed: strangers choose Call-IDs
  std::unordered_map<std::string, Call> calls_;
  std::deque<DialogKey> strays_;   // may name dialogs that have joined a call since, or are gone
  std::deque<std::string> ended_;  // oldest first
  std::uint64_t order_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace roamdesk::trace
