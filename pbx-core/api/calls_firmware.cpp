#include <fmt/format.h>

#include <charconv>
#include <set>
#include <utility>

#include "common/crypto/random.hpp"
#include "common/http/content.hpp"
#include "exchange/firmware/offer.hpp"
#include "exchange/firmware/waves.hpp"
#include "pbx-core/api/firmware_rules.hpp"
#include "pbx-core/api/record_calls.hpp"

// Phones' firmware: its files, which an administrator puts in piece by piece, and what each model is to have.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

constexpr std::size_t most_files = 500, most_pins = 300;

using core::FirmwareFiles;

bool has_place(Service& service, const CallPtr& call) {
  if (service.firmware()) return true;
  call->fail({503, "This core keeps no firmware", ""});
  return false;
}

void fail(const CallPtr& call, const FirmwareFiles::Fault& fault) {
  using Kind = FirmwareFiles::Fault;
  switch (fault.kind) {
    case Kind::bad:
      return call->fail({422, fault.what, "bytes"});
    case Kind::busy:
    case Kind::full:
      return call->fail({409, fault.what, ""});
    case Kind::unknown:
      return call->fail({404, fault.what, ""});
    case Kind::disk:
      return call->fail({503, fault.what, ""});
  }
}

std::vector<std::string> pinned_for(const FirmwareFile& file, const Directory& directory) {
  std::vector<std::string> pinned;
  for (const auto& model : file.models) {
    const auto key = firmware::pin_key(file.vendor, model);
    const auto pin = directory.all<FirmwarePin>().find(key);
    if (pin != directory.all<FirmwarePin>().end() && pin->second.version == file.version) pinned.push_back(key);
  }
  return pinned;
}

json::object shown_file(const FirmwareFile& file, const std::vector<std::string>& pinned, const FirmwareFiles& files) {
  json::object object = shown(file);
  json::array pins;
  for (const auto& key : pinned) pins.emplace_back(key);
  object["pinned"] = std::move(pins);
  object["present"] = files.present(file.sha256, static_cast<std::uint64_t>(file.bytes));
  return object;
}

struct Listed {
  FirmwareFile file;
  std::vector<std::string> pinned;
};

void list_files(Service& service, const CallPtr& call) {
  if (!has_place(service, call)) return;
  service.read(
      [](const Domain& domain) {
        std::vector<Listed> all;
        for (const auto& [sha256, file] : domain.directory().all<FirmwareFile>())
          all.push_back({file, pinned_for(file, domain.directory())});
        return all;
      },
      [&service, call](const std::vector<Listed>& all) {
        json::array answer;
        for (const auto& one : all) answer.push_back(shown_file(one.file, one.pinned, *service.firmware()));
        call->answer(200, std::move(answer));
      });
}

std::optional<Listed> find_file(const Directory& directory, const std::string& sha256) {
  const auto found = directory.all<FirmwareFile>().find(sha256);
  if (found == directory.all<FirmwareFile>().end()) return std::nullopt;
  return Listed{found->second, pinned_for(found->second, directory)};
}

void answer_with_file(Service& service, const CallPtr& call, unsigned status, const std::string& sha256) {
  service.read([sha256](const Domain& domain) { return find_file(domain.directory(), sha256); },
               [&service, call, status, sha256](const std::optional<Listed>& found) {
                 if (!found) return call->fail({404, "There is no firmware " + sha256, "sha256"});
                 call->answer(status, shown_file(found->file, found->pinned, *service.firmware()));
               });
}

void show_file(Service& service, const CallPtr& call) {
  if (has_place(service, call)) answer_with_file(service, call, 200, call->parameters[0]);
}

std::uint64_t size_of(const FirmwareFile& file) { return static_cast<std::uint64_t>(file.bytes); }

std::vector<FirmwareFile> files_in(const Directory& directory) {
  std::vector<FirmwareFile> all;
  for (const auto& [sha256, file] : directory.all<FirmwareFile>()) all.push_back(file);
  return all;
}

