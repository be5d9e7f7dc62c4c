#include "exchange/element/test_calls.hpp"

#include <algorithm>

#include "exchange/calls/sdp_view.hpp"
#include "exchange/numbers/number.hpp"
#include "exchange/trunks/requests.hpp"

namespace roamdesk::element {
namespace {

const Trunk* record_named(const Context& context, const std::string& name) {
  const auto& all = context.directory.all<Trunk>();
  const auto known = all.find(name);
  return known == all.end() ? nullptr : &known->second;
}

bool costs_little(NumberClass kind) {
  return kind == NumberClass::national || kind == NumberClass::mobile || kind == NumberClass::international;
}

std::string shown_phrase(std::string_view phrase) {
  std::string words;
  for (const char c : phrase.substr(0, 80)) words += c >= ' ' && c < 127 ? c : '?';
  return words;
}

}  // namespace

std::optional<std::string> TestCalls::fault(const std::string& trunk, const std::string& number) const {
  const Trunk* record = record_named(context_, trunk);
  const auto line = outside_.trunks().find(trunk);
  if (!record || !line) return "There is no trunk " + trunk;
  if (!record->enabled) return "The trunk " + trunk + " is switched off; switch it on first";
  if (is_under_way(trunk)) return "A test call by " + trunk + " is under way; wait until it has ended";
  const auto read = numbers::read(number, numbers::origin_of(*record));
  // +112 would leave a trunk that wants no + as 112.
  constexpr std::size_t shortest = 1 + 7;
  if (read.e164 != number || number.size() < shortest || !costs_little(read.kind))
    return number + " is no ordinary number; expected one of a fixed line or a mobile, with + and its country code";
  const auto& countries = record->countries;
  if (read.abroad && !countries.empty() &&
      std::find(countries.begin(), countries.end(), read.country) == countries.end())
    return "The trunk " + trunk + " may not call " + std::string{read.country};
  if (outside_.trunks().attempts(*line, context_.now.mono).empty())
    return "The trunk " + trunk + " can carry no call now; its state says why";
  return std::nullopt;
}

void TestCalls::start(const std::string& trunk, const std::string& number) {
  if (is_under_way(trunk) || !record_named(context_, trunk)) return;
  std::erase_if(reports_, [&](const auto& entry) { return !record_named(context_, entry.first); });
  auto why = fault(trunk, number);
  if (why) {
    reports_[trunk] = {number, {}, {}, TestResult::refused, 0, std::move(*why), context_.now.mono, {}};
    return;
  }
  const Trunk& record = *record_named(context_, trunk);
  const auto line = *outside_.trunks().find(trunk);
  const auto origin = numbers::origin_of(record);
  const auto called = numbers::written(numbers::read(number, origin), record.called, origin);
  auto& report = reports_[trunk];
  report = {number, called, {}, TestResult::calling, 0, {}, context_.now.mono, {}};
  const auto refuse = [&](std::string words) {
    report.result = TestResult::refused;
    report.reason = std::move(words);
  };
  const auto servers = outside_.servers_for(line);
  if (servers.empty()) return refuse("no server of it can be reached");
  const auto admission = trunk_calls_.admit_test(record);
  if (!admission.toll) return refuse(admission.words);
  const auto& server = servers.front();
  report.server = to_string(server.target.endpoint);

  auto uri = trunks::account_of(record);
  uri.user = called;
  sip::NameAddr to;
  to.uri = uri;
  auto caller = routing::shown_caller(record, {}, {}, called);
  Run run{trunk, line, *admission.toll, *server.flow, {}, {}, {}, context_.now.mono + longest};
  run.dialog = sip::Dialog::beginning(context_.unique(), context_.unique().substr(0, 16), std::move(caller.from),
                                      std::move(to), std::move(uri));
  if (auto route = trunks::route_of(record)) run.dialog.routes.push_back(std::move(*route));
  run.media = ports_.allocate(run.flow.address.site, run.flow.address.face.address);
  if (!run.media) {
    trunk_calls_.over(run.toll, false);
    return refuse("no RTP port is free");
  }
  run.invite = run.dialog.make_request("INVITE");
  sip::NameAddr self;
  self.uri = trunks::contact_of(record, run.flow, server.seen_as.value_or(run.flow.address.face), false);
  run.invite.contact.push_back(std::move(self));
  for (auto& header : caller.headers) run.invite.add_header(std::move(header.name), std::move(header.value));
  run.invite.set_header("User-Agent", context_.options.software);
  run.invite.content_type = "application/sdp";
  run.invite.body = calls::sdp_view::offer_g711({.session = 1, .version = 1, .media = *run.media});
  outside_.trunks().prepare(line, run.invite);
  const auto tx = transactions_.send_request(run.flow, run.invite, owner_of(Sender::test_calls), context_.now.mono);
  runs_.emplace(tx, std::move(run));
}

const TestCalls::Report* TestCalls::report(const std::string& trunk) const {
  const auto found = reports_.find(trunk);
  return found == reports_.end() || !record_named(context_, trunk) ? nullptr : &found->second;
}

bool TestCalls::is_under_way(const std::string& trunk) const {
  return std::any_of(runs_.begin(), runs_.end(), [&](const auto& entry) { return entry.second.name == trunk; });
}

void TestCalls::handle_response(const sip::ResponseReceived& e) {
  if (const auto bye = byes_.extract(e.tx)) {
    if (e.response.status < 200) return void(byes_.emplace(bye.key(), bye.mapped()));
    const bool challenge = e.response.status == 401 || e.response.status == 407;
    auto& [trunk, message] = bye.mapped();
    if (!challenge || message.header("Authorization") || message.header("Proxy-Authorization")) return;
    auto again = outside_.trunks().authorise(trunk, message, e.response);
    if (!again) return;
    ++again->cseq.number;
    byes_.emplace(transactions_.send_request(e.flow, *again, owner_of(Sender::test_calls), context_.now.mono),
                  std::pair{trunk, *again});
    return;
  }
  const auto run = runs_.find(e.tx);
  if (run == runs_.end()) return;
  const int status = e.response.status;
  if (!run->second.over) {
    auto& report = reports_[run->second.name];
    report.status = status;
    report.reason = shown_phrase(e.response.reason);
  }
  if (status < 200) return progress(run, e.response);
  if (status < 300) return answer(run, e.response);
  if ((status == 401 || status == 407) && ask_again(run, e.response)) return;
  finish(run->second, TestResult::refused);
  forget(run);
}

void TestCalls::progress(Runs::iterator run, const sip::Message& response) {
  // A 183 may be an announcement that there is no such number: what is behind it is waited for.
  if (response.status == 180 && !run->second.over) take_back(run, TestResult::rings);
}

// Also where it crosses our CANCEL (RFC 3261 §13.2.2.4).
void TestCalls::answer(Runs::iterator run, const sip::Message& response) {
  auto& [tx, call] = *run;
  finish(call, TestResult::answered);
  call.dialog.take(response);
  auto ack = call.dialog.make_ack(call.invite.cseq.number);
  for (const auto& header : call.invite.headers)
    if (header.name == "Authorization" || header.name == "Proxy-Authorization")
      ack.add_header(header.name, header.value);
  transactions_.acknowledge(tx, std::move(ack), context_.now.mono);
  auto bye = call.dialog.make_request("BYE");
  outside_.trunks().prepare(call.trunk, bye);
  byes_.emplace(transactions_.send_request(call.flow, bye, owner_of(Sender::test_calls), context_.now.mono),
                std::pair{call.trunk, bye});
  forget(run);
}

bool TestCalls::ask_again(Runs::iterator run, const sip::Message& challenge) {
  auto call = run->second;
  if (call.over || ++call.rounds >= most_rounds) return false;
  auto again = outside_.trunks().authorise(call.trunk, call.invite, challenge);
  if (!again) return false;
  again->cseq.number = ++call.dialog.local_cseq;
  call.invite = std::move(*again);
  runs_.erase(run);
  const auto tx = transactions_.send_request(call.flow, call.invite, owner_of(Sender::test_calls), context_.now.mono);
  runs_.emplace(tx, std::move(call));
  return true;
}

void TestCalls::finish(Run& run, TestResult result) {
  if (std::exchange(run.over, true)) return;
  auto& report = reports_[run.name];
  report.result = result;
  report.took = context_.now.mono - report.since;
  trunk_calls_.over(run.toll, true);
}

void TestCalls::take_back(Runs::iterator run, TestResult result) {
  finish(run->second, result);
  run->second.patience = context_.now.mono + last_answer;
  transactions_.cancel(run->first, context_.now.mono);
}

void TestCalls::forget(Runs::iterator run) {
  if (run->second.media) ports_.release(run->second.flow.address.site, *run->second.media);
  runs_.erase(run);
}

void TestCalls::handle_failure(sip::ClientTx tx) {
  if (byes_.erase(tx) > 0) return;
  const auto run = runs_.find(tx);
  if (run == runs_.end()) return;
  finish(run->second, TestResult::no_answer);
  forget(run);
}

void TestCalls::handle_timeout() {
  for (auto run = runs_.begin(); run != runs_.end();) {
    const auto due = run++;
    if (due->second.patience > context_.now.mono) continue;
    if (due->second.over)
      forget(due);
    else
      take_back(due, TestResult::no_answer);
  }
}

std::optional<TimePoint> TestCalls::deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& [tx, run] : runs_)
    if (!earliest || run.patience < *earliest) earliest = run.patience;
  return earliest;
}

}  // namespace roamdesk::element
