#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/engine.hpp"
#include "tests/unit/calls/world/network.hpp"
#include "tests/unit/calls/world/outside.hpp"
#include "tests/unit/calls/world/phone.hpp"

namespace roamdesk::calls::sim {

// The engine, its transaction layer, and phones, joined by a simulated network. Plays the element's part in small:
// a number is the phones of that user; "*77*" is the voice dialogue, "112" has no route.
class World : public Host {
 public:
  explicit World(Weather weather = {}, Options options = {});

  Phone& add(const std::string& user, const std::string& site = "local",
             sip::Transport transport = sip::Transport::udp);
  // A server of that trunk, at an address of its own. Numbers that begin with 0 are outside: they are reached by the
  // servers in the order in which they were added.
  Outside& add_server(const std::string& trunk = "provider", const std::string& site = "local",
                      sip::Transport transport = sip::Transport::udp);
  // Lets `time` pass, with everything that falls into it.
  void run(Duration time);
  // Another process takes this one's place, and goes on with the calls that `change` leaves. How many it has taken.
  using Change = std::function<void(std::vector<CarriedCall>&)>;
  std::size_t restart(const Change& change = {});
  // Hangs up whatever is left, and waits until all is quiet. "" or what leaked.
  std::string settle();

  // ---- Host
  std::optional<Endpoint> allocate_media(const SiteId& site, IpAddress face, std::optional<Endpoint> beside) override;
  bool claim_media(const SiteId& site, Endpoint endpoint) override {
    return ports.emplace(site.value(), endpoint).second;
  }
  void release_media(const SiteId& site, Endpoint endpoint) override;
  void media(media::Order order) override;
  Srtp srtp(const std::optional<PeerId>& peer, const sip::FlowAddress& at) override;
  Secret random_bytes(std::size_t count) override;
  Route route(const Errand& errand) override;
  bool vouches(PeerId peer, sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) override;
  bool may_watch(const Caller& by, std::string_view number) override;
  std::optional<sip::Flow> reach(const std::optional<PeerId>& peer, const sip::FlowAddress& address) override;
  Admission admit(PeerId trunk, const Manner& manner) override;
  void answered(TollId toll) override;
  void over(TollId toll, bool carried) override;
  void add_credentials(PeerId trunk, sip::Message& request) override;
  std::optional<sip::Message> answer_challenge(PeerId trunk, const sip::Message& request,
                                               const sip::Message& challenge) override;
  std::vector<sip::Header> identity(PeerId trunk, const Party& party) override;

  // ---- what the media plane knows
  struct Stream {
    SiteId site;
    Endpoint local;
    std::optional<media::SetRemote> remote;
    std::optional<media::StreamId> to;
    std::vector<std::string> playing;
    media::PlayId play;
    bool collecting = false;
    // As it was opened.
    std::optional<media::StreamId> beside{};
  };
  // The two phones' newest dialogs hear each other: each one's session description names a stream of ours that sends to
  // the other one's, and back.
  bool talk(Phone& x, Phone& y, int x_dialog = -1, int y_dialog = -1);
  bool talk(Phone& x, Outside& y, int x_dialog = -1, int y_dialog = -1);
  bool talk(Outside& x, Outside& y, int x_dialog = -1, int y_dialog = -1);
  Stream* stream_at(const std::string& endpoint);
  void heard(Phone& phone, char digit);  // RFC 4733
  void prompt_ended(Phone& phone);

  const Options options;
  std::uint64_t last_unique = 0;  // of unique(), which the layer calls as it is made
  TimePoint now{};
  Network network;
  sip::TransactionLayer layer;
  Engine engine;
  std::vector<std::unique_ptr<Phone>> phones;
  std::vector<std::unique_ptr<Outside>> servers;
  std::map<std::string, Manner> manners;           // of trunks, by their names
  std::map<std::string, PeerId> trunks;            // likewise
  bool has_credentials = true;                     // for all trunks; the password is "secret"
  bool preemptive = false;                         // what was challenged once goes out with credentials
  std::function<void(const sip::Message&)> sends;  // what the engine sends, where a test looks at it
  std::vector<Errand> errands;                     // that were asked about; their `invite` is over
  // Dialogs with trunks that count now, those that were answered, and of each trunk how many it has carried so far.
  std::map<TollId, PeerId> tolls;
  std::set<TollId> answered_tolls;
  std::map<PeerId, std::size_t> carried;
  std::map<PeerId, Admission> not_admitted;  // what a trunk's calls are refused with
  std::map<std::string, Refusal> refusals;   // of calls to these numbers
  std::map<std::uint32_t, Stream> streams;
  std::set<std::pair<std::string, Endpoint>> ports;
  std::vector<Event> events;
  std::map<std::string, std::vector<std::string>> forwards;  // number -> others that it stands for
  std::set<std::string> expected;                            // numbers that ring for a while without a phone
  std::set<std::string> idle;                                // desks without rights: they can't transfer
  std::set<std::string> absent;                              // users who are not registered
  std::map<std::string, Help> helps;                         // outside numbers that call for help
  std::set<std::string> unwatched;                           // numbers whose lamps no phone may watch
  std::set<std::string> strangers;                           // users at whose addresses no phone is registered
  std::map<std::string, Srtp> srtp_of;                       // as is set for these users and trunks; else off
  std::map<std::string, PeerId> others;                      // users who are at no phone: as whom calls know them
  std::size_t ports_left = 10000;
  std::vector<std::pair<std::string, std::string>> routed;  // of transfers and 3xx: with whose rights, where to
  std::vector<DialogueId> dialogues;
  std::vector<CallId> started;
  std::string digits;
  std::string broken;  // the first invariant that didn't hold
  std::string unique();
  // As calls know this user agent: by its MAC, or as `others` has it.
  PeerId peer_of(const Phone& phone) const;
  // How many dialogs it has, as the engine has told.
  std::size_t dialogs_of(const Phone& phone) const;
  std::vector<Target> targets(std::string_view number);
  void close_flow(Phone& phone);
  void close_flow(Outside& server);
  void drain();
  // A message of `phone` that comes by `flow`, which isn't its own.
  void arrives(const sip::Flow& flow, sip::Message message);
  // Another way by which `phone` may come: from another port, or another IP of its site.
  sip::Flow elsewhere(const Phone& phone, bool same_ip);
  sip::Message invite;                // the last one of a phone, as it came
  std::vector<sip::Message> answers;  // that went to flows of no phone

 private:
  void step();
  template <class Peer>
  void deliver(Peer& peer, const std::string& bytes);
  sip::Flow next_flow(const std::string& site, sip::Transport transport);
  std::vector<Target> outside_targets(std::string_view number, const Party& caller);
  bool half(const std::string& heard, const std::string& said);
  void close(const sip::Flow& flow);
  void on_request(const sip::RequestReceived& e);

  std::uint64_t last_flow_ = 0, last_toll_ = 0;
  std::uint16_t last_port_ = 10000;
  std::set<std::uint64_t> closed_;
  std::map<PeerId, std::size_t> dialogs_;
  std::map<PeerId, sip::Message> challenged_;  // the last challenge of each trunk
  std::uint32_t nonce_count_ = 0;
};

}  // namespace roamdesk::calls::sim