// Announced first, so that what can't be is refused before a byte of it comes.
void begin_upload(Service& service, const CallPtr& call) {
  if (!has_place(service, call)) return;
  service.read(
      [](const Domain& domain) { return std::make_pair(domain.models(), files_in(domain.directory())); },
      [&service, call](const std::pair<std::vector<ModelView>, std::vector<FirmwareFile>>& known) {
        const auto& [models, there] = known;
        Reader reader(call->body, {"vendor", "name", "version", "models", "bytes", "sha256"});
        NewFirmware made = read_firmware(reader, models);
        if (call->failed(reader)) return;
        for (const auto& other : there)
          if (other.vendor == made.file.vendor && other.version == made.file.version && other.name == made.file.name &&
              service.firmware()->present(other.sha256, size_of(other)))
            return call->fail(
                {409, fmt::format("There is a file {} of version {}; delete it first", other.name, other.version),
                 "name"});
        auto& uploads = service.firmware_uploads();
        service.firmware()->forget_stale(service.now(), [&uploads](const std::string& id) { uploads.erase(id); });
        const std::string id = crypto::random_hex(8);
        if (made.file.bytes < 0) made.file.bytes = 0;
        if (const auto fault =
                service.firmware()->begin(id, static_cast<std::uint64_t>(made.file.bytes), service.now()))
          return fail(call, *fault);
        uploads.emplace(id, Service::Upload{made.file, made.sha256, call->who.user});
        call->answer(201, json::object{{"id", id}, {"piece", service.firmware()->limits().piece}});
      });
}

// A user's own.
std::optional<Service::Upload> upload_of(Service& service, const CallPtr& call) {
  const auto found = service.firmware_uploads().find(call->parameters[0]);
  if (found == service.firmware_uploads().end() || found->second.by != call->who.user) {
    call->fail({404, "There is no such upload of yours; it may have been given up", "id"});
    return std::nullopt;
  }
  return found->second;
}

void store_file(Service& service, const CallPtr& call, const FirmwareFile& file) {
  service.command(
      call, {"firmware.added", file.name, file.version + " " + file.sha256},
      [self = service.shared_from_this(), file](Domain& domain, const Actor& actor, Done done) {
        // Without a record nobody would see that it is there.
        Done settled = [self, sha256 = file.sha256, &domain, done = std::move(done)](Answer answer) {
          self->on_api([self, sha256, has_record = domain.directory().all<FirmwareFile>().contains(sha256)] {
            self->firmware()->settle(sha256, has_record);
          });
          done(std::move(answer));
        };
        domain.change(
            [file](const Directory& directory) -> Domain::Decision {
              const auto& all = directory.all<FirmwareFile>();
              if (!all.contains(file.sha256) && all.size() >= most_files)
                return Answer{Outcome::clash, fmt::format("There are {} files; more can't be put in", most_files)};
              for (const auto& [sha256, other] : all)
                if (sha256 != file.sha256 && other.vendor == file.vendor && other.version == file.version &&
                    other.name == file.name)
                  return Answer{Outcome::clash, fmt::format("There is another file {} of version {}; delete it first",
                                                            file.name, file.version)};
              return Changes{Put<FirmwareFile>{file}};
            },
            actor, std::move(settled));
      },
      [&service, call, file](Outcome) { answer_with_file(service, call, 201, file.sha256); });
}

void take_piece(Service& service, const CallPtr& call) {
  if (!has_place(service, call)) return;
  auto upload = upload_of(service, call);
  if (!upload) return;
  const std::string id = call->parameters[0], text = call->request.query("offset").value_or("");
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size())
    return call->fail({400, "offset in the query is not a number; expected where this piece begins", "offset"});
  const auto there = service.firmware()->append(id, offset, call->request.body, service.now());
  if (const auto* fault = std::get_if<FirmwareFiles::Fault>(&there)) {
    if (!service.firmware()->is_uploading(id)) service.firmware_uploads().erase(id);
    return fail(call, *fault);
  }
  const auto received = std::get<std::uint64_t>(there);
  if (received < static_cast<std::uint64_t>(upload->file.bytes))
    return call->answer(200, json::object{{"received", received}});
  service.firmware_uploads().erase(id);
  auto named = service.firmware()->finish(id);
  if (const auto* fault = std::get_if<FirmwareFiles::Fault>(&named)) return fail(call, *fault);
  FirmwareFile file = upload->file;
  file.sha256 = std::get<std::string>(named);
  file.added = service.now();
  if (!upload->sha256.empty() && upload->sha256 != file.sha256) {
    // Unless it is the very file of a record.
    service.read([sha256 = file.sha256](const Domain& domain) { return find_file(domain.directory(), sha256); },
                 [&service, call, file](const std::optional<Listed>& known) {
                   service.firmware()->settle(file.sha256, known.has_value());
                   call->fail({422, "The file has another SHA-256, " + file.sha256 + "; it was thrown away", "sha256"});
                 });
    return;
  }
  store_file(service, call, file);
}

