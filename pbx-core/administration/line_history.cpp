#include "pbx-core/administration/line_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "pbx-core/administration/line_quality.hpp"

namespace roamdesk::administration {
namespace {

std::int64_t step_of(WallTime at, std::chrono::seconds step) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count() / step.count();
}

constexpr std::size_t members = 7;

// The numbers of a line, with a blank between them; nullopt where it is anything else.
std::optional<std::array<std::uint32_t, members>> numbers_of(std::string_view line) {
  std::array<std::uint32_t, members> numbers{};
  for (std::size_t i = 0; i < members; ++i) {
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), numbers.at(i));
    if (error != std::errc{}) return std::nullopt;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    if (i + 1 == members) return line.empty() ? std::optional{numbers} : std::nullopt;
    if (!line.starts_with(' ')) return std::nullopt;
    line.remove_prefix(1);
  }
  return std::nullopt;
}

long long scaled(double sum, std::uint32_t count, double scale) {
  return count == 0 ? 0 : std::llround(std::clamp(sum / count * scale, 0.0, 4e9));
}

}  // namespace

void LineHistory::Step::add(const Sample& sample) {
  ++(sample.up ? up : down);
  if (!sample.up || sample.rtt_ms <= 0) return;
  ++measured;
  rtt_ms += sample.rtt_ms;
  jitter_ms += sample.jitter_ms;
  loss += std::clamp(sample.loss, 0.0, 1.0);
  worst_loss = std::max(worst_loss, std::clamp(sample.loss, 0.0, 1.0));
}

void LineHistory::add(Steps& steps, std::chrono::seconds step, std::size_t kept, WallTime at, const Sample& sample) {
  const auto number = step_of(at, step);
  steps[number].add(sample);
  // A clock that was put back takes what was noted in its future.
  steps.erase(steps.upper_bound(number), steps.end());
  while (!steps.empty() && steps.begin()->first <= number - static_cast<std::int64_t>(kept)) steps.erase(steps.begin());
}

bool LineHistory::take(WallTime at, const Sample& sample) {
  const bool ends = !coarse_.empty() && step_of(at, coarse) > coarse_.rbegin()->first;
  add(fine_, fine, kept_fine, at, sample);
  add(coarse_, coarse, kept_coarse, at, sample);
  return ends;
}

api::LinePast LineHistory::past(const Steps& steps, std::chrono::seconds step, std::size_t kept, WallTime now) {
  const auto last = step_of(now, step);
  api::LinePast past;
  past.step = step;
  for (const auto& [number, s] : steps) {
    if (number > last || number <= last - static_cast<std::int64_t>(kept)) continue;
    api::LinePast::Point& point = past.points.emplace_back();
    point.from = WallTime{std::chrono::seconds{number * step.count()}};
    point.up = static_cast<double>(s.up) / (s.up + s.down);
    if (s.measured == 0) continue;
    point.rtt_ms = s.rtt_ms / s.measured;
    point.jitter_ms = s.jitter_ms / s.measured;
    point.loss = s.loss / s.measured;
    point.worst_loss = s.worst_loss;
    point.mos = estimated_mos(*point.rtt_ms, *point.jitter_ms, *point.loss);
  }
  return past;
}

api::LinePast LineHistory::day(WallTime now) const { return past(fine_, fine, kept_fine, now); }
api::LinePast LineHistory::month(WallTime now) const { return past(coarse_, coarse, kept_coarse, now); }

std::string LineHistory::text() const {
  std::string text;
  for (const auto& [number, s] : coarse_)
    text += fmt::format("{} {} {} {} {} {} {}\n", number, s.up, s.down, scaled(s.rtt_ms, s.measured, 100),
                        scaled(s.jitter_ms, s.measured, 100), scaled(s.loss, s.measured, 1e6),
                        scaled(s.worst_loss, 1, 1e6));
  return text;
}

LineHistory LineHistory::parse(std::string_view text) {
  LineHistory history;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto numbers = numbers_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!numbers) continue;
    const auto& [number, up, down, rtt, jitter, loss, worst] = *numbers;
    if (up == 0 && down == 0) continue;
    Step step;
    step.up = up;
    step.down = down;
    // As if all were measured: what is added later weighs as much as it should, nearly.
    step.measured = rtt > 0 ? up : 0;
    step.rtt_ms = rtt / 100.0 * step.measured;
    step.jitter_ms = jitter / 100.0 * step.measured;
    step.loss = std::min(loss / 1e6, 1.0) * step.measured;
    step.worst_loss = std::min(worst / 1e6, 1.0);
    history.coarse_.insert_or_assign(number, step);
    if (history.coarse_.size() > kept_coarse) history.coarse_.erase(history.coarse_.begin());
  }
  return history;
}

}  // namespace roamdesk::administration
