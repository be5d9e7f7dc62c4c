#include "exchange/element/firmware.hpp"

#include <algorithm>

#include "common/phones/vendor_facts.hpp"
#include "exchange/firmware/offer.hpp"

namespace roamdesk::element {
namespace {

constexpr std::size_t most_forgotten = 100;  // in one look

std::chrono::minutes turn_length(phones::Vendor vendor) {
  return std::chrono::minutes{*phones::grammar_of(vendor).firmware.minutes};
}

}  // namespace

firmware::WindowState FirmwareRounds::window(const FirmwarePin& pin, const Phone& phone) const {
  const Sbc* sbc = context_.directory.sbc(phone.site.value());
  const std::string zone = sbc ? sbc->time_zone : context_.world.local_time_zone();
  const auto from = firmware::time_of_day(pin.from), until = firmware::time_of_day(pin.until);
  const auto began = context_.world.last_strike(zone, pin.from), ended = context_.world.last_strike(zone, pin.until);
  if (!from || !until || !began || !ended) return {};
  return firmware::window_state(*from, *until, context_.now.wall - *began, context_.now.wall - *ended);
}

std::vector<firmware::Seen> FirmwareRounds::seen(const FirmwarePin& pin, const firmware::PinnedModel& model) const {
  std::vector<firmware::Seen> all;
  std::map<SiteId, firmware::WindowState> windows;
  const auto& turns = context_.directory.all<FirmwareTurn>();
  for (const auto& [mac, phone] : context_.directory.phones()) {
    if (!phone.assigned || views_.vendor_of(phone) != model.vendor || views_.model_of(phone).name != model.model)
      continue;
    firmware::Seen one{.mac = mac};
    one.has_version = phone.firmware.str() == pin.version;
    one.registered = ways_.is_online(mac);
    one.in_call = ways_.is_in_call(mac);
    if (const HotDesk* desk = phone.extension ? nullptr : context_.directory.desk_of(mac))
      if (const Session* session = context_.directory.session_at(desk->id))
        one.in_use = context_.now.wall < session->since + day_of_person;
    auto known = windows.find(phone.site);
    if (known == windows.end()) known = windows.emplace(phone.site, window(pin, phone)).first;
    one.window = known->second;
    if (const auto turn = turns.find(mac.text()); turn != turns.end() && turn->second.version == pin.version)
      one.turn = turn->second;
    all.push_back(std::move(one));
  }
  return all;
}

void FirmwareRounds::check() {
  const WallTime now = context_.now.wall;
  if (!looked_ || now < *looked_ || now >= *looked_ + between_looks) look();
}

void FirmwareRounds::look() {
  const WallTime now = context_.now.wall;
  looked_ = now;
  forget_turns();
  // A copy: what is carried out may change the records.
  const std::map<std::string, FirmwarePin> pins = context_.directory.all<FirmwarePin>();
  for (const auto& [key, pin] : pins) {
    const auto model = firmware::read_pin_key(key);
    if (!model) continue;
    const auto phones_seen = seen(pin, *model);
    auto decision = firmware::decide(pin, phones_seen, turn_length(model->vendor), now);
    // Its files have gone: what runs comes to its end, nothing begins.
    if (firmware::files_of(context_.directory, model->vendor, model->model, pin.version).empty())
      decision.begin.clear();
    carry_out(pin, *model, decision);
  }
}

void FirmwareRounds::carry_out(const FirmwarePin& pin, const firmware::PinnedModel& model,
                               const firmware::Decision& decision) {
  for (const Mac& mac : decision.taken) {
    context_.commit({Delete<FirmwareTurn>{mac.text()}});
    context_.audit("firmware.taken", "clock", "core", mac.text(), pin.version);
  }
  for (const Mac& mac : decision.missed) end(mac, true);
  for (const Mac& mac : decision.withdrawn) end(mac, false);
  for (const Mac& mac : decision.begin) begin(mac, pin.version, *phones::grammar_of(model.vendor).firmware.at_boot);
}

void FirmwareRounds::begin(const Mac& mac, const std::string& version, bool reboot) {
  const auto& turns = context_.directory.all<FirmwareTurn>();
  FirmwareTurn turn{.mac = mac.text(), .version = version};
  if (const auto before = turns.find(turn.mac); before != turns.end() && before->second.version == version)
    turn = before->second;
  ++turn.tries;
  turn.began = context_.now.wall;
  turn.fetched = false;
  context_.audit("firmware.offered", "clock", "core", mac.text(), version);
  context_.commit({Put<FirmwareTurn>{std::move(turn)}}, [this, mac, reboot](bool ok) {
    if (ok) ways_.tell(mac, reboot);
  });
}

void FirmwareRounds::end(const Mac& mac, bool counts) {
  const auto& turns = context_.directory.all<FirmwareTurn>();
  const auto found = turns.find(mac.text());
  if (found == turns.end()) return;
  FirmwareTurn turn = found->second;
  turn.began.reset();
  if (counts) {
    turn.ended = context_.now.wall;
  } else if (turn.tries > 0) {
    --turn.tries;
  }
  if (counts && turn.tries >= firmware::most_tries) {
    const Phone* phone = context_.directory.phone(mac);
    const std::string says = phone ? phone->firmware.str() : "";
    context_.audit("firmware.not_taken", "clock", "core", mac.text(), turn.version);
    context_.world.publish(Trouble{"firmware.not_taken", mac.text(),
                                   turn.version + " was offered " + std::to_string(turn.tries) + " times; it says " +
                                       (says.empty() ? "nothing of its firmware" : says)});
  }
  context_.commit({Put<FirmwareTurn>{std::move(turn)}});
}

void FirmwareRounds::fetched(const Mac& mac) {
  const auto& turns = context_.directory.all<FirmwareTurn>();
  const auto found = turns.find(mac.text());
  if (found == turns.end() || found->second.fetched || !found->second.began) return;
  FirmwareTurn turn = found->second;
  turn.fetched = true;
  context_.commit({Put<FirmwareTurn>{std::move(turn)}});
}

void FirmwareRounds::forget_turns() {
  Changes gone;
  const auto& pins = context_.directory.all<FirmwarePin>();
  for (const auto& [text, turn] : context_.directory.all<FirmwareTurn>()) {
    const auto mac = Mac::parse(text);
    const Phone* phone = mac ? context_.directory.phone(*mac) : nullptr;
    bool wanted = phone && phone->assigned;
    if (wanted) {
      const auto pin = pins.find(firmware::pin_key(views_.vendor_of(*phone), views_.model_of(*phone).name));
      wanted = pin != pins.end() && pin->second.version == turn.version;
    }
    if (!wanted) gone.push_back(Delete<FirmwareTurn>{text});
    if (gone.size() >= most_forgotten) break;
  }
  if (!gone.empty()) context_.commit(std::move(gone));
}

std::optional<firmware::Progress> FirmwareRounds::progress(const std::string& model) const {
  const auto& pins = context_.directory.all<FirmwarePin>();
  const auto pin = pins.find(model);
  const auto which = firmware::read_pin_key(model);
  if (pin == pins.end() || !which) return std::nullopt;
  const auto phones_seen = seen(pin->second, *which);
  auto decision = firmware::decide(pin->second, phones_seen, turn_length(which->vendor), context_.now.wall);
  // What would begin hasn't yet.
  decision.progress.running -= decision.begin.size();
  return decision.progress;
}

}  // namespace roamdesk::element
