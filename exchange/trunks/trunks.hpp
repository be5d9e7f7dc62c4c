#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/ids.hpp"
#include "common/base/token_bucket.hpp"
#include "exchange/trunks/machine.hpp"
#include "exchange/trunks/sources.hpp"

namespace roamdesk::trunks {

// Names a trunk while the program runs; never reused.
using TrunkNumber = Strong<struct TrunkNumberTag, std::uint64_t>;

// Who registers from the place that a request came from: an IP that phones have as well says nothing, and a phone's own
// address and port is the phone's.
enum class Neighbours : std::uint8_t { none, at_address, at_port };

// All trunks: their machines, and which of them sent a request.
class Trunks {
 public:
  static constexpr net::Rate invites{20, 60};  // from one trunk; beyond it they cost it alone

  Trunks(std::string software, Machine::Unique unique, Times times = {})
      : software_(std::move(software)), unique_(std::move(unique)), times_(times) {}

  // ---- records, as the directory has them
  void put(const Trunk& trunk, TimePoint now);
  void remove(const std::string& name, TimePoint now);

  // ---- events; those of a trunk that is gone do nothing
  void located(TrunkNumber trunk, const names::Located& located, TimePoint now);
  void dialled(TrunkNumber trunk, const ServerKey& server, std::optional<sip::Flow> flow, TimePoint now);
  void flow_closed(sip::FlowId flow, std::string_view why, TimePoint now);
  void site_connected(const SiteId& site, TimePoint now);
  void answered(TrunkNumber trunk, RequestId request, const sip::Message& response, TimePoint now);
  void failed(TrunkNumber trunk, RequestId request, bool timed_out, TimePoint now);
  void server_failed(TrunkNumber trunk, const ServerKey& server, std::string why, Duration at_least, TimePoint now);
  void server_answered(TrunkNumber trunk, const ServerKey& server, TimePoint now);
  // How many calls it has, early ones included.
  void set_calls(TrunkNumber trunk, std::size_t calls);
  void handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;
  std::optional<std::pair<TrunkNumber, Effect>> poll_effect();

  // ---- state
  bool empty() const { return lines_.empty(); }
  const std::map<std::string, TrunkNumber, std::less<>>& names() const { return by_name_; }
  // nullopt where there is none of this name.
  std::optional<TrunkNumber> find(std::string_view name) const;
  // nullptr where it is gone.
  const Machine* machine(TrunkNumber trunk) const;
  std::size_t calls(TrunkNumber trunk) const;
  // Whether one more INVITE from there is taken now.
  bool take_invite(TrunkNumber trunk, TimePoint now);
  // The servers to try, in order. Empty: it can't carry a call now.
  std::vector<Server> attempts(TrunkNumber trunk, TimePoint now) const;
  // The request again with an answer to the challenge; its CSeq is still the old one. nullopt where there is none.
  std::optional<sip::Message> authorise(TrunkNumber trunk, const sip::Message& request, const sip::Message& challenge);
  // Adds the answer to the challenge that came last, so that none comes.
  void prepare(TrunkNumber trunk, sip::Message& request);

  // Which trunk sends from there: the address is one of its own (one of its connections, a server, one of its
  // `sources`); where several have it, the one whose Contact the request is sent to, else the one of the connection,
  // else the first; at one address, one of kind accounts comes behind the others where no account's Contact is meant.
  // `user`: of the Request-URI; `account_at`: where an account of that Contact is. From is never looked at: its sender
  // writes it.
  std::optional<TrunkNumber> attribute(const sip::Flow& flow, std::string_view user, Neighbours phones,
                                       std::optional<TrunkNumber> account_at = std::nullopt) const;
  // Whether the address is one of this trunk's own.
  bool is_from(TrunkNumber trunk, const sip::Flow& flow, Neighbours phones) const;
  // The flow to the server at this address; nullopt if none of a trunk's is there (of another one than `but`), or none
  // is open.
  std::optional<sip::Flow> flow_to(const sip::FlowAddress& address,
                                   std::optional<TrunkNumber> but = std::nullopt) const;

 private:
  struct Line {
    Machine machine;
    std::size_t calls = 0;
    net::TokenBucket invites{};
    std::vector<AddressRange> sources{};
  };
  enum class Nearness : std::uint8_t { none, address, server, connection };
  static Nearness nearness(const Line& line, const sip::Flow& flow, Neighbours phones);
  void sweep();

  std::string software_;
  Machine::Unique unique_;
  Times times_;
  std::map<TrunkNumber, Line> lines_;
  std::map<std::string, TrunkNumber, std::less<>> by_name_;
  std::uint64_t last_ = 0;
};

}  // namespace roamdesk::trunks
