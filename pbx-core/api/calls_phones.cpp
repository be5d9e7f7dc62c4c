#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {
namespace {

void answer_with_phone(Service& service, const CallPtr& call, unsigned status, const Mac& mac) {
  service.answer_with(call, status, [mac](const Domain& domain) -> std::optional<boost::json::object> {
    const auto view = domain.phone(mac);
    if (!view) return std::nullopt;
    return to_json(*view);
  });
}

}  // namespace

void list_phones(Service& service, const CallPtr& call) {
  service.read([](const Domain& domain) { return domain.phones(); },
               [call](std::vector<PhoneView> all) { call->answer(200, to_json(all)); });
}

void assign_phone(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  Reader reader(call->body, {"extension"});
  const auto extension = reader.text("extension");
  if (extension) reader.refuse("extension", check_number(*extension));
  if (call->failed(reader)) return;
  service.command(
      call, {"phone.assigned", mac->text(), extension ? "extension " + *extension : "hot desk"},
      [mac, extension, actor = call->actor()](Domain& domain, Done done) {
        domain.assign_phone(*mac, extension ? std::optional(ExtensionNumber{*extension}) : std::nullopt, actor,
                            std::move(done));
      },
      [&service, call, mac](Outcome outcome) { answer_with_phone(service, call, status_of(outcome), *mac); });
}

void provision_phone(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  Reader reader(call->body, {});
  if (call->failed(reader)) return;
  service.command(
      call, {"phone.provisioned", mac->text(), ""},
      [mac, actor = call->actor()](Domain& domain, Done done) { domain.provision_phone(*mac, actor, std::move(done)); },
      [&service, call, mac](Outcome outcome) { answer_with_phone(service, call, status_of(outcome), *mac); });
}

void forget_phone(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  service.command(
      call, {"phone.forgotten", mac->text(), ""},
      [mac, actor = call->actor()](Domain& domain, Done done) { domain.forget_phone(*mac, actor, std::move(done)); },
      [call](Outcome) { call->no_content(); });
}

}  // namespace roamdesk::api
