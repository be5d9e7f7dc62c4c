#include <algorithm>

#include "exchange/routing/emergency_numbers.hpp"
#include "exchange/routing/outside.hpp"
#include "pbx-core/administration/administration.hpp"

namespace roamdesk::administration {

using api::Outcome;

namespace {

// Why there can't be such an extension beside the outbound rules: 9911, where a rule takes the 9 away.
std::optional<std::string> emergency_clash(const ExtensionNumber& number, const routing::Codes& codes,
                                           const Directory& directory) {
  const auto behind = routing::emergency_behind_prefix(number.value(), codes, nullptr, directory);
  if (!behind) return std::nullopt;
  return "\"" + number.value() + "\" is the emergency number " + behind->number + " under the outbound rule \"" +
         behind->rule + "\"; choose another number";
}

// Of whose change the records are made already.
api::Actor unrecorded(api::Actor actor) {
  actor.change.reset();
  return actor;
}

// Which numbers of ours would ring nowhere without it: those of a trunk's number plan that some extension has anyway
// don't count, only those that name it. nullopt for none.
std::optional<std::string> still_called(const ExtensionNumber& number, const Directory& directory) {
  constexpr std::size_t most_named = 5;
  std::string named;
  std::size_t count = 0;
  for (const auto& [first, inbound] : directory.all<InboundNumber>()) {
    if (inbound.last_digits > 0 || inbound.extension != number) continue;
    if (++count > most_named) continue;
    named += (named.empty() ? "" : ", ") + first;
    if (inbound.last != first) named += " to " + inbound.last;
  }
  if (count == 0) return std::nullopt;
  if (count > most_named) named += " and " + std::to_string(count - most_named) + " more";
  return "It is called at " + named + "; give these inbound numbers to another extension, or delete them, first.";
}

}  // namespace

void Administration::create_extension(Extension extension, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, extension = std::move(extension), actor = std::move(actor)](api::Done respond) {
    if (directory().extension(extension.number))
      return respond({Outcome::clash, "There is an extension " + extension.number.value() + " already."});
    const auto codes = routing::codes_anywhere(settings(), directory());
    if (const auto fits = routing::check_extension(extension.number, codes); !fits)
      return respond({Outcome::clash, fits.error().detail});
    if (auto clash = emergency_clash(extension.number, codes, directory()))
      return respond({Outcome::clash, std::move(*clash)});
    store({PutExtension{extension}}, actor, std::move(respond), [this, extension, actor] {
      element_.submit(hotdesk::ExtensionChanged{extension.number, extension.hot_desking, actor.name}, now_());
    });
  });
}

void Administration::change_extension(ExtensionNumber number, api::ExtensionPatch patch, api::Actor actor,
                                      api::Done done) {
  queue(std::move(done), [this, number, patch = std::move(patch), actor = std::move(actor)](api::Done respond) {
    const Extension* before = directory().extension(number);
    if (!before) return respond({Outcome::unknown, "There is no extension " + number.value() + "."});
    Extension after = *before;
    if (patch.name) after.name = *patch.name;
    if (patch.pin_hash) after.pin_hash = *patch.pin_hash;
    if (patch.hot_desking) after.hot_desking = *patch.hot_desking;
    if (patch.keys) after.keys = *patch.keys;
    if (patch.outside_number) after.outside_number = *patch.outside_number;
    if (patch.hide_number) after.hide_number = *patch.hide_number;
    if (patch.may_call) after.may_call = *patch.may_call;
    const bool shown = after.name != before->name || after.keys != before->keys;
    const bool switched = after.hot_desking != before->hot_desking;
    store({PutExtension{after}}, actor, std::move(respond), [this, after, actor, shown, switched] {
      if (switched) element_.submit(hotdesk::ExtensionChanged{after.number, after.hot_desking, actor.name}, now_());
      if (!shown) return;
      for (const Mac& mac : phones_showing(after.number)) element_.content_changed(mac, now_());
    });
  });
}

