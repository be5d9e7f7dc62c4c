#include <fmt/format.h>

#include "common/crypto/random.hpp"
#include "exchange/routing/emergency_numbers.hpp"
#include "pbx-core/api/outside_rules.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/seen_rows.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

auto ask_for(ExtensionNumber number) {
  return [number = std::move(number)](const Domain& domain) -> std::optional<json::object> {
    const auto view = domain.extension(number);
    if (!view) return std::nullopt;
    return to_json(*view);
  };
}

// What of a body is about calls outside; null for the number is none.
struct OutsideMembers {
  std::optional<std::string> number;
  std::optional<bool> hide;
  std::optional<NumberClasses> may_call;
};
OutsideMembers read_outside(Reader& reader) {
  OutsideMembers read;
  read.number = reader.text("outside_number");
  if (reader.null("outside_number")) read.number = "";
  if (read.number && !read.number->empty()) reader.refuse("outside_number", check_e164(*read.number));
  read.hide = reader.boolean("hide_number");
  if (const auto words = reader.texts("may_call", 10)) {
    read.may_call.emplace();
    for (const std::string& word : *words)
      if (const auto known = value_of<NumberClass>(word))
        read.may_call->insert(*known);
      else
        reader.refuse("may_call", "has an unknown word; expected some of " + all_words<NumberClass>());
  }
  return read;
}

// The codes have been looked at, the PIN has been hashed.
void store_extension(Service& service, const CallPtr& call, Extension extension, Secret made_up_pin) {
  const ExtensionNumber number = extension.number;
  service.command(
      call, {"extension.created", number.value(), ""},
      [extension = std::move(extension)](Domain& domain, const Actor& actor, Done done) {
        domain.create_extension(extension, actor, std::move(done));
      },
      [&service, call, number, made_up_pin = std::move(made_up_pin)](Outcome) {
        service.answer_with(
            call, 201,
            [ask = ask_for(number), made_up_pin](const Domain& domain) {
              auto object = ask(domain);
              if (object && !made_up_pin.empty()) (*object)["voicemail_pin"] = made_up_pin.reveal();
              return object;
            },
            "/api/v1/extensions/" + number.value());
      });
}

}  // namespace

Secret random_pin(const std::string& number) {
  for (;;) {
    Secret pin{crypto::random_digits(6)};
    if (!check_pin(pin.reveal(), number)) return pin;
  }
}

void list_extensions(Service& service, const CallPtr& call) {
  service.read([](const Domain& domain) { return domain.extensions(); },
               [call](std::vector<ExtensionView> all) { call->answer(200, to_json(all)); });
}

void show_extension(Service& service, const CallPtr& call) {
  const auto number = call->number();
  if (!number) return;
  service.read([number](const Domain& domain) { return domain.extension(*number); },
               [call, number](std::optional<ExtensionView> view) {
                 if (!view) return call->fail({404, "There is no extension " + number->value(), "number"});
                 call->answer(200, to_json(*view));
               });
}

void create_extension(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"number", "name", "voicemail_pin", "hot_desking", "keys", "outside_number", "hide_number",
                             "may_call"});
  Extension extension;
  const std::string number = reader.required("number", "101");
  extension.number = ExtensionNumber{number};
  extension.name = reader.text("name").value_or("");
  Secret pin{reader.text("voicemail_pin").value_or("")};
  extension.hot_desking = reader.boolean("hot_desking").value_or(false);
  extension.keys = reader.keys("keys").value_or(std::vector<Key>{});
  const auto outside = read_outside(reader);
  extension.outside_number = outside.number.value_or("");
  extension.hide_number = outside.hide.value_or(false);
  if (outside.may_call) extension.may_call = *outside.may_call;
  reader.refuse("number", check_number(number));
  reader.refuse("name", check_label(extension.name, 64));
  const bool made_up = !reader.has("voicemail_pin") || reader.null("voicemail_pin");
  if (!made_up) reader.refuse("voicemail_pin", check_pin(pin.reveal(), number));
  if (call->failed(reader)) return;
  if (made_up) pin = random_pin(number);
  service.read(
      [number = extension.number](const Domain& domain) {
        return std::make_pair(routing::codes_anywhere(domain.settings(), domain.directory()),
                              domain.extension(number).has_value());
      },
      [&service, call, extension, pin, made_up](std::pair<routing::Codes, bool> found) {
        if (found.second)
          return call->fail({409,
                             fmt::format("The extension {} is there already; another number, or PATCH, is expected",
                                         extension.number.value()),
                             "number"});
        const auto beside = routing::check_extension(extension.number, found.first);
        if (beside.has_error()) return call->fail({409, beside.error().detail, "number"});
        service.hash(call, crypto::Kind::pin, pin, [&service, call, extension, pin, made_up](std::string hash) {
          Extension whole = extension;
          whole.pin_hash = std::move(hash);
          store_extension(service, call, std::move(whole), made_up ? pin : Secret{});
        });
      });
}

