#include "exchange/element/qualifier.hpp"

#include <algorithm>
#include <utility>

#include "common/sip/dialog.hpp"

namespace roamdesk::element {

// The same for each phone each time, different between phones: a thousand that registered at once are asked one by one.
Duration Qualifier::spread(const Mac& device) const {
  return times_.quiet / 2 * static_cast<int>(std::hash<Mac>{}(device) % 1000) / 1000;
}

void Qualifier::enter(const Mac& device, Phone& phone, State state, Duration next) {
  const bool was_gone = phone.state == State::gone;
  phone.state = state;
  phone.next = context_.now.mono + next;
  put_on_page(device, phone);
  if (was_gone != (state == State::gone)) context_.world.publish(PhoneChanged{device});
}

void Qualifier::put_on_page(const Mac& device, Phone& phone) {
  const auto page = std::chrono::ceil<Page>(phone.next.time_since_epoch());
  if (phone.page != Page{} && phone.page <= page) return;
  phone.page = page;
  pages_[page].push_back(device);
}

void Qualifier::handle_heard(const Mac& device) {
  if (registrations_.find(device)) enter(device, phones_[device], State::heard, times_.quiet + spread(device));
}

void Qualifier::handle_unregistered(const Mac& device) { phones_.erase(device); }

std::optional<TimePoint> Qualifier::deadline() const {
  return pages_.empty() ? std::nullopt : std::optional{TimePoint{pages_.begin()->first}};
}

void Qualifier::handle_timeout() {
  const auto now = context_.now.mono;
  while (!pages_.empty() && TimePoint{pages_.begin()->first} <= now) {
    const auto turned = pages_.extract(pages_.begin());
    for (const Mac& device : turned.mapped()) {
      const auto found = phones_.find(device);
      if (found == phones_.end() || found->second.page != turned.key()) continue;
      found->second.page = Page{};
      if (found->second.next > now)
        put_on_page(device, found->second);
      else
        look_at(device, found->second);
    }
  }
}

void Qualifier::look_at(const Mac& device, Phone& phone) {
  // Where the line is away no phone is asked, and silence means nothing.
  if (!registrations_.flow_of(device)) return enter(device, phone, phone.state, times_.again);
  switch (phone.state) {
    case State::heard:
      enter(device, phone, State::asked, times_.patience);
      break;
    case State::asked:
      if (!phone.answers) return enter(device, phone, State::heard, std::chrono::hours{1});
      enter(device, phone, State::asked_again, times_.patience);
      break;
    case State::asked_again:
    case State::gone:
      enter(device, phone, State::gone, times_.again);
      break;
  }
  ask(device);
}

void Qualifier::ask(const Mac& device) {
  const auto* binding = registrations_.find(device);
  const auto flow = registrations_.flow_of(device);
  const auto contact = binding ? sip::parse_uri(binding->contact) : std::nullopt;
  if (!flow || !contact) return;
  sip::NameAddr us, phone;
  us.uri.host = context_.options.domain;
  phone.uri.user = binding->aor_user;
  phone.uri.host = context_.options.domain;
  auto options = sip::Dialog::beginning(context_.unique() + "@" + context_.options.domain, context_.unique(),
                                        std::move(us), std::move(phone), *contact)
                     .make_request("OPTIONS");
  sip::NameAddr self;
  self.uri.host = host_of(flow->address.face.address);
  self.uri.port = flow->address.face.port;
  options.contact.push_back(self);
  options.set_header("Accept", "application/sdp");
  options.set_header("User-Agent", context_.options.software);
  under_way_.emplace(
      transactions_.send_request(*flow, std::move(options), owner_of(Sender::qualifier), context_.now.mono), device);
}

// Whatever it says: it is there.
void Qualifier::handle_response(sip::ClientTx tx, const sip::Message& response) {
  const auto found = under_way_.find(tx);
  if (found == under_way_.end()) return;
  const Mac device = found->second;
  if (response.status >= 200) under_way_.erase(found);
  if (const auto phone = phones_.find(device); phone != phones_.end()) phone->second.answers = true;
  handle_heard(device);
}

// The timers say what its silence means.
void Qualifier::handle_failure(sip::ClientTx tx) { under_way_.erase(tx); }

bool Qualifier::is_gone(const Mac& device) const {
  const auto found = phones_.find(device);
  return found != phones_.end() && found->second.state == State::gone;
}

std::size_t Qualifier::gone() const {
  return static_cast<std::size_t>(std::count_if(phones_.begin(), phones_.end(),
                                                [](const auto& entry) { return entry.second.state == State::gone; }));
}

}  // namespace roamdesk::element
