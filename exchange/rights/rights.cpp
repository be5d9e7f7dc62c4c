#include "exchange/rights/rights.hpp"

namespace roamdesk::rights {
namespace {

bool is_current(const Facts& facts) {
  if (facts.credentials == Credentials::idle) return facts.desk == Desk::idle || facts.desk == Desk::idle_settled;
  return facts.credentials != Credentials::ended;
}

// The phone is where it should be: a request with less than its credentials of now doesn't get past it.
bool is_guarded(Desk desk) { return desk == Desk::idle_settled || desk == Desk::awaited || desk == Desk::settled; }

Acts acts(const Facts& facts) {
  if (facts.source == Source::other_site) return Acts::refused;
  if (facts.credentials == Credentials::session || facts.credentials == Credentials::own_phone) return Acts::person;
  const bool login_under_way = facts.desk == Desk::bound || facts.desk == Desk::awaited;
  return login_under_way && facts.source == Source::bridge ? Acts::person : Acts::idle;
}

}  // namespace

Rights decide(const Facts& facts) {
  const bool stranger = facts.source == Source::elsewhere && !is_current(facts);
  const bool takes_place = facts.source != Source::other_site && !(stranger && is_guarded(facts.desk));
  return {acts(facts), takes_place};
}

}  // namespace roamdesk::rights
