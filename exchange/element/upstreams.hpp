#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/sip/transaction_layer.hpp"
#include "exchange/element/context.hpp"
#include "exchange/element/outside.hpp"
#include "exchange/element/repeated_audit.hpp"
#include "exchange/element/senders.hpp"
#include "exchange/upstream/upstreams.hpp"

namespace roamdesk::element {

// Runs the accounts that extensions have at other exchanges, over the servers that their trunks have found.
class Upstreams {
 public:
  Upstreams(Context& context, sip::TransactionLayer& transactions, Outside& outside)
      : context_(context),
        transactions_(transactions),
        outside_(outside),
        upstreams_(context.options.software, context.unique),
        changes_(context, "upstream_account.changed_state") {}

  // All accounts that the directory has; after the trunks.
  void start();
  // The trunk was made or changed, and the trunks know it already.
  void handle_trunk(const std::string& name);
  // It is about to be deleted.
  void handle_trunk_gone(const std::string& name);
  // The directory says something else of the extension now: its account, its session, a phone of its own.
  void handle_extension(const ExtensionNumber& extension);
  void handle_flow_closed(sip::FlowId flow, std::string_view why);
  void handle_response(const sip::ResponseReceived& e);
  void handle_failure(sip::ClientTx tx, bool timed_out);
  void handle_timeout();
  std::optional<TimePoint> deadline() const;
  // Carries out what the accounts want; false where they want nothing.
  bool run();

  upstream::Upstreams& accounts() { return upstreams_; }
  const upstream::Upstreams& accounts() const { return upstreams_; }
  // The trunk behind this peer: it itself, or the upstream of an account; nullopt for a phone.
  std::optional<trunks::TrunkNumber> line_of(const std::optional<calls::PeerId>& peer) const;
  // Where the call's phones are: a trunk's end is at no site. Each site once.
  std::vector<SiteId> sites_of(const calls::CallInfo& call) const;
  // At which upstream an account with this Contact is.
  std::optional<trunks::TrunkNumber> trunk_of_token(std::string_view user) const;
  // Whose account at this upstream a request outside of dialogs is for: by its Contact, else by the user in To, as the
  // upstream has it. For what only that upstream can know, never for calls.
  std::optional<ExtensionNumber> extension_called(trunks::TrunkNumber trunk, const sip::Message& request) const;
  // The upstream's record as the account's own trunk; nullopt where the account is gone.
  std::optional<Trunk> record(upstream::AccountNumber account) const;
  // The servers for a call of the account, in order: where it is registered first.
  std::vector<trunks::Server> servers_for(upstream::AccountNumber account);
  // The request again with the answer of this user's account there; its CSeq is still the old one. nullopt where there
  // is none.
  std::optional<sip::Message> authorise(trunks::TrunkNumber trunk, std::string_view user, const sip::Message& request,
                                        const sip::Message& challenge);
  std::optional<sip::Message> authorise(upstream::AccountNumber account, const sip::Message& request,
                                        const sip::Message& challenge);
  // Adds the answer to the challenge that came last, so that none comes.
  void prepare(upstream::AccountNumber account, sip::Message& request);
  // In how many dialogs the account takes part now.
  void set_calls(upstream::AccountNumber account, std::size_t count);

 private:
  bool find_servers();
  void perform(trunks::TrunkNumber trunk, upstream::Send&& effect);
  void perform(trunks::TrunkNumber trunk, upstream::KeepAlive&& effect);
  void perform(trunks::TrunkNumber trunk, upstream::ServerFailed&& effect);
  void perform(trunks::TrunkNumber trunk, upstream::ServerAnswered&& effect);
  void perform(trunks::TrunkNumber trunk, upstream::AccountChanged&& effect);
  bool is_someone(const ExtensionNumber& extension) const;

  Context& context_;
  sip::TransactionLayer& transactions_;
  Outside& outside_;
  upstream::Upstreams upstreams_;
  RepeatedAudit changes_;
  std::map<sip::ClientTx, std::pair<trunks::TrunkNumber, trunks::RequestId>> under_way_;
  std::map<upstream::AccountNumber, std::size_t> calls_;  // of those that have any
};

}  // namespace roamdesk::element
