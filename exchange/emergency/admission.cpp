#include "exchange/emergency/admission.hpp"

#include <utility>

namespace roamdesk::emergency {
namespace {

constexpr std::chrono::seconds minute{60};

// Whether another call may end for one of `of`; it then has.
template <class Of>
bool take_line(Of& of, TimePoint now) {
  if (of.has_taken_line && now - of.line_taken < Admission::between_lines_taken) return false;
  of.has_taken_line = true;
  of.line_taken = now;
  return true;
}

}  // namespace

Admission::Admitted Admission::take(const Source& source, TimePoint now) {
  forget_old(now);
  const std::pair key{source.site, source.name};
  if (const auto known = sources_.find(key); known != sources_.end() && known->second.up >= of_source) return {};
  if (!source.stranger) {
    auto& phone = sources_[key];
    ++phone.up;
    return {true, take_line(phone, now)};
  }
  auto& site = strangers_[source.site];
  if (now - site.since >= minute) {
    site.since = now;
    site.begun = 0;
  }
  if (site.up >= strangers_of_site || site.begun >= strangers_a_minute) return {};
  ++site.up;
  ++site.begun;
  ++sources_[key].up;
  return {true, take_line(site, now)};
}

void Admission::ended(const Source& source) {
  if (const auto known = sources_.find({source.site, source.name}); known != sources_.end() && known->second.up > 0)
    --known->second.up;
  if (const auto site = strangers_.find(source.site);
      source.stranger && site != strangers_.end() && site->second.up > 0)
    --site->second.up;
}

void Admission::forget_old(TimePoint now) {
  std::erase_if(sources_, [&](const auto& entry) {
    const auto& phone = entry.second;
    return phone.up == 0 && !(phone.has_taken_line && now - phone.line_taken < between_lines_taken);
  });
}

}  // namespace roamdesk::emergency