void give_up_upload(Service& service, const CallPtr& call) {
  if (!has_place(service, call) || !upload_of(service, call)) return;
  service.firmware()->give_up(call->parameters[0]);
  service.firmware_uploads().erase(call->parameters[0]);
  call->no_content();
}

void delete_file(Service& service, const CallPtr& call) {
  if (!has_place(service, call)) return;
  const std::string sha256 = call->parameters[0];
  service.command(
      call, {"firmware.deleted", sha256, ""},
      [sha256](Domain& domain, const Actor& actor, Done done) {
        domain.change(
            [sha256](const Directory& directory) -> Domain::Decision {
              const auto known = find_file(directory, sha256);
              if (!known) return Answer{Outcome::unknown, "There is no firmware " + sha256};
              if (const Fault used = still_used(known->file, directory)) return Answer{Outcome::clash, *used};
              return Changes{Delete<FirmwareFile>{sha256}};
            },
            actor, std::move(done));
      },
      [&service, call, sha256](Outcome) {
        service.firmware()->remove(sha256);
        call->no_content();
      });
}

struct FirmwarePins {
  using Record = FirmwarePin;
  static constexpr const char *name = "pinned firmware of", *action = "firmware_pin", *path = "firmware-pins",
                              *key = "model";
  static constexpr std::size_t most = most_pins;

  static FirmwarePin fresh() { return {}; }
  static void complete(FirmwarePin&) {}
  static FirmwarePin placed(FirmwarePin pin, const Directory&) { return pin; }
  static void more(json::object& object, const FirmwarePin& pin, const Domain& domain) {
    const auto state = domain.firmware_state(pin.model).value_or(FirmwareState{});
    json::array failed;
    for (const auto& one : state.failed) failed.push_back({{"mac", one.mac.text()}, {"firmware", one.says}});
    object["state"] = {{"wave", state.wave},          {"phones", state.phones},   {"done", state.done},
                       {"running", state.running},    {"stopped", state.stopped}, {"failed", std::move(failed)},
                       {"text", sentence(pin, state)}};
  }
};

// Phones that have had all their turns get them anew.
void retry(Service& service, const CallPtr& call) {
  const std::string key = call->parameters[0];
  service.command(
      call, {"firmware_pin.retried", key, ""},
      [key](Domain& domain, const Actor& actor, Done done) {
        const auto state = domain.firmware_state(key);
        domain.change(
            [key, state](const Directory& directory) -> Domain::Decision {
              if (!directory.all<FirmwarePin>().contains(key))
                return Answer{Outcome::unknown, "There is no pinned firmware of " + key};
              Changes changes;
              for (const auto& one : state ? state->failed : std::vector<FirmwareState::Failed>{})
                changes.push_back(Delete<FirmwareTurn>{one.mac.text()});
              return changes;
            },
            actor, std::move(done));
      },
      [call](Outcome) { call->no_content(); });
}

}  // namespace

void drop_unrecorded_firmware(Service& service) {
  if (!service.firmware()) return;
  service.read(
      [](const Domain& domain) {
        std::set<std::string> recorded;
        for (const auto& [sha256, file] : domain.directory().all<FirmwareFile>()) recorded.insert(sha256);
        return recorded;
      },
      [self = service.shared_from_this()](const std::set<std::string>& recorded) {
        self->firmware()->keep_only(recorded);
      });
}

std::vector<Route> firmware_routes() {
  using Pins = RecordCalls<FirmwarePins>;
  constexpr auto administrator = Role::administrator;
  return {{"GET", "/firmware", Role::reader, list_files},
          {"POST", "/firmware-uploads", administrator, begin_upload},
          {"PUT", "/firmware-uploads/{id}", administrator, take_piece, false, true},
          {"DELETE", "/firmware-uploads/{id}", administrator, give_up_upload},
          {"GET", "/firmware/{sha256}", Role::reader, show_file},
          {"DELETE", "/firmware/{sha256}", administrator, delete_file},
          {"GET", "/firmware-pins", Role::reader, Pins::list},
          {"POST", "/firmware-pins", administrator, Pins::create},
          {"GET", "/firmware-pins/{model}", Role::reader, Pins::show, false, false, false, Pins::version},
          {"PATCH", "/firmware-pins/{model}", administrator, Pins::change, false, false, false, Pins::version},
          {"DELETE", "/firmware-pins/{model}", administrator, Pins::remove, false, false, false, Pins::version},
          {"POST", "/firmware-pins/{model}/retry", administrator, retry}};
}

}  // namespace roamdesk::api
