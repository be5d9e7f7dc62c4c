#pragma once
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/sip/transaction_layer.hpp"
#include "exchange/element/context.hpp"
#include "exchange/element/registrations.hpp"
#include "exchange/element/repeated_audit.hpp"
#include "exchange/element/senders.hpp"
#include "exchange/trunks/trunks.hpp"

namespace roamdesk::element {

// Runs the trunks: gives their machines what happens, carries out what these want, and says who of them sent a request.
class Outside {
 public:
  // A message of a trunk's last registration, without credentials and nonces.
  struct Said {
    WallTime at{};
    bool received = false;
    Endpoint peer;
    std::string text;
  };
  // `reached`: a flow to a server has been made.
  using Reached = std::function<void(const sip::Flow&)>;
  Outside(Context& context, sip::TransactionLayer& transactions, const Registrations& registrations, Reached reached)
      : context_(context),
        transactions_(transactions),
        registrations_(registrations),
        reached_(std::move(reached)),
        trunks_(context.options.software, context.unique),
        changes_(context, "trunk.changed") {}

  // All trunks that the directory has.
  void start();
  // It was made, changed or deleted.
  void handle_record(const std::string& name);
  void handle_located(LookupId lookup, const names::Located& located);
  void handle_flow_closed(sip::FlowId flow, std::string_view why);
  void handle_site_connected(const SiteId& site);
  void handle_response(const sip::ResponseReceived& e);
  void handle_failure(sip::ClientTx tx, bool timed_out);
  void handle_timeout();
  std::optional<TimePoint> deadline() const;
  // Carries out what the machines want; false where they want nothing.
  bool run();
  // Of what goes out, a REGISTER is kept.
  void note_sent(std::string_view bytes);

  // Which trunk sends from there; nullopt for a phone's network. `user`: of the Request-URI; `account_at`: where an
  // account of that Contact is.
  std::optional<trunks::TrunkNumber> attribute(const sip::Flow& flow, std::string_view user,
                                               std::optional<trunks::TrunkNumber> account_at = std::nullopt) const;
  bool is_from(trunks::TrunkNumber trunk, const sip::Flow& flow) const;
  // A call has come from there, and it hears us, so that nobody forges it: one of its sources beside its servers may
  // say as much as they may. Of each trunk `most_sources`; the one that hasn't called for longest gives way.
  void handle_reached(trunks::TrunkNumber trunk, const sip::FlowAddress& address);
  static constexpr std::size_t most_sources = 16;
  // Requests come by this flow from the trunk: so many of them may be open as the trunk may have calls.
  void give_share(trunks::TrunkNumber trunk, const sip::Flow& flow);
  // A flow to a server of the trunk, made if there is none; nullopt where it can't be had, and then the server is left
  // alone for a while.
  std::optional<sip::Flow> dial(trunks::TrunkNumber trunk, const trunks::ServerKey& server);
  // The flow to a trunk's server whose old one is gone; nullopt where the address isn't one of its own.
  std::optional<sip::Flow> reach(trunks::TrunkNumber trunk, const sip::FlowAddress& address);
  // The open flow to a trunk's server there.
  std::optional<sip::Flow> flow_to(const sip::FlowAddress& address) const { return trunks_.flow_to(address); }
  // The servers to try, in order, each with its flow.
  std::vector<trunks::Server> servers_for(trunks::TrunkNumber trunk);

  trunks::Trunks& trunks() { return trunks_; }
  const trunks::Trunks& trunks() const { return trunks_; }
  // nullptr where the trunk is gone.
  const Trunk* record(trunks::TrunkNumber trunk) const;
  std::vector<Said> last_registration(const std::string& name) const;

 private:
  void remove(const std::string& name);
  // They earn it anew.
  void release_sources(trunks::TrunkNumber trunk);
  // Unless it is another trunk's, as a source or as a server.
  void release_source(const sip::FlowAddress& address);
  void perform(trunks::TrunkNumber trunk, trunks::Locate&& effect);
  void perform(trunks::TrunkNumber trunk, trunks::Dial&& effect);
  void perform(trunks::TrunkNumber trunk, trunks::Send&& effect);
  void perform(trunks::TrunkNumber trunk, trunks::KeepAlive&& effect);
  void perform(trunks::TrunkNumber trunk, trunks::ConditionChanged&& effect);
  void keep(trunks::TrunkNumber trunk, bool received, const Endpoint& peer, std::string_view text);
  trunks::Neighbours neighbours(const sip::Flow& flow) const;

  static constexpr std::size_t most_said = 12;

  Context& context_;
  sip::TransactionLayer& transactions_;
  const Registrations& registrations_;
  Reached reached_;
  trunks::Trunks trunks_;
  RepeatedAudit changes_;
  std::uint64_t last_lookup_ = 0;
  std::map<LookupId, trunks::TrunkNumber> lookups_;
  std::map<sip::ClientTx, std::pair<trunks::TrunkNumber, trunks::RequestId>> under_way_;
  struct Series {
    trunks::TrunkNumber trunk;
    Endpoint peer;
  };
  std::map<std::string, Series, std::less<>> series_;  // by the Call-ID of its REGISTERs
  std::map<trunks::TrunkNumber, std::deque<Said>> said_;
  std::map<trunks::TrunkNumber, std::deque<sip::FlowAddress>> reached_sources_;  // the longest silent one first
};

}  // namespace roamdesk::element
