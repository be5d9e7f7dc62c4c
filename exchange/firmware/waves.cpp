#include "exchange/firmware/waves.hpp"

#include <algorithm>

namespace roamdesk::firmware {
namespace {

enum class Kind : std::uint8_t { done, running, failed, waiting };

bool is_running(const Seen& phone) { return phone.turn && phone.turn->began; }

// It has had a turn already.
bool has_tried(const Seen& phone) { return phone.turn && phone.turn->tries > 0; }

// One that isn't there any more after its turn may be so because of it.
bool is_gone(const Seen& phone, std::chrono::minutes turn_length, WallTime now) {
  return has_tried(phone) && !phone.registered && phone.turn->ended && now >= *phone.turn->ended + turn_length;
}

Kind kind_of(const Seen& phone, std::chrono::minutes turn_length, WallTime now) {
  if (phone.has_version && phone.registered) return Kind::done;
  if (is_running(phone)) return Kind::running;
  if ((phone.turn && phone.turn->tries >= most_tries) || is_gone(phone, turn_length, now)) return Kind::failed;
  return Kind::waiting;
}

// Ends turns that are over, and says so of the phones that are left as they would be then.
void end_turns(std::vector<Seen>& phones, std::chrono::minutes turn_length, WallTime now, Decision& decision) {
  for (Seen& phone : phones) {
    if (!phone.turn) continue;
    if (phone.has_version && phone.registered) {
      decision.taken.push_back(phone.mac);
      phone.turn.reset();
      continue;
    }
    if (!phone.turn->began) continue;
    // A clock that was set back would let it run for ever.
    const bool over = now >= *phone.turn->began + turn_length || now + turn_length < *phone.turn->began;
    if (over) {
      decision.missed.push_back(phone.mac);
      phone.turn->ended = now;
    } else if (!phone.window.open && !phone.turn->fetched) {
      decision.withdrawn.push_back(phone.mac);
      if (phone.turn->tries > 0) --phone.turn->tries;
    } else {
      continue;
    }
    phone.turn->began.reset();
  }
}

// How many phones may be done or on their way to it in the wave.
std::size_t room_of(Wave wave, std::size_t phones) {
  switch (wave) {
    case Wave::one:
      return 1;
    case Wave::tenth:
      return std::min(phones, 1 + (phones + 9) / 10);
    case Wave::rest:
    case Wave::done:
      return phones;
  }
  return 0;
}

Wave wave_of(std::size_t done, std::size_t phones) {
  if (done >= phones) return Wave::done;
  for (const Wave wave : {Wave::one, Wave::tenth})
    if (done < room_of(wave, phones)) return wave;
  return Wave::rest;
}

// Of its wave, and nothing keeps it; else the reason is counted.
bool may_begin(const Seen& phone, const FirmwarePin& pin, WallTime now, Progress& progress) {
  if (!phone.registered) return ++progress.offline, false;
  if (!phone.window.may_begin) return ++progress.outside_window, false;
  if (phone.in_call) return ++progress.in_call, false;
  if (phone.in_use && !pin.also_in_use) return ++progress.in_use, false;
  return !phone.turn || !phone.turn->ended || now >= *phone.turn->ended + between_turns || now < *phone.turn->ended;
}

}  // namespace

Decision decide(const FirmwarePin& pin, std::span<const Seen> phones, std::chrono::minutes turn_length, WallTime now) {
  Decision decision;
  std::vector<Seen> all{phones.begin(), phones.end()};
  end_turns(all, turn_length, now, decision);
  Progress& progress = decision.progress;
  progress.phones = all.size();
  std::size_t again = 0;  // wait for their next turn: nobody takes their place meanwhile
  for (const Seen& phone : all) {
    const Kind kind = kind_of(phone, turn_length, now);
    if (kind == Kind::waiting && has_tried(phone)) ++again;
    if (kind == Kind::done) ++progress.done;
    if (kind == Kind::running) ++progress.running;
    if (kind == Kind::failed) progress.failed.push_back(phone.mac);
  }
  progress.wave = wave_of(progress.done, all.size());
  // Before the last wave one is too many; in it, as many as the wave before had.
  const std::size_t bearable = progress.wave == Wave::rest ? room_of(Wave::tenth, all.size()) - 1 : 0;
  progress.stopped = progress.wave != Wave::done && progress.failed.size() > bearable;
  std::size_t under_way = progress.done + progress.running + again;
  if (progress.wave == Wave::rest) under_way += progress.failed.size();
  const std::size_t room = room_of(progress.wave, all.size());
  for (const Seen& phone : all) {
    if (kind_of(phone, turn_length, now) != Kind::waiting || !may_begin(phone, pin, now, progress)) continue;
    if (pin.paused || progress.stopped || progress.running >= most_running) continue;
    if (!has_tried(phone) && under_way >= room) continue;
    // In this moment it has lost a turn: it has its pause.
    if (phone.turn && phone.turn->ended == now) continue;
    decision.begin.push_back(phone.mac);
    if (!has_tried(phone)) ++under_way;
    ++progress.running;
  }
  return decision;
}

}  // namespace roamdesk::firmware