void Administration::set_hot_desking(std::vector<ExtensionNumber> numbers, bool on, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, numbers = std::move(numbers), on, actor = std::move(actor)](api::Done respond) {
    Changes changes;
    std::vector<ExtensionNumber> switched;
    std::string unknown;
    for (const auto& number : numbers) {
      const Extension* extension = directory().extension(number);
      if (!extension) {
        unknown += (unknown.empty() ? "" : ", ") + number.value();
        continue;
      }
      if (extension->hot_desking == on) continue;
      Extension after = *extension;
      after.hot_desking = on;
      changes.push_back(PutExtension{std::move(after)});
      switched.push_back(number);
    }
    if (!unknown.empty())
      return respond({Outcome::unknown, "There is no extension " + unknown + "; nothing was changed."});
    // A record for each, so that the log of a person has it too.
    if (actor.change)
      for (const auto& number : switched) {
        AuditRecord record = *actor.change;
        record.subject = number.value();
        record.changes = {{"hot_desking", on ? "false" : "true", on ? "true" : "false"}};
        changes.push_back(AppendAudit{std::move(record)});
      }
    store(std::move(changes), unrecorded(actor), std::move(respond), [this, switched, on, actor] {
      for (const auto& number : switched) element_.submit(hotdesk::ExtensionChanged{number, on, actor.name}, now_());
    });
  });
}

void Administration::delete_extension(ExtensionNumber number, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, number, actor = std::move(actor)](api::Done respond) {
    if (!directory().extension(number))
      return respond({Outcome::unknown, "There is no extension " + number.value() + "."});
    for (const auto& [name, location] : directory().all<Location>())
      if (std::find(location.told.begin(), location.told.end(), number) != location.told.end())
        return respond({Outcome::clash, "The extension " + number.value() +
                                            " is told of calls for help at the location " + name +
                                            "; change the location first."});
    if (auto used = still_called(number, directory())) return respond({Outcome::clash, std::move(*used)});
    // One transaction: the session's end, the dedicated phones, the extension. The machine ends what it knows
    // afterwards; an end of a session that isn't stored any more is no fault.
    const auto decide = [this, number] {
      Changes changes;
      if (const Session* session = directory().session_of(number))
        changes.push_back(EndSession{session->id, now_().wall});
      for (const Phone* phone : directory().phones_of(number)) {
        Phone after = *phone;
        after.assigned = false;
        after.extension.reset();
        after.credentials.reset();
        after.window_until.reset();
        changes.push_back(PutPhone{std::move(after)});
      }
      changes.push_back(Delete<UpstreamAccount>{number.value()});
      changes.push_back(DeleteExtension{number});
      return changes;
    };
    std::vector<Mac> unassigned;
    for (const Phone* phone : directory().phones_of(number)) unassigned.push_back(phone->mac);
    store_deletion(decide, actor, std::move(respond), [this, number, actor, unassigned] {
      element_.submit(hotdesk::ExtensionDeleted{number, actor.name}, now_());
      for (const Mac& mac : unassigned) element_.forget(mac, now_());
      element_.extension_gone(number, now_());
    });
  });
}

void Administration::unlock_extension(ExtensionNumber number, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, number, actor = std::move(actor)](api::Done respond) {
    if (!directory().extension(number))
      return respond({Outcome::unknown, "There is no extension " + number.value() + "."});
    // Stored first: a crash behind the answer doesn't lock it again. The machine forgets its counts afterwards.
    store({PutPinFailures{number, {}}}, actor, std::move(respond), [this, number, actor] {
      element_.submit(hotdesk::Unlocked{number, actor.name}, now_());
    });
  });
}

void Administration::change_settings(std::function<void(Settings&)> edit, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, edit = std::move(edit), actor = std::move(actor)](api::Done respond) {
    Settings settings = this->settings();
    edit(settings);
    const auto codes = routing::codes_anywhere(settings, directory());
    if (const auto fit = routing::check_codes(codes); !fit) return respond({Outcome::clash, fit.error().detail});
    for (const auto& [number, extension] : directory().extensions()) {
      if (routing::check_extension(number, codes) && !emergency_clash(number, codes, directory())) continue;
      return respond({Outcome::clash, "The extension " + number.value() + (extension.name.empty() ? "" : " ") +
                                          extension.name +
                                          " is in the way of these codes and emergency numbers; choose others, or "
                                          "delete the extension first."});
    }
    for (const auto& location : {settings.local_emergency_location, settings.emergency_location})
      if (auto refused = no_such_location(location)) return respond(std::move(*refused));
    const Settings before = this->settings();
    const bool shown = before.hot_desk_code != settings.hot_desk_code || before.logout_code != settings.logout_code ||
                       before.srtp != settings.srtp;
    store_places({PutSettings{settings}}, actor, std::move(respond), [this, settings, shown] {
      element_.submit(hotdesk::PolicyChanged{{settings.move_when_already_logged_in, settings.max_session}}, now_());
      if (!shown) return;
      // Codes stand in every phone's dial plan and first key, SRTP in its account.
      for (const auto& [mac, phone] : directory().phones())
        if (phone.assigned) element_.content_changed(mac, now_());
    });
  });
}

}  // namespace roamdesk::administration
