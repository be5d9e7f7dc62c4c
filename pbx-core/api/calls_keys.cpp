#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {
namespace {

struct Drawing {
  bool person_exists = false;
  std::optional<DrawnKeys> drawn;
};

// Draws `keys`; without them the person's own, who then must exist.
void draw(Service& service, const CallPtr& call, Extension person, std::optional<std::vector<Key>> keys) {
  const bool own = !keys;
  if (keys) person.keys = std::move(*keys);
  service.read(
      [vendor = call->parameters[0], model = call->parameters[1], person, own](const Domain& domain) {
        Extension whole = person;
        const auto found = own ? domain.extension(person.number) : std::nullopt;
        if (found) whole.keys = found->record.keys;
        return Drawing{found.has_value(), domain.draw_keys(phones::parse_vendor(vendor), model, whole)};
      },
      [call, person, own](const Drawing& drawing) {
        if (!drawing.drawn)
          return call->fail(
              {404, "There is no model " + call->parameters[0] + " " + call->parameters[1] + "; GET /models lists them",
               "model"});
        if (own && !drawing.person_exists)
          return call->fail({404, "There is no extension " + person.number.value(), "extension"});
        call->answer(200, to_json(*drawing.drawn));
      });
}

}  // namespace

void preview_keys(Service& service, const CallPtr& call) {
  const auto number = call->request.query("extension");
  if (!number)
    return call->fail(
        {400, "extension in the query is missing; a number is expected, like ?extension=101", "extension"});
  if (const Fault fault = check_number(*number))
    return call->fail({422, "extension in the query " + *fault, "extension"});
  draw(service, call, {.number = ExtensionNumber{*number}}, std::nullopt);
}

void preview_unsaved_keys(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"keys"});
  auto keys = reader.keys("keys");
  if (!keys) reader.malformed("keys", "is missing; a list of keys is expected");
  const std::string number = call->request.query("extension").value_or("");
  if (!number.empty()) reader.refuse("extension", check_number(number));
  if (call->failed(reader)) return;
  draw(service, call, {.number = ExtensionNumber{number}}, std::move(keys));
}

}  // namespace roamdesk::api
