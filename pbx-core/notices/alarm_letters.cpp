#include "pbx-core/notices/alarm_letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <set>
#include <utility>
#include <vector>

#include "common/base/text.hpp"
#include "common/post/mail_text.hpp"
#include "common/post/syslog_text.hpp"
#include "exchange/alarms/words.hpp"
#include "pbx-core/notices/texts.hpp"

namespace roamdesk::notices {
namespace {
namespace json = boost::json;
using alarms::News;
using alarms::Turn;

// Reasons are others' words.
std::string line_of(const Alarm& alarm) { return post::one_line(alarms::headline(alarm), 500); }

// An alarm is worth more patience than a call for help, of which somebody must hear now.
constexpr std::chrono::hours lifetime{1};

post::Way way_of(AlarmWay way) {
  switch (way) {
    case AlarmWay::mail:
      return post::Way::mail;
    case AlarmWay::web_hook:
      return post::Way::web_hook;
    case AlarmWay::syslog:
      return post::Way::syslog;
  }
  return {};
}

post::Letter addressed(const AlarmReceiver& receiver, std::string body, const std::string& unique) {
  post::Letter letter{way_of(receiver.way), receiver.to, std::move(body)};
  letter.key = receiver.signing_key;
  letter.delivery = unique;
  letter.lifetime = lifetime;
  return letter;
}

std::string_view turn_word(Turn turn) {
  switch (turn) {
    case Turn::raised:
      return "raised";
    case Turn::worse:
      return "worse";
    case Turn::cleared:
      return "cleared";
  }
  return "";
}

// What is told, and the worst of it.
struct Told {
  std::vector<const News*> wrong, well;
  AlarmSeverity worst = AlarmSeverity::notice;
  std::size_t left_out = 0;
  std::size_t size() const { return wrong.size() + well.size(); }
};

Told told_to(const AlarmReceiver& receiver, const alarms::Bulletin& bulletin) {
  Told told{.left_out = bulletin.left_out};
  for (const News& news : bulletin.news) {
    if (news.alarm.severity < receiver.least) continue;
    if (news.turn == Turn::cleared) {
      told.well.push_back(&news);
    } else {
      told.wrong.push_back(&news);
      told.worst = std::max(told.worst, news.alarm.severity);
    }
  }
  // The worst first, so that a line that is cut has it.
  std::stable_sort(told.wrong.begin(), told.wrong.end(),
                   [](const News* a, const News* b) { return a->alarm.severity > b->alarm.severity; });
  return told;
}

// "critical: The SBC berlin is down"; "3 alarms, 1 cleared: The SBC berlin is down; …".
std::string subject_of(const Told& told) {
  if (told.size() == 1 && told.left_out == 0)
    return told.wrong.empty() ? "cleared: " + line_of(told.well.front()->alarm)
                              : fmt::format("{}: {}", word_of(told.worst), line_of(told.wrong.front()->alarm));
  std::string text;
  if (!told.wrong.empty())
    text = fmt::format("{}: {} alarm{}", word_of(told.worst), told.wrong.size(), told.wrong.size() == 1 ? "" : "s");
  if (!told.well.empty()) text += fmt::format("{}{} cleared", text.empty() ? "" : ", ", told.well.size());
  if (told.left_out) text += fmt::format(", and {} more", told.left_out);
  const char* between = ": ";
  for (const auto* all : {&told.wrong, &told.well})
    for (const News* news : *all) {
      text += between + line_of(news->alarm);
      between = "; ";
    }
  return text;
}

std::string mail_body(const Told& told) {
  std::string text;
  std::set<AlarmKind> kinds;
  for (const News* news : told.wrong) {
    text += fmt::format("{}: {}\n  since {}\n", word_of(news->alarm.severity), line_of(news->alarm),
                        moment_text(news->alarm.raised));
    kinds.insert(news->alarm.kind);
  }
  if (!told.wrong.empty()) text += "\nWhat to do:\n";
  for (const auto kind : kinds) text += fmt::format("- {}\n", alarms::advice(kind));
  if (!told.wrong.empty() && !told.well.empty()) text += "\n";
  for (const News* news : told.well)
    text += fmt::format("cleared: {}\n  from {} to {}\n", line_of(news->alarm), moment_text(news->alarm.raised),
                        moment_text(news->alarm.cleared.value_or(WallTime{})));
  if (told.left_out) text += fmt::format("\n{} more aren't named here.\n", told.left_out);
  return text + "\nThe console's page Alarms has all of them; acknowledge there what you see to.\n";
}

json::object shown(const News& news) {
  const Alarm& alarm = news.alarm;
  return {{"turn", turn_word(news.turn)},
          {"id", alarm.id},
          {"kind", word_of(alarm.kind)},
          {"severity", word_of(alarm.severity)},
          {"subject", text_or_null(post::one_line(alarm.subject, 500))},
          {"site", text_or_null(post::one_line(alarm.site, 500))},
          {"detail", text_or_null(post::one_line(alarm.detail, 500))},
          {"text", line_of(alarm)},
          {"advice", alarms::advice(alarm.kind)},
          {"raised", moment_text(alarm.raised)},
          {"cleared", alarm.cleared ? json::value(moment_text(*alarm.cleared)) : json::value(nullptr)}};
}

std::string web_hook_body(const Told& told, const std::string& id, WallTime now) {
  json::array all;
  for (const auto* some : {&told.wrong, &told.well})
    for (const News* news : *some) all.push_back(shown(*news));
  return json::serialize(json::object{{"event", "alarms"},
                                      {"id", id},
                                      {"at", moment_text(now)},
                                      {"text", post::one_line(subject_of(told), 1000)},
                                      {"alarms", std::move(all)},
                                      {"left_out", told.left_out}});
}

std::string syslog_body(const Told& told, const Sender& sender, WallTime now) {
  using enum post::SyslogSeverity;
  const auto severity = told.wrong.empty()                      ? info
                        : told.worst == AlarmSeverity::critical ? critical
                        : told.worst == AlarmSeverity::warning  ? warning
                                                                : notice;
  const auto* only = told.size() == 1 ? (told.wrong.empty() ? told.well : told.wrong).front() : nullptr;
  return post::to_syslog(
      {severity, now, sender.host, only ? std::string(word_of(only->alarm.kind)) : "alarms", subject_of(told)});
}

post::Mail mail_to(const AlarmReceiver& receiver, const Sender& sender, const std::string& unique, WallTime now) {
  post::Mail mail{.from_name = sender.name, .from = sender.from, .to = receiver.to, .id = unique};
  mail.date = now;
  return mail;
}

}  // namespace

std::optional<post::Letter> letter_of(const alarms::Bulletin& bulletin, const AlarmReceiver& receiver,
                                      const Sender& sender, const std::string& unique, WallTime now) {
  const auto told = told_to(receiver, bulletin);
  if (!receiver.enabled || told.size() == 0) return std::nullopt;
  std::string body;
  switch (receiver.way) {
    case AlarmWay::mail: {
      auto mail = mail_to(receiver, sender, unique, now);
      mail.subject = subject_of(told);
      mail.text = mail_body(told);
      mail.urgent = !told.wrong.empty() && told.worst == AlarmSeverity::critical;
      body = post::to_message(mail);
      break;
    }
    case AlarmWay::web_hook:
      body = web_hook_body(told, unique, now);
      break;
    case AlarmWay::syslog:
      body = syslog_body(told, sender, now);
      break;
  }
  auto letter = addressed(receiver, std::move(body), unique);
  letter.weight = !told.wrong.empty() && told.worst == AlarmSeverity::critical ? 1 : 0;
  return letter;
}

post::Letter trial_letter(const AlarmReceiver& receiver, const Sender& sender, const std::string& unique,
                          WallTime now) {
  constexpr const char* text = "Roamdesk: a test message";
  switch (receiver.way) {
    case AlarmWay::mail: {
      auto mail = mail_to(receiver, sender, unique, now);
      mail.subject = text;
      mail.text = "An administrator has asked for this message, to see whether it arrives.\n";
      return addressed(receiver, post::to_message(mail), unique);
    }
    case AlarmWay::web_hook:
      return addressed(receiver,
                       json::serialize(json::object{
                           {"event", "notice.test"}, {"id", unique}, {"at", moment_text(now)}, {"text", text}}),
                       unique);
    case AlarmWay::syslog:
      return addressed(receiver, post::to_syslog({post::SyslogSeverity::info, now, sender.host, "test", text}), unique);
  }
  return {};
}

}  // namespace roamdesk::notices