void patch_extensions(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"numbers", "hot_desking", "versions"});
  const auto texts = reader.texts("numbers", 10'000);
  const auto on = reader.boolean("hot_desking");
  if (!texts || texts->empty())
    reader.malformed("numbers", "is missing; a list of extensions is expected, like [\"101\"]");
  if (!on) reader.malformed("hot_desking", "is missing; true or false is expected");
  std::vector<ExtensionNumber> numbers;
  for (const std::string& text : texts.value_or(std::vector<std::string>{})) {
    reader.refuse("numbers", check_number(text));
    numbers.emplace_back(text);
  }
  auto seen = read_seen(reader, "versions", texts.value_or(std::vector<std::string>{}));
  if (call->failed(reader)) return;
  only_as_seen(call, extension_version, std::move(seen));
  service.command(
      call,
      {"extension.changed", numbers.size() == 1 ? numbers.front().value() : "",
       *on ? "hot_desking on" : "hot_desking off"},
      [numbers, on](Domain& domain, const Actor& actor, Done done) {
        domain.set_hot_desking(numbers, *on, actor, std::move(done));
      },
      [&service, call, numbers](Outcome) {
        service.read(
            [numbers](const Domain& domain) {
              std::vector<ExtensionView> views;
              for (const ExtensionNumber& number : numbers)
                if (auto view = domain.extension(number)) views.push_back(std::move(*view));
              return views;
            },
            [call](std::vector<ExtensionView> views) { call->answer(200, to_json(views)); });
      });
}

void patch_extension(Service& service, const CallPtr& call) {
  const auto number = call->number();
  if (!number) return;
  Reader reader(call->body,
                {"name", "voicemail_pin", "hot_desking", "keys", "outside_number", "hide_number", "may_call"});
  ExtensionPatch patch;
  patch.name = reader.text("name");
  std::optional<Secret> pin;
  if (auto text = reader.text("voicemail_pin")) pin.emplace(std::move(*text));
  patch.hot_desking = reader.boolean("hot_desking");
  patch.keys = reader.keys("keys");
  auto outside = read_outside(reader);
  patch.outside_number = std::move(outside.number);
  patch.hide_number = outside.hide;
  patch.may_call = outside.may_call;
  if (patch.name) reader.refuse("name", check_label(*patch.name, 64));
  if (pin) reader.refuse("voicemail_pin", check_pin(pin->reveal(), number->value()));
  if (call->failed(reader)) return;
  const auto change = [&service, call, number, patch](std::string hash) {
    ExtensionPatch whole = patch;
    if (!hash.empty()) whole.pin_hash = std::move(hash);
    service.command(
        call, {"extension.changed", number->value(), members_of(call->body)},
        [number, whole](Domain& domain, const Actor& actor, Done done) {
          domain.change_extension(*number, whole, actor, std::move(done));
        },
        [&service, call, number](Outcome) { service.answer_with(call, 200, ask_for(*number)); });
  };
  if (pin)
    service.hash(call, crypto::Kind::pin, std::move(*pin), change);
  else
    change("");
}

void delete_extension(Service& service, const CallPtr& call) {
  const auto number = call->number();
  if (!number) return;
  service.command(
      call, {"extension.deleted", number->value(), ""},
      [number](Domain& domain, const Actor& actor, Done done) {
        domain.delete_extension(*number, actor, std::move(done));
      },
      [call](Outcome) { call->no_content(); });
}

void unlock_extension(Service& service, const CallPtr& call) {
  const auto number = call->number();
  if (!number) return;
  service.command(
      call, {"extension.unlocked", number->value(), ""},
      [number](Domain& domain, const Actor& actor, Done done) {
        domain.unlock_extension(*number, actor, std::move(done));
      },
      [&service, call, number](Outcome) { service.answer_with(call, 200, ask_for(*number)); });
}

}  // namespace roamdesk::api
