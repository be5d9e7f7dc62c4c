#include "exchange/model/directory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace roamdesk {
namespace {

template <class Map, class Key>
auto* find_in(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

std::uint32_t number_of(const HotDeskId& id) {
  std::uint32_t number = 0;
  const auto& text = id.value();
  if (text.size() > 2) std::from_chars(text.data() + 2, text.data() + text.size(), number);
  return number;
}

}  // namespace

void Directory::apply(Changes changes) {
  for (auto& change : changes) apply(std::move(change));
}

struct Directory::Applying {
  Directory& d;
  void operator()(PutExtension& c) {
    const ExtensionNumber number = c.extension.number;
    d.extensions_.insert_or_assign(number, std::move(c.extension));
  }
  void operator()(const DeleteExtension& c) {
    d.extensions_.erase(c.number);
    d.pin_failures_.erase(c.number);
  }
  void operator()(PutDesk& c) {
    if (const HotDesk* before = d.desk(c.desk.id)) {
      d.desk_by_mac_.erase(before->mac);
      c.desk.idle = before->idle;
    }
    d.desk_by_idle_user_.insert_or_assign(c.desk.idle.user.str(), c.desk.id);
    d.desk_by_mac_.insert_or_assign(c.desk.mac, c.desk.id);
    d.highest_desk_ = std::max(d.highest_desk_, number_of(c.desk.id));
    const HotDeskId id = c.desk.id;
    d.desks_.insert_or_assign(id, std::move(c.desk));
  }
  void operator()(const DeleteDesk& c) {
    if (const HotDesk* before = d.desk(c.id)) {
      d.desk_by_mac_.erase(before->mac);
      d.desk_by_idle_user_.erase(before->idle.user.str());
    }
    d.forget_old([&](const OldCredentials& old) { return old.desk == c.id; });
    d.desks_.erase(c.id);
  }
  void operator()(PutPhone& c) {
    if (const Phone* before = d.phone(c.phone.mac)) d.unindex(*before);
    const Mac mac = c.phone.mac;
    d.index(d.phones_.insert_or_assign(mac, std::move(c.phone)).first->second);
  }
  void operator()(const DeletePhone& c) {
    if (const Phone* before = d.phone(c.mac)) d.unindex(*before);
    d.phones_.erase(c.mac);
  }
  template <class R>
  void operator()(Put<R>& c) {
    const KeyOf<R> key = c.record.*key_of<R>;
    std::get<std::map<KeyOf<R>, R>>(d.plain_).insert_or_assign(key, std::move(c.record));
  }
  template <class R>
  void operator()(const Delete<R>& c) {
    std::get<std::map<KeyOf<R>, R>>(d.plain_).erase(c.key);
  }
  void operator()(const StartSession& c) {
    d.sessions_.insert_or_assign(c.session.desk, c.session);
    d.session_by_extension_.insert_or_assign(c.session.extension, c.session.desk);
    d.session_by_user_.insert_or_assign(c.session.credentials.user.str(), c.session.desk);
  }
  void operator()(const EndSession& c) {
    const auto found = std::find_if(d.sessions_.begin(), d.sessions_.end(),
                                    [&](const auto& entry) { return entry.second.id == c.id; });
    if (found == d.sessions_.end()) return;
    const Session& session = found->second;
    d.restore({session.desk, session.extension, session.credentials, c.ended});
    d.session_by_extension_.erase(session.extension);
    d.session_by_user_.erase(session.credentials.user.str());
    d.sessions_.erase(found);
  }
  void operator()(const ForgetOldCredentials& c) {
    d.forget_old([&](const OldCredentials& old) {
      return old.desk == c.desk && (c.user.empty() || old.credentials.user == c.user);
    });
  }
  void operator()(RenewIdle& c) {
    const auto found = d.desks_.find(c.desk);
    if (found == d.desks_.end()) return;
    d.desk_by_idle_user_.erase(found->second.idle.user.str());
    d.desk_by_idle_user_.insert_or_assign(c.credentials.user.str(), c.desk);
    d.restore({c.desk, {}, std::exchange(found->second.idle, std::move(c.credentials)), c.at});
  }
  void operator()(const PutUser& c) { d.users_.insert_or_assign(c.user.name, c.user); }
  void operator()(const DeleteUser& c) {
    std::erase_if(d.tokens_, [&](const auto& entry) { return entry.second.user == c.name; });
    d.users_.erase(c.name);
  }
  void operator()(const PutToken& c) { d.tokens_.insert_or_assign(c.token.id, c.token); }
  void operator()(const DeleteToken& c) { d.tokens_.erase(c.id); }
  void operator()(const PutSettings& c) { d.settings_ = c.settings; }
  void operator()(const PutPinFailures& c) {
    if (c.counts.empty())
      d.pin_failures_.erase(c.extension);
    else
      d.pin_failures_.insert_or_assign(c.extension, c.counts);
  }
  void operator()(const AppendAudit&) {}
  void operator()(const TrimHistory&) {}
  void operator()(const AppendCallRecord&) {}
};

void Directory::apply(Change change) { std::visit(Applying{*this}, change); }

void Directory::index(const Phone& phone) {
  if (phone.credentials) phone_by_user_.insert(&phone);
  if (!phone.token.empty()) phone_by_token_.insert(&phone);
  if (phone.extension) phones_by_extension_.insert(&phone);
}

void Directory::unindex(const Phone& phone) {
  if (phone.credentials) phone_by_user_.erase(&phone);
  if (!phone.token.empty()) phone_by_token_.erase(&phone);
  if (phone.extension) phones_by_extension_.erase(&phone);
}

void Directory::restore(OldCredentials old) {
  old_.push_back(std::move(old));
  old_by_user_.insert_or_assign(old_.back().credentials.user.str(), std::prev(old_.end()));
}

template <class Which>
void Directory::forget_old(const Which& which) {
  for (auto it = old_.begin(); it != old_.end();) {
    if (!which(*it)) {
      ++it;
      continue;
    }
    old_by_user_.erase(it->credentials.user.str());
    it = old_.erase(it);
  }
}

const Extension* Directory::extension(const ExtensionNumber& number) const { return find_in(extensions_, number); }
const HotDesk* Directory::desk(const HotDeskId& id) const { return find_in(desks_, id); }
const HotDesk* Directory::desk_of(const Mac& mac) const {
  const HotDeskId* id = find_in(desk_by_mac_, mac);
  return id ? desk(*id) : nullptr;
}
const Phone* Directory::phone(const Mac& mac) const { return find_in(phones_, mac); }
const Phone* Directory::phone_by_token(std::string_view token) const {
  const auto found = phone_by_token_.find(token);
  return found == phone_by_token_.end() ? nullptr : *found;
}
const Sbc* Directory::sbc(const std::string& name) const { return find_in(all<Sbc>(), name); }
const Session* Directory::session_at(const HotDeskId& desk) const { return find_in(sessions_, desk); }
const Session* Directory::session_of(const ExtensionNumber& extension) const {
  const HotDeskId* desk = find_in(session_by_extension_, extension);
  return desk ? session_at(*desk) : nullptr;
}

std::vector<const Phone*> Directory::phones_of(const ExtensionNumber& extension) const {
  std::vector<const Phone*> found;
  const auto [first, last] = phones_by_extension_.equal_range(extension);
  std::copy_if(first, last, std::back_inserter(found), [](const Phone* phone) { return phone->assigned; });
  return found;
}

HotDeskId Directory::next_desk_id() const { return HotDeskId{fmt::format("HD{:04}", highest_desk_ + 1)}; }

Directory::Identity Directory::identity(std::string_view digest_user) const {
  const std::string user{digest_user};
  Identity identity;
  if (const HotDeskId* desk = find_in(session_by_user_, user)) {
    identity.session = session_at(*desk);
  } else if (const HotDeskId* idle = find_in(desk_by_idle_user_, user)) {
    identity.idle_desk = this->desk(*idle);
  } else if (const auto found = phone_by_user_.find(digest_user); found != phone_by_user_.end()) {
    identity.phone = *found;
  } else if (const auto* old = find_in(old_by_user_, user)) {
    identity.old = &**old;
  }
  return identity;
}

}  // namespace roamdesk
