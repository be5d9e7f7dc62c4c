#include <fmt/format.h>

#include "pbx-core/api/desk_model.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/shown.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

auto ask_for(Mac mac) {
  return [mac](const Domain& domain) -> std::optional<json::object> {
    const auto view = domain.desk(mac);
    if (!view) return std::nullopt;
    return to_json(*view);
  };
}

std::optional<DeskPatch::Place> read_place(Reader& outer) {
  const json::object* object = outer.object("provisioning");
  if (!object) return std::nullopt;
  Reader reader(*object, {"method", "sbc", "sbc_address"}, "provisioning.");
  DeskPatch::Place place;
  const std::string method = reader.required("method", "local");
  const auto sbc = reader.text("sbc"), address = reader.text("sbc_address");
  if (method == "local") {
    place.site = local_site();
    if (sbc || address)
      reader.refuse("sbc", Fault{"stands beside the method \"local\"; it belongs to the method \"sbc\""});
  } else if (method == "sbc") {
    if (!sbc) reader.malformed("sbc", "is missing; the SBC's name is expected, like \"branch-1\"");
    place.site = SiteId{sbc.value_or("")};
    if (sbc) reader.refuse("sbc", check_sbc_name(*sbc));
    if (address) {
      place.sbc_address = parse_ipv4(*address);
      if (!place.sbc_address)
        reader.refuse("sbc_address", Fault{"is not an IPv4 address; one like \"192.168.1.5\" is expected"});
    }
  } else {
    reader.refuse("method", Fault{"is unknown; expected one of local, sbc"});
  }
  outer.take(reader);
  return place;
}

// Merges: what is absent stays, what is null goes back to the model's default.
void read_options(Reader& outer, DeskOptions& options) {
  const json::object* object = outer.object("options");
  if (!object) return;
  Reader reader(*object, names_shown<DeskOptions>(), "options.");
  read_shown(reader, options);
  outer.take(reader);
  if (const Fault fault = check_options(options)) outer.refuse("options", "has a value that can't be: " + *fault);
  if (options.time_zone) outer.refuse("options.time_zone", time_zone_fault(*options.time_zone));
}

}  // namespace

void list_desks(Service& service, const CallPtr& call) {
  service.read([](const Domain& domain) { return domain.desks(); },
               [call](std::vector<DeskView> all) { call->answer(200, to_json(all)); });
}

void show_desk(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  service.read([mac](const Domain& domain) { return domain.desk(*mac); },
               [call, mac](std::optional<DeskView> view) {
                 if (!view) return call->fail({404, "There is no hot desk for the MAC " + mac->text(), "mac"});
                 call->answer(200, to_json(*view));
               });
}

void create_desk(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"mac", "vendor", "model", "provisioning", "options", "emergency_location"});
  const std::string mac_text = reader.required("mac", "001565aabbcc");
  const std::string vendor = reader.required("vendor", "yealink"), model = reader.required("model", "T46U");
  const auto place = read_place(reader);
  DeskOptions options;
  read_options(reader, options);
  const auto location = reader.text_or_none("emergency_location");
  const auto mac = Mac::parse(mac_text);
  reader.refuse("mac", check_mac(mac_text));
  if (call->failed(reader)) return;
  NewDesk desk{*mac,
               phones::parse_vendor(vendor),
               model,
               place ? place->site : local_site(),
               place ? place->sbc_address : std::nullopt,
               options,
               location.value_or("")};
  service.read(
      [](const Domain& domain) { return domain.models(); },
      [&service, call, desk](const std::vector<ModelView>& models) mutable {
        const auto known = find_model(models, desk.vendor, desk.model);
        if (!known) return call->fail(known.error());
        desk.model = known->model;
        service.command(
            call, {"hot_desk.created", desk.mac.text(), desk.site.value()},
            [desk](Domain& domain, const Actor& actor, Done done) { domain.create_desk(desk, actor, std::move(done)); },
            [&service, call, mac = desk.mac](Outcome) {
              service.answer_with(call, 201, ask_for(mac), "/api/v1/hot-desks/" + mac.text());
            });
      });
}

void patch_desk(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  service.read(
      [mac](const Domain& domain) { return std::make_pair(domain.desk(*mac), domain.models()); },
      [&service, call, mac](const std::pair<std::optional<DeskView>, std::vector<ModelView>>& found) {
        const auto& [desk, models] = found;
        if (!desk) return call->fail({404, "There is no hot desk for the MAC " + mac->text(), "mac"});
        Reader reader(call->body, {"vendor", "model", "provisioning", "options", "emergency_location"});
        DeskPatch patch;
        if (const auto vendor = reader.text("vendor")) patch.vendor = phones::parse_vendor(*vendor);
        patch.model = reader.text("model");
        patch.place = read_place(reader);
        patch.emergency_location = reader.text_or_none("emergency_location");
        if (reader.has("options")) {
          DeskOptions tried = desk->record.options;
          read_options(reader, tried);
          // Once more into what they are by then: nobody's change of another option is undone.
          patch.options = [body = call->body](DeskOptions& now) {
            Reader again(body, {"vendor", "model", "provisioning", "options", "emergency_location"});
            read_options(again, now);
          };
        }
        if (call->failed(reader)) return;
        if (patch.vendor || patch.model) {
          const auto known =
              find_model(models, patch.vendor.value_or(desk->record.vendor), patch.model.value_or(desk->record.model));
          if (!known) return call->fail(known.error());
          patch.vendor = known->vendor;
          patch.model = known->model;
        }
        std::vector<std::string_view> names;
        for (const auto& member : call->body) names.emplace_back(member.key().data(), member.key().size());
        service.command(
            call, {"hot_desk.changed", mac->text(), fmt::format("{}", fmt::join(names, ", "))},
            [mac, patch](Domain& domain, const Actor& actor, Done done) {
              domain.change_desk(*mac, patch, actor, std::move(done));
            },
            [&service, call, mac](Outcome outcome) { service.answer_with(call, status_of(outcome), ask_for(*mac)); });
      });
}

void delete_desk(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  service.command(
      call, {"hot_desk.deleted", mac->text(), ""},
      [mac](Domain& domain, const Actor& actor, Done done) { domain.delete_desk(*mac, actor, std::move(done)); },
      [call](Outcome) { call->no_content(); });
}

// The domain audits logins and logouts itself, wherever they come from: no action here.
void start_session(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  Reader reader(call->body, {"extension"});
  const std::string extension = reader.required("extension", "101");
  reader.refuse("extension", check_number(extension));
  if (call->failed(reader)) return;
  service.command(
      call, {},
      [mac, extension](Domain& domain, const Actor& actor, Done done) {
        domain.log_in(*mac, ExtensionNumber{extension}, actor, std::move(done));
      },
      [&service, call, mac](Outcome outcome) {
        service.answer_with(call, outcome == Outcome::later ? 202 : 201, ask_for(*mac));
      });
}

void end_session(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  service.command(
      call, {}, [mac](Domain& domain, const Actor& actor, Done done) { domain.log_out(*mac, actor, std::move(done)); },
      [&service, call, mac](Outcome outcome) {
        if (outcome == Outcome::later) return service.answer_with(call, 202, ask_for(*mac));
        call->no_content();
      });
}

}  // namespace roamdesk::api
