#pragma once
#include <gmock/gmock.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exchange/element/element.hpp"
#include "exchange/provisioning/files/files.hpp"
#include "pbx-core/administration/administration.hpp"

namespace roamdesk::test {

using api::Outcome;

// An administration over a real element, in a world without phones: what is committed waits until the test stores it.
class AdministrationTest : public testing::Test, private element::World, private door::SbcPort {
 protected:
  AdministrationTest() {
    element_.start({}, {}, {}, 0, now_);
    store_everything();
  }

  // ---- the store
  struct Commit {
    Changes changes;
    element::StoreTicket ticket;
  };
  bool waiting() const { return !commits_.empty(); }
  // Stores the oldest of what waits, or fails to; the whole vector.
  Changes store_next(bool works = true) {
    Commit commit = std::move(commits_.front());
    commits_.pop_front();
    element_.stored(commit.ticket, works, now_);
    return commit.changes;
  }
  void store_everything() {
    while (waiting()) stored_.push_back(store_next());
  }

  // ---- asking; the answer as soon as it is there
  struct Asked {
    std::optional<api::Answer> answer;
    Outcome outcome() const { return answer.value_or(api::Answer{Outcome::unavailable, "not answered"}).outcome; }
    std::string message() const { return answer ? answer->message : "not answered"; }
  };
  using AskedPtr = std::shared_ptr<Asked>;
  template <class Ask>
  AskedPtr ask(const Ask& asking) {
    auto asked = std::make_shared<Asked>();
    asking(administration_, [asked](api::Answer answer, auto...) {
      EXPECT_FALSE(asked->answer) << "answered twice";
      asked->answer = std::move(answer);
    });
    return asked;
  }
  // And stores whatever it takes.
  template <class Ask>
  api::Answer answer_to(const Ask& asking) {
    stored_.clear();
    const AskedPtr asked = ask(asking);
    store_everything();
    EXPECT_TRUE(asked->answer) << "never answered";
    return asked->answer.value_or(api::Answer{Outcome::unavailable, "not answered"});
  }
  static api::Actor by(const std::string& action = "changed") {
    api::Actor actor{"admin", "127.0.0.1", api::Surface::program};
    actor.change = AuditRecord{0, {}, "admin", "127.0.0.1", action, "", ""};
    return actor;
  }

  // ---- records that are there
  void have(Change change) { element_.restore(std::move(change)); }
  void have_extension(const std::string& number) {
    have(PutExtension{{ExtensionNumber{number}, "Person " + number, "scrypt$x", true, {}}});
  }
  void have_sbc(const std::string& name) { have(PutSbc{{name, "Europe/Berlin", "", "", {}}}); }
  HotDesk have_desk(const Mac& mac, const SiteId& site = local_site()) {
    const HotDeskId id = element_.directory().next_desk_id();
    const HotDesk desk{id, mac, phones::Vendor::yealink, "T46U", site, {}, {}, {id.value(), Secret{"idle"}}};
    have(PutDesk{desk});
    return desk;
  }
  void have_session(const HotDesk& desk, const std::string& number) {
    have(StartSession{{SessionId{"s" + number}, desk.id, ExtensionNumber{number}, {"u" + number, Secret{"p"}}, {}}});
  }
  void have_own_phone(const Mac& mac, const std::string& number) {
    Phone phone{.mac = mac};
    phone.vendor = phones::Vendor::yealink;
    phone.site = local_site();
    phone.assigned = true;
    phone.extension = ExtensionNumber{number};
    phone.credentials = Credentials{"p" + number, Secret{"p"}};
    phone.token = "token-" + number;
    phone.web_password = Secret{"Web2password"};
    have(PutPhone{phone});
  }
  const Directory& directory() const { return element_.directory(); }
  void element_located(element::LookupId lookup, const names::Located& located) {
    element_.located(lookup, located, now_);
  }
  administration::Administration* administration_ptr() { return &administration_; }

