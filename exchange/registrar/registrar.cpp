#include "exchange/registrar/registrar.hpp"

#include <algorithm>
#include <charconv>

namespace roamdesk::registrar {
namespace {

std::optional<std::chrono::seconds> seconds_of(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // RFC 3261 §20.19: a malformed value counts as the default, one of more than 2^32-1 as the largest.
  if (error == std::errc::result_out_of_range)
    number = UINT32_MAX;
  else if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return std::chrono::seconds{number};
}

std::chrono::seconds asked_for(const sip::Message& request, const sip::NameAddr& contact,
                               std::chrono::seconds otherwise) {
  if (const auto param = contact.params.find("expires")) return seconds_of(*param).value_or(otherwise);
  if (request.expires) return std::chrono::seconds{*request.expires};
  return otherwise;
}

// RFC 3261 §20.10: 1 where it isn't named or can't be read.
double preference(const sip::NameAddr& contact) {
  double q = 1;
  if (const auto text = contact.params.find("q")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), q);
    if (error != std::errc{} || end != text->data() + text->size()) return 1;
  }
  return q;
}

struct Wish {
  const sip::NameAddr* add = nullptr;              // of the request
  bool removes_old = false;                        // the contact that is bound
  std::optional<std::chrono::seconds> shortest{};  // of what is added
};

// RFC 3261 §10.3 step 7: each Contact by itself, in their order. A device has one binding: of several that are added it
// is the one with the highest q, and of equals the last.
Wish read_contacts(const sip::Message& request, std::string_view old, std::chrono::seconds otherwise) {
  Wish wish;
  wish.removes_old = request.contact_star;
  const auto bound = sip::parse_uri(old);
  std::vector<const sip::NameAddr*> added;
  for (const auto& contact : request.contact) {
    const auto asked = asked_for(request, contact, otherwise);
    if (asked.count() != 0) {
      added.push_back(&contact);
      wish.shortest = std::min(asked, wish.shortest.value_or(asked));
      continue;
    }
    // What it names to the letter, where that is there: a phone may add one contact and remove another that differs
    // only in a parameter that §19.1.4 ignores (";ob").
    const auto to_the_letter = [&](const sip::NameAddr* other) { return other->uri == contact.uri; };
    if (std::erase_if(added, to_the_letter) > 0) {
      wish.removes_old = wish.removes_old || (bound && sip::equivalent(*bound, contact.uri));
    } else if (bound == contact.uri) {
      wish.removes_old = true;
    } else {
      std::erase_if(added, [&](const sip::NameAddr* other) { return sip::equivalent(other->uri, contact.uri); });
      wish.removes_old = wish.removes_old || (bound && sip::equivalent(*bound, contact.uri));
    }
  }
  for (const auto* contact : added)
    if (!wish.add || preference(*contact) >= preference(*wish.add)) wish.add = contact;
  return wish;
}

}  // namespace

std::chrono::seconds Registrar::granted(std::chrono::seconds asked, const Account& account) const {
  return std::min(asked, account.hot_desk ? limits_.longest_hot_desk : limits_.longest_dedicated);
}

