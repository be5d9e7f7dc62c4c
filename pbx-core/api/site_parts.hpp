#pragma once
#include "pbx-core/api/sites.hpp"

// What the table of site_rules.cpp is made of.
namespace roamdesk::api {

using Refusal = std::optional<Problem>;

// Why the caller may not have what the call names (SiteRule::refuse); one for each way of naming something.
Refusal phone_seen(const Domain& domain, const Call& call);
Refusal phone_changed(const Domain& domain, const Call& call);
Refusal phone_assigned(const Domain& domain, const Call& call);
Refusal phones_cleared(const Domain& domain, const Call& call);
Refusal phones_provisioned(const Domain& domain, const Call& call);
Refusal desk_named(const Domain& domain, const Call& call);
Refusal desk_made(const Domain& domain, const Call& call);
Refusal desk_changed(const Domain& domain, const Call& call);
Refusal session_begun(const Domain& domain, const Call& call);
Refusal sbc_named(const Domain& domain, const Call& call);
Refusal call_named(const Domain& domain, const Call& call);
Refusal sip_named(const Domain& domain, const Call& call);
Refusal alarm_named(const Domain& domain, const Call& call);
Refusal emergency_named(const Domain& domain, const Call& call);
Refusal explained(const Domain& domain, const Call& call);

// What is at other sites out of an answer (SiteRule::cut); one for each shape.
bool cut_phones(boost::json::value& answer, const AtSites& here);
bool cut_desks(boost::json::value& answer, const AtSites& here);
bool cut_sbcs(boost::json::value& answer, const AtSites& here);
bool cut_extensions(boost::json::value& answer, const AtSites& here);
bool cut_calls(boost::json::value& answer, const AtSites& here);
bool cut_alarms(boost::json::value& answer, const AtSites& here);
bool cut_emergencies(boost::json::value& answer, const AtSites& here);
bool cut_jobs(boost::json::value& answer, const AtSites& here);
bool cut_locations(boost::json::value& answer, const AtSites& here);
bool cut_pins(boost::json::value& answer, const AtSites& here);
bool cut_rollout(boost::json::value& answer, const AtSites& here);
bool cut_statistics(boost::json::value& answer, const AtSites& here);

}  // namespace roamdesk::api