  static Mac mac(int number) { return *Mac::parse("00156500000" + std::to_string(number)); }
  static ExtensionNumber number(const std::string& digits) { return ExtensionNumber{digits}; }
  template <class C>
  static std::size_t count(const Changes& changes) {
    return static_cast<std::size_t>(
        std::count_if(changes.begin(), changes.end(), [](const auto& c) { return std::holds_alternative<C>(c); }));
  }

  element::Now now_{TimePoint{} + std::chrono::hours{1}, WallTime{std::chrono::hours{24 * 365}}};
  std::vector<Changes> stored_;
  std::vector<std::string> kicked_;
  std::vector<Sbc> configured_;
  std::vector<std::pair<std::string, tunnel::ReportOrder>> reported_;
  std::vector<std::pair<std::string, tunnel::RestartOrder>> restarted_;
  std::string restart_refused_;
  std::vector<std::string> updated_;
  std::map<std::string, door::SbcInfo> infos_;  // what the door knows
  std::vector<element::LookupId> lookups_;      // names that were asked for

 private:
  void send(sip::FlowId, std::string) override {}
  std::optional<sip::Flow> find_or_open(const sip::FlowAddress&) override { return std::nullopt; }
  std::optional<sip::Flow> connect(const sip::FlowAddress&) override { return std::nullopt; }
  void locate(element::LookupId lookup, names::Query) override { lookups_.push_back(lookup); }
  std::optional<sip::Flow> dial(const SiteId&, sip::Transport, Endpoint, const std::optional<sip::TlsName>&) override {
    return std::nullopt;
  }
  void prove(const sip::FlowAddress&, sip::Standing) override {}
  void release(const sip::FlowAddress&) override {}
  void order(const media::Order&) override {}
  std::optional<door::Front> front(const SiteId&, std::optional<IpAddress>) const override { return std::nullopt; }
  element::Zone zone(const std::string&) const override { return {}; }
  std::string local_time_zone() const override { return "Europe/Nicosia"; }
  std::optional<WallTime> last_strike(const std::string&, const std::string&) const override { return std::nullopt; }
  void commit(Changes changes, element::StoreTicket ticket) override {
    commits_.push_back({std::move(changes), ticket});
  }
  void put_binding(StoredBinding) override {}
  void delete_binding(const Mac&, const std::string&) override {}
  void put_dialog(StoredDialog) override {}
  void delete_dialog(const std::string&) override {}
  void check_pin(hotdesk::AttemptId, Secret, std::string) override {}
  void publish(element::Notice) override {}
  void wake_at(std::optional<TimePoint>) override {}

  std::optional<door::SbcInfo> sbc(const std::string& name) const override {
    const auto found = infos_.find(name);
    return found == infos_.end() ? std::nullopt : std::optional{found->second};
  }
  void kick(const std::string& name) override { kicked_.push_back(name); }
  void update(const std::string& name, tunnel::UpdateOrder) override { updated_.push_back(name); }
  void configure(const Sbc& record) override { configured_.push_back(record); }
  void report(const std::string& name, tunnel::ReportOrder order, Reported done) override {
    reported_.emplace_back(name, order);
    done("its log\n", "");
  }
  void restart(const std::string& name, tunnel::RestartOrder order, Restarted done) override {
    restarted_.emplace_back(name, order);
    done(restart_refused_);
  }
  Secret make_enrolment_key(Sbc& record) const override {
    record.enrolment_secret_hash = "hash";
    return Secret{"rd1-key"};
  }

  std::string unique() { return "unique-" + std::to_string(++given_); }

  int given_ = 0;
  std::deque<Commit> commits_;
  provisioning::Provisioner provisioner_{provisioning::load_models(CONFIG_DIR "/models"),
                                         provisioning::load_templates(CONFIG_DIR "/templates", "")};
  element::Element element_{*this,
                            [this] { return unique(); },
                            element::Options{"pbx.example.com", {}},
                            provisioner_,
                            hotdesk::Rules{},
                            Secret{"seed"}};
  administration::Administration administration_{
      element_, *this, provisioner_, [this] { return unique(); }, [this] { return now_; }, [] { return WallTime{}; }};
};

}  // namespace roamdesk::test
