#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/base/text.hpp"
#include "common/crypto/random.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {
namespace {

// Phones told one after the other, `provision_pace` apart.
class Round : public std::enable_shared_from_this<Round> {
 public:
  Round(Service& service, Actor actor, std::string id, std::vector<Mac> macs)
      : service_(service),
        alive_(service.shared_from_this()),
        actor_(std::move(actor)),
        id_(std::move(id)),
        macs_(std::move(macs)) {}

  void next() {
    const Job* job = service_.jobs().find(id_);
    if (!job || job->state != JobState::running) return;
    const Mac mac = macs_[at_];
    service_.command_of_job(
        actor_, {"phone.provisioned", mac.text(), "job " + id_},
        [mac](Domain& domain, const Actor& actor, Done done) { domain.provision_phone(mac, actor, std::move(done)); },
        [self = shared_from_this()](const Answer& answer) { self->told(answer); });
  }

 private:
  void told(const Answer& answer) {
    const Mac& mac = macs_[at_++];
    Job* job = service_.jobs().find(id_);
    if (!job) return;
    const bool fine = answer.outcome == Outcome::ok || answer.outcome == Outcome::later;
    job->step(fine ? std::nullopt : std::optional(JobProblem{0, mac.text(), answer.message}));
    if (answer.outcome == Outcome::unavailable) return service_.end_job(id_, JobState::failed, actor_);
    if (at_ == macs_.size() && job->state == JobState::running) return service_.end_job(id_, JobState::done, actor_);
    service_.tell_of(*job);
    if (job->state == JobState::running)
      service_.options().post_api_after(service_.options().provision_pace,
                                        [self = shared_from_this()] { self->next(); });
  }

  Service& service_;
  std::shared_ptr<Service> alive_;
  const Actor actor_;
  const std::string id_;
  const std::vector<Mac> macs_;  // one at least
  std::size_t at_ = 0;
};

// Which phones: those named, else the assigned ones that fit.
struct Choice {
  std::optional<std::set<Mac>> macs;
  std::optional<std::string> vendor, model, site;
};

bool fits(const Choice& choice, const PhoneView& phone) {
  if (choice.macs) return choice.macs->contains(phone.mac);
  return !std::holds_alternative<std::monostate>(phone.assigned_to) &&
         (!choice.vendor || equal_ignoring_case(*choice.vendor, phones::to_string(phone.vendor))) &&
         (!choice.model || equal_ignoring_case(*choice.model, phone.model)) &&
         (!choice.site || *choice.site == phone.site.value());
}

void start_round(Service& service, const CallPtr& call, const Choice& choice, const std::vector<PhoneView>& phones) {
  std::vector<Mac> chosen;
  std::set<Mac> missing = choice.macs.value_or(std::set<Mac>{});
  for (const PhoneView& phone : phones)
    if (fits(choice, phone)) chosen.push_back(phone.mac);
  for (const Mac& mac : chosen) missing.erase(mac);
  if (!missing.empty())
    return call->fail(
        {404, "No phone with the MAC " + missing.begin()->text() + " has been seen; nothing was done", "macs"});
  if (chosen.empty()) return call->fail({422, "No assigned phone is of this kind; GET /phones lists them", ""});
  if (service.jobs().running(JobKind::provision))
    return call->fail({409, "Phones are being provisioned; wait for the end, or cancel that", ""});
  const std::string id = crypto::random_hex(8);
  Job& job = service.jobs().begin(id, call->who.user, JobKind::provision, chosen.size(), service.now());
  service.store().commit(
      {AppendAudit{service.audit_of(*call, {"job.started", id, fmt::format("provision, {} phones", job.total)})}},
      [](auto) {});
  service.tell_of(job);
  http::Response response = json_response(202, to_json(job));
  response.fields.push_back({"Location", "/api/v1/jobs/" + id});
  call->respond(std::move(response));
  std::make_shared<Round>(service, call->actor(), id, std::move(chosen))->next();
}

}  // namespace

void provision_phones(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"macs", "vendor", "model", "site"});
  Choice choice;
  const auto texts = reader.texts("macs", 10'000);
  choice.vendor = reader.text("vendor");
  choice.model = reader.text("model");
  choice.site = reader.text("site");
  if (texts) {
    choice.macs.emplace();
    for (const std::string& text : *texts) {
      reader.refuse("macs", check_mac(text));
      if (const auto mac = Mac::parse(text)) choice.macs->insert(*mac);
    }
  }
  if (!texts && !choice.vendor && !choice.site)
    reader.malformed("macs", "is missing; macs, vendor (and model), or site is expected");
  if (texts && (choice.vendor || choice.model || choice.site))
    reader.malformed("macs", "stands beside a vendor, model or site; one of both is expected");
  if (choice.model && !choice.vendor) reader.malformed("vendor", "is missing; a model's vendor is expected");
  if (call->failed(reader)) return;
  service.read(
      [](const Domain& domain) { return domain.phones(); },
      [&service, call, choice](const std::vector<PhoneView>& phones) { start_round(service, call, choice, phones); });
}

}  // namespace roamdesk::api
