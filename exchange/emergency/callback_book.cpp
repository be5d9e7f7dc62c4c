#include "exchange/emergency/callback_book.hpp"

#include <utility>

namespace roamdesk::emergency {

bool is_same(const EmergencyCallback& record, const Caller& caller) {
  if (!record.desk.value().empty() || !caller.desk.value().empty()) return record.desk == caller.desk;
  if (record.phone || caller.phone) return record.phone == caller.phone;
  return record.flow.site == caller.flow.site && record.flow.peer == caller.flow.peer;
}

void CallbackBook::restore(EmergencyCallback record) {
  auto number = record.number;
  records_.insert_or_assign(std::move(number), std::move(record));
}

std::optional<EmergencyCallback> CallbackBook::take(const Location& location, const std::string& trunk,
                                                    const Caller& caller, WallTime now) {
  const std::string* chosen = nullptr;
  WallTime unused_since = WallTime::max();
  for (const auto& number : location.callbacks) {
    const auto found = records_.find(number);
    if (found != records_.end() && found->second.until > now && is_same(found->second, caller)) {
      chosen = &number;
      break;
    }
    const auto since = found == records_.end() ? WallTime::min() : found->second.until;
    if (chosen && since >= unused_since) continue;
    chosen = &number;
    unused_since = since;
  }
  if (!chosen) return std::nullopt;
  EmergencyCallback record{*chosen,     trunk,        location.name,
                           caller.desk, caller.phone, caller.contact,
                           caller.flow, now,          now + location.callback_window};
  restore(record);
  return record;
}

std::optional<EmergencyCallback> CallbackBook::ended(std::string_view number, const Caller& caller,
                                                     std::chrono::seconds window, WallTime now) {
  const auto found = records_.find(number);
  if (found == records_.end() || !is_same(found->second, caller)) return std::nullopt;
  found->second.until = now + window;
  return found->second;
}

const EmergencyCallback* CallbackBook::find(std::string_view number, WallTime now) const {
  const auto found = records_.find(number);
  return found == records_.end() || found->second.until <= now ? nullptr : &found->second;
}

}  // namespace roamdesk::emergency