Outcome Registrar::handle_register(const sip::Flow& flow, const sip::Message& request, const Account& account,
                                   const std::string& to_tag, TimePoint now) {
  const auto refuse = [&](int status, std::string_view reason) {
    return Outcome{sip::make_response(request, status, reason, to_tag), Unchanged{}};
  };
  if (flow.address.site != account.site) return refuse(403, "Not at this site");
  // RFC 3261 §10.3 step 5: the address in its canonical form, so without escapes; of its host all spellings are ours.
  if (sip::unescape(request.to.uri.user) != account.aor_user) return refuse(403, "Not your address of record");

  const auto stored = bindings_.find(account.device);
  const bool own = stored != bindings_.end() && stored->second.digest_user == account.digest_user;
  // RFC 3261 §10.3 step 7: the same Call-ID with a CSeq that isn't higher is out of order.
  if (own && stored->second.call_id == request.call_id && request.cseq.number <= stored->second.cseq)
    return refuse(500, "CSeq out of order");
  if (request.contact_star && request.expires.value_or(1) != 0) return refuse(400, "Contact: * needs Expires: 0");

  const auto wish = read_contacts(request, own ? std::string_view{stored->second.contact} : std::string_view{},
                                  limits_.default_expires);
  if (wish.shortest && *wish.shortest < limits_.shortest) {
    auto outcome = refuse(423, "Interval Too Brief");
    outcome.response.set_header("Min-Expires", std::to_string(limits_.shortest.count()));
    return outcome;
  }
  Change change = Unchanged{};
  if (wish.add) {
    // Idle rights under an ended session's name are for one minute, in which the phone is told again (architecture, Hot
    // desks).
    Binding binding{account.device,
                    account.aor_user,
                    account.digest_user,
                    sip::to_string(wish.add->uri),
                    flow.address,
                    request.call_id,
                    request.cseq.number,
                    SharedText{request.header("User-Agent").value_or("")},
                    now + granted(asked_for(request, *wish.add, limits_.default_expires), account)};
    const bool moved = !own || stored->second.contact != binding.contact || stored->second.flow != binding.flow ||
                       stored->second.digest_user != binding.digest_user;
    put(binding);
    change = Registered{account.device, moved};
  } else if (wish.removes_old && own) {
    remove(account.device);
    change = Unregistered{account.device};
  }

  Outcome outcome{sip::make_response(request, 200, "OK", to_tag), change};
  if (const Binding* binding = find(account.device); binding && binding->aor_user == account.aor_user) {
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(binding->expires - now).count();
    if (auto uri = sip::parse_uri(binding->contact)) {
      sip::NameAddr contact;
      contact.uri = std::move(*uri);
      contact.params.set("expires", std::to_string(left));
      outcome.response.contact.push_back(std::move(contact));
      outcome.response.expires = static_cast<std::uint32_t>(left);
    }
  }
  return outcome;
}

std::vector<Binding> Registrar::handle_timeout(TimePoint now) {
  std::vector<Binding> gone;
  while (!by_expiry_.empty() && (*by_expiry_.begin())->expires <= now) {
    gone.push_back(**by_expiry_.begin());
    remove(gone.back().device);
  }
  return gone;
}

std::optional<TimePoint> Registrar::deadline() const {
  if (by_expiry_.empty()) return std::nullopt;
  return (*by_expiry_.begin())->expires;
}

const Binding* Registrar::find(const Mac& device) const {
  const auto found = bindings_.find(device);
  return found == bindings_.end() ? nullptr : &found->second;
}

std::vector<Mac> Registrar::at(const SiteId& site, IpAddress address) const {
  std::vector<Mac> devices;
  const auto [first, last] = by_address_.equal_range(Place{site, address});
  for (auto it = first; it != last; ++it) devices.push_back((*it)->device);
  return devices;
}

bool Registrar::remove(const Mac& device) {
  const auto found = bindings_.find(device);
  if (found == bindings_.end()) return false;
  by_expiry_.erase(&found->second);
  by_address_.erase(&found->second);
  bindings_.erase(found);
  return true;
}

void Registrar::restore(const Binding& binding) { put(binding); }

// Its texts are copied, so that they take no more room than they need; and what is refreshed keeps its places in the
// indices, which takes no memory at all.
void Registrar::put(const Binding& binding) {
  const auto [found, is_new] = bindings_.try_emplace(binding.device, binding);
  const Binding* const there = &found->second;
  if (is_new) {
    by_expiry_.insert(there);
    by_address_.insert(there);
    return;
  }
  auto expiry = by_expiry_.extract(there);
  auto address = by_address_.extract(there);
  found->second = binding;
  by_expiry_.insert(std::move(expiry));
  by_address_.insert(std::move(address));
}

}  // namespace roamdesk::registrar
