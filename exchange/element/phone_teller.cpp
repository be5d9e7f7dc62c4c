#include "exchange/element/phone_teller.hpp"

#include "common/sip/dialog.hpp"
#include "common/sip/digest.hpp"
#include "exchange/element/accounts.hpp"

namespace roamdesk::element {

void PhoneTeller::tell(const Mac& device, std::string_view event) {
  const auto* binding = registrations_.find(device);
  const auto flow = binding ? registrations_.flow_of(device) : std::nullopt;
  const auto contact = binding ? sip::parse_uri(binding->contact) : std::nullopt;
  if (!flow || !contact) return failed(device, !flow);

  sip::NameAddr self;  // it tells itself
  self.uri.user = binding->aor_user;
  self.uri.host = context_.options.domain;
  auto notify =
      sip::Dialog::beginning(context_.unique() + "@" + context_.options.domain, context_.unique(), self, self, *contact)
          .make_request("NOTIFY");
  sip::NameAddr contact_of_us;
  contact_of_us.uri.host = host_of(flow->address.face.address);
  contact_of_us.uri.port = flow->address.face.port;
  notify.contact.push_back(contact_of_us);
  notify.add_header("Event", std::string{event});
  notify.add_header("Subscription-State", "terminated;reason=noresource");
  notify.add_header("User-Agent", context_.options.software);

  Telling telling{device, binding->digest_user.str(), notify, false};
  const auto tx = transactions_.send_request(*flow, std::move(notify), owner_of(Sender::teller), context_.now.mono);
  under_way_.emplace(tx, std::move(telling));
  patience_.set(tx, context_.now.mono + patience);
}

void PhoneTeller::tell_when_free(const Mac& device, std::string_view event) {
  if (busy_.contains(device))
    waiting_.insert_or_assign(device, std::string{event});
  else
    tell(device, event);
}

bool PhoneTeller::handle_dialogs(const Mac& device, std::size_t count) {
  if (count > 0) return busy_.insert(device).second;
  const bool was_busy = busy_.erase(device) > 0;
  if (auto node = waiting_.extract(device)) tell(device, node.mapped());
  return was_busy;
}

void PhoneTeller::failed(const Mac& device, bool unanswered) {
  if (const HotDesk* desk = context_.directory.desk_of(device))
    desks_.submit(hotdesk::TellFailed{desk->id, unanswered});
}

void PhoneTeller::handle_response(sip::ClientTx tx, const sip::Message& response) {
  const auto found = under_way_.find(tx);
  if (found == under_way_.end()) return;
  patience_.clear(tx);
  if (response.status < 200) return;
  Telling telling = std::move(found->second);
  under_way_.erase(found);
  if (response.status < 300) return;
  const bool challenge = response.status == 401 || response.status == 407;
  const auto account = account_of(context_.directory, telling.digest_user);
  const auto flow = registrations_.flow_of(telling.device);
  if (challenge && !telling.challenged && account && flow) {
    auto request = telling.request;
    if (auto header =
            sip::authorise(request, response, {account->digest_user, account->password}, 1, context_.unique())) {
      request.cseq.number += 1;
      request.headers.push_back(std::move(*header));
      telling.challenged = true;
      telling.request = request;
      const auto again =
          transactions_.send_request(*flow, std::move(request), owner_of(Sender::teller), context_.now.mono);
      patience_.set(again, context_.now.mono + patience);
      under_way_.emplace(again, std::move(telling));
      return;
    }
  }
  failed(telling.device, false);
}

void PhoneTeller::handle_failure(sip::ClientTx tx) {
  auto node = under_way_.extract(tx);
  if (!node || !patience_.of(tx)) return;  // said already
  patience_.clear(tx);
  failed(node.mapped().device, true);
}

void PhoneTeller::handle_timeout() {
  while (const auto tx = patience_.pop_due(context_.now.mono))
    if (const auto found = under_way_.find(*tx); found != under_way_.end()) failed(found->second.device, true);
}

}  // namespace roamdesk::element
