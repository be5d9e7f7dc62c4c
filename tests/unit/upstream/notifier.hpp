#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exchange/upstream/subscriptions.hpp"
#include "tests/unit/upstream/registrar.hpp"

namespace roamdesk::upstream {

// The upstream is a notifier as well (RFC 6665). It does what is set here, and nothing else.
class NotifierTest : public RegistrarTest {
 protected:
  struct Asked {
    TimePoint at;
    trunks::RequestId request;
    sip::Message message;
    std::string event() const { return std::string{message.header("Event").value_or("")}; }
    std::string user() const { return message.to.uri.user; }
    bool is_first() const { return message.to.tag().empty(); }
    bool is_last() const { return message.expires == 0U; }
  };

  void begin(Trunk trunk = upstream_record()) {
    RegistrarTest::begin(std::move(trunk));
    subscriptions.emplace(*up, "Roamdesk/test", [this] { return token(); });
    work();
  }
  void watch(const std::string& number, std::optional<unsigned> asker = std::nullopt) {
    subscriptions->watch(number, asker ? std::optional{AccountNumber{*asker}} : std::nullopt, now);
    work();
  }
  void unwatch(const std::string& number) {
    subscriptions->unwatch(number, now);
    work();
  }

  // Answers that a test chooses; nullopt: none, and the transaction fails after 32 s.
  std::function<std::optional<sip::Message>(const Asked&)> serve = [this](const Asked& request) {
    return std::optional{granted(request)};
  };
  sip::Message refusal(const Asked& request, int status) { return reply({now, {}, request.message}, status); }
  sip::Message granted(const Asked& request, std::uint32_t seconds = 600) {
    auto ok = reply({now, {}, request.message}, 200);
    if (request.is_first()) ok.to.params.set("tag", "at-" + request.user() + "-" + std::to_string(++given_));
    ok.expires = request.is_last() ? 0 : seconds;
    sip::NameAddr contact;
    contact.uri.user = "notifier";
    contact.uri.host = "198.51.100.1";
    ok.contact = {contact};
    return ok;
  }

  const Asked* last(const std::string& user, const std::string& event = "dialog") const {
    const auto found = std::find_if(asked.rbegin(), asked.rend(),
                                    [&](const Asked& a) { return a.user() == user && a.event() == event; });
    return found == asked.rend() ? nullptr : &*found;
  }
  std::size_t count(const std::string& event, const std::string& user = {}) const {
    return static_cast<std::size_t>(std::count_if(asked.begin(), asked.end(), [&](const Asked& a) {
      return a.event() == event && (user.empty() || a.user() == user);
    }));
  }
  // A NOTIFY in the dialog of the SUBSCRIBE that came last.
  using Edit = std::function<void(sip::Message&)>;
  sip::Message notification(const std::string& user, const std::string& body, const std::string& event = "dialog",
                            const std::string& state = "active") {
    const auto& subscribe = last(user, event)->message;
    sip::Message m;
    m.method = "NOTIFY";
    m.request_uri = subscribe.contact.at(0).uri;
    m.from = subscribe.to;
    if (m.from.tag().empty()) m.from.params.set("tag", tags_of_[subscribe.call_id]);
    m.to = subscribe.from;
    m.call_id = subscribe.call_id;
    m.cseq = {++cseq_[m.call_id], "NOTIFY", {}};
    m.set_header("Event", event);
    m.set_header("Subscription-State", state);
    m.body = body;
    return m;
  }
  int notify(const std::string& user, const std::string& body, const std::string& event = "dialog",
             const std::string& state = "active", const Edit& edit = {}) {
    auto message = notification(user, body, event, state);
    if (edit) edit(message);
    const int status = subscriptions->notified(message, now);
    work();
    return status;
  }
  static std::string calls(const std::string& dialogs, const std::string& state = "full", unsigned version = 0) {
    return "<?xml version=\"1.0\"?>\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"" +
           std::to_string(version) + "\" state=\"" + state + "\" entity=\"sip:205@pbx.example\">" + dialogs +
           "</dialog-info>";
  }
  static std::string call(const std::string& id, const std::string& state, const std::string& direction = "recipient") {
    return "<dialog id=\"" + id + "\" direction=\"" + direction + "\"><state>" + state + "</state></dialog>";
  }
  // How many calls of the number are shown; nullopt: nothing was ever said.
  std::optional<std::size_t> lamp(const std::string& number) const {
    const auto found = lamps.find(number);
    return found == lamps.end() ? std::nullopt : std::optional{found->second.size()};
  }
  const Subscription* of(const std::string& number) const { return subscriptions->find({{}, number}); }
  const Subscription* mailbox(unsigned account) const { return subscriptions->find({AccountNumber{account}, {}}); }

  std::optional<Subscriptions> subscriptions;
  std::deque<Asked> asked;
  std::map<std::string, std::vector<presence::DialogInfo>> lamps;
  std::map<std::string, presence::MailboxState> mailboxes;
  std::vector<KindRefused> kinds_refused;

 private:
  void work_more() override {
    if (!subscriptions) return;
    subscriptions->follow(now);
    while (auto effect = subscriptions->poll_effect()) {
      if (auto* subscribe = std::get_if<Subscribe>(&*effect)) {
        asked.push_back({now, subscribe->request, subscribe->message});
        auto response = serve(asked.back());
        if (response && !response->to.tag().empty()) tags_of_[response->call_id] = std::string{response->to.tag()};
        answers_.emplace(now + (response ? latency : 32s), std::pair{subscribe->request, std::move(response)});
      } else if (auto* mailbox = std::get_if<MailboxTold>(&*effect)) {
        mailboxes[mailbox->extension] = mailbox->state;
      } else if (auto* calls_told = std::get_if<CallsTold>(&*effect)) {
        lamps[calls_told->number] = calls_told->dialogs;
      } else if (auto* refused = std::get_if<KindRefused>(&*effect)) {
        kinds_refused.push_back(*refused);
      }
    }
  }
  std::optional<TimePoint> next_of_more() const override {
    auto next = subscriptions ? subscriptions->deadline() : std::nullopt;
    if (!answers_.empty() && (!next || answers_.begin()->first < *next)) next = answers_.begin()->first;
    return next;
  }
  void pass_more() override {
    while (!answers_.empty() && answers_.begin()->first <= now) {
      auto [request, response] = std::move(answers_.begin()->second);
      answers_.erase(answers_.begin());
      if (response)
        subscriptions->answered(request, *response, now);
      else
        subscriptions->failed(request, true, now);
      work_more();
    }
    if (subscriptions) subscriptions->handle_timeout(now);
  }

  std::multimap<TimePoint, std::pair<trunks::RequestId, std::optional<sip::Message>>> answers_;
  std::map<std::string, std::string> tags_of_;  // at the notifier's end, by Call-ID
  std::map<std::string, std::uint32_t> cseq_;
  unsigned given_ = 0;
};

}  // namespace roamdesk::upstream
