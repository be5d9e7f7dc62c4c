#pragma once
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "exchange/routing/emergency_numbers.hpp"
#include "pbx-core/api/alarm_rules.hpp"
#include "pbx-core/api/firmware_rules.hpp"
#include "pbx-core/api/location_rules.hpp"
#include "pbx-core/api/outside_rules.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/shown.hpp"
#include "pbx-core/api/snippet_rules.hpp"

// The calls that records of PlainRecords have in common: list, make, show, change, delete. `Kind` says what a record is
// called, and what more is shown of it:
//   using Record; static constexpr const char *name ("trunk"), *action ("trunk"), *path ("trunks"), *key ("name");
//   static void more(json::object&, const Record&, const Domain&);
//   static constexpr bool is_changed_in_bulk = true; where a call changes several: then each is shown with its version.
namespace roamdesk::api {

template <class Kind>
struct RecordCalls {
  using Record = typename Kind::Record;

  static void list(Service& service, const CallPtr& call) {
    service.read(
        [](const Domain& domain) {
          std::vector<std::pair<boost::json::object, Record>> all;
          for (const auto& [key, record] : domain.directory().template all<Record>())
            all.emplace_back(whole(record, domain), record);
          return all;
        },
        // Ten thousand versions are some 50 ms: not on the signalling thread.
        [call](std::vector<std::pair<boost::json::object, Record>> all) {
          boost::json::array array;
          for (auto& [object, record] : all) {
            add_version(object, record);
            array.push_back(std::move(object));
          }
          call->answer(200, std::move(array));
        });
  }

  static void show(Service& service, const CallPtr& call) {
    service.read(shown_by(call->parameters[0]), [call](std::optional<boost::json::object> object) {
      if (!object) return call->fail(missing(call->parameters[0]));
      call->answer(200, std::move(*object));
    });
  }

  static constexpr VersionOf version = record_version<Record>;

  static void create(Service& service, const CallPtr& call) { store(service, call, Kind::fresh(), std::nullopt); }

  static void change(Service& service, const CallPtr& call) {
    service.read([key = call->parameters[0]](const Domain& domain) { return find(domain.directory(), key); },
                 [&service, call](std::optional<Record> before) {
                   if (!before) return call->fail(missing(call->parameters[0]));
                   store(service, call, *before, before);
                 });
  }

  static void remove(Service& service, const CallPtr& call) {
    const std::string key = call->parameters[0];
    service.command(
        call, {std::string(Kind::action) + ".deleted", key, ""},
        [key](Domain& domain, const Actor& actor, Done done) {
          domain.change(
              [key, settings = domain.settings()](const Directory& directory) -> Domain::Decision {
                const auto known = find(directory, key);
                if (!known) return Answer{Outcome::unknown, missing(key).detail};
                if (const Fault used = still_used(*known, directory, settings)) return Answer{Outcome::clash, *used};
                Changes changes = goes_with(*known, directory);
                changes.push_back(Delete<Record>{key});
                return changes;
              },
              actor, std::move(done));
        },
        [call](Outcome) { call->no_content(); });
  }

 private:
  static Problem missing(const std::string& key) {
    return {404, fmt::format("There is no {} {}", Kind::name, key), Kind::key};
  }
  static std::optional<Record> find(const Directory& directory, const std::string& key) {
    const auto found = directory.template all<Record>().find(key);
    return found == directory.template all<Record>().end() ? std::nullopt : std::optional{found->second};
  }
  static boost::json::object whole(const Record& record, const Domain& domain) {
    boost::json::object object = shown(record);
    Kind::more(object, record, domain);
    return object;
  }
  static void add_version(boost::json::object& object, const Record& record) {
    if constexpr (requires { Kind::is_changed_in_bulk; }) object["version"] = record_tag(record);
  }
  static auto shown_by(std::string key) {
    return [key = std::move(key)](const Domain& domain) -> std::optional<boost::json::object> {
      const auto record = find(domain.directory(), key);
      if (!record) return std::nullopt;
      auto object = whole(*record, domain);
      add_version(object, *record);
      return object;
    };
  }

  // `before`: the record that is changed; nullopt for a new one.
  static void store(Service& service, const CallPtr& call, Record record, std::optional<Record> before) {
    std::vector<std::string_view> known = names_shown<Record>();
    if (before) std::erase(known, Kind::key);
    Reader reader(call->body, known);
    read_shown(reader, record, 300);
    Kind::complete(record);
    check_record(reader, record);
    if (call->failed(reader)) return;
    const std::string key = record.*key_of<Record>;
    service.command(
        call,
        {std::string(Kind::action) + (before ? ".changed" : ".created"), key, before ? members_of(call->body) : ""},
        [record, before, key](Domain& domain, const Actor& actor, Done done) {
          const routing::Codes codes = routing::codes_anywhere(domain.settings(), domain.directory());
          domain.change(
              [record, before, key, codes](const Directory& directory) -> Domain::Decision {
                const auto now = find(directory, key);
                if (!before && now)
                  return Answer{Outcome::clash,
                                fmt::format("The {} {} is there already; another {}, or PATCH, is expected", Kind::name,
                                            key, Kind::key)};
                if (before && !now) return Answer{Outcome::unknown, missing(key).detail};
                if (before && *now != *before)
                  return Answer{Outcome::clash,
                                fmt::format("The {} {} was changed at the same moment; try again", Kind::name, key)};
                if (const Fault fault = clash(record, directory, codes)) return Answer{Outcome::clash, *fault};
                if (!before && directory.template all<Record>().size() >= Kind::most)
                  return Answer{Outcome::clash, fmt::format("There are {} of them; more can't be made", Kind::most)};
                return Changes{Put<Record>{Kind::placed(record, directory)}};
              },
              actor, std::move(done));
        },
        [&service, call, key, made = !before](Outcome) {
          service.answer_with(call, made ? 201 : 200, shown_by(key),
                              made ? std::string("/api/v1/") + Kind::path + "/" + key : std::string{});
        });
  }
};

}  // namespace roamdesk::api
