#include "exchange/element/desks.hpp"

namespace roamdesk::element {

Desks::Desks(Context& context, DeskActions& actions, hotdesk::Rules rules)
    : context_(context), actions_(actions), machine_(rules, [&context] {
        // A session's digest user is its id: what authenticates names the session, and nothing has to be looked up
        // twice.
        const auto id = context.unique();
        return hotdesk::FreshIdentity{SessionId{id}, Credentials{id, Secret{context.unique()}}};
      }) {}

void Desks::restore() {
  hotdesk::Snapshot snapshot;
  const auto& directory = context_.directory;
  for (const auto& [id, desk] : directory.desks()) snapshot.desks.push_back({id, desk.site, desk.idle});
  for (const auto& [number, extension] : directory.extensions())
    snapshot.extensions.push_back({number, extension.hot_desking});
  for (const auto& [desk, session] : directory.sessions())
    snapshot.sessions.push_back({session.id, desk, session.extension, session.credentials,
                                 context_.now.mono - (context_.now.wall - session.since)});
  for (const auto& old : directory.old_credentials())
    snapshot.old.push_back({SessionId{old.credentials.user.str()}, old.desk, old.extension, old.credentials});
  const auto mono = [&](WallTime at) { return context_.now.mono - (context_.now.wall - at); };
  for (const auto& [extension, counts] : directory.pin_failures()) {
    auto& failures = snapshot.failures[extension];
    for (const PinFailures& stored : counts) {
      hotdesk::FailureCount count{stored.desk, {}, std::nullopt};
      for (const auto at : stored.failures) count.failures.push_back(mono(at));
      if (stored.locked_until) count.locked_until = mono(*stored.locked_until);
      failures.push_back(std::move(count));
    }
  }
  perform(machine_.restore(snapshot, context_.now.mono));
  run();
}

void Desks::log_in(const HotDeskId& desk, const ExtensionNumber& extension, Secret pin, hotdesk::LoginBy by,
                   std::string actor, std::string origin, LoginDone done, std::optional<sip::FlowAddress> dialled_at) {
  const hotdesk::AttemptId attempt{++last_attempt_};
  logins_.emplace(attempt, std::move(done));
  submit(hotdesk::LoginRequested{attempt, desk, extension, std::move(pin), by, std::move(actor), std::move(origin),
                                 std::move(dialled_at)});
}

void Desks::log_out(const HotDeskId& desk, hotdesk::EndReason reason, std::string actor, std::string origin,
                    LogoutDone done) {
  const hotdesk::RequestId request{++last_request_};
  logouts_.emplace(request, std::move(done));
  submit(hotdesk::LogoutRequested{request, desk, reason, std::move(actor), std::move(origin)});
}

void Desks::pin_checked(hotdesk::AttemptId attempt, bool right) { submit(hotdesk::PinChecked{attempt, right}); }

void Desks::submit(hotdesk::Event event) {
  queue_.push_back(std::move(event));
  run();
}

void Desks::handle_timeout() {
  perform(machine_.handle_timeout(context_.now.mono));
  run();
}

// Effects may cause events; each waits until all effects of the one before are done.
void Desks::run() {
  if (running_) return;
  running_ = true;
  while (!queue_.empty()) {
    const auto event = std::move(queue_.front());
    queue_.pop_front();
    perform(machine_.handle(event, context_.now.mono));
  }
  running_ = false;
}

void Desks::perform(hotdesk::Effects effects) {
  for (auto& effect : effects) std::visit([this](auto& e) { perform(std::move(e)); }, effect);
}

void Desks::perform(hotdesk::CheckPin&& e) {
  const Extension* extension = e.dummy ? nullptr : context_.directory.extension(e.extension);
  context_.world.check_pin(e.attempt, std::move(e.pin), extension ? extension->pin_hash.str() : "");
}

Session Desks::record(const hotdesk::SessionInfo& info) const {
  return {info.id, info.desk, info.extension, info.credentials, context_.wall(info.since)};
}

void Desks::perform(hotdesk::StoreChange&& e) {
  Changes changes;
  for (const auto& ended : e.ended) changes.push_back(EndSession{ended.session.id, context_.now.wall});
  if (e.started) changes.push_back(StartSession{record(*e.started)});
  for (auto& fresh : e.idle) changes.push_back(RenewIdle{fresh.desk, std::move(fresh.credentials), context_.now.wall});
  context_.commit(std::move(changes), [this, ticket = e.ticket](bool ok) {
    if (ok)
      submit(hotdesk::Stored{ticket});
    else
      submit(hotdesk::StoreFailed{ticket});
  });
}

void Desks::perform(hotdesk::ForgetOldCredentials&& e) {
  Changes changes;
  for (const auto& user : e.users) changes.push_back(roamdesk::ForgetOldCredentials{e.desk, user});
  context_.commit(std::move(changes));
}

void Desks::perform(hotdesk::Bind&& e) {
  if (const HotDesk* desk = context_.directory.desk(e.desk)) actions_.end_lamps(*desk);
}

void Desks::perform(hotdesk::Unbind&& e) {
  if (const HotDesk* desk = context_.directory.desk(e.desk)) actions_.end_lamps(*desk);
}

void Desks::perform(hotdesk::LoginEnded&& e) {
  if (auto node = logins_.extract(e.attempt); node && node.mapped()) node.mapped()(e);
}

void Desks::perform(hotdesk::LogoutEnded&& e) {
  if (auto node = logouts_.extract(e.request); node && node.mapped()) node.mapped()(e.was_logged_in);
}

void Desks::perform(hotdesk::TellPhone&& e) {
  if (const HotDesk* desk = context_.directory.desk(e.desk)) actions_.tell_phone(*desk, e.how);
}

void Desks::perform(hotdesk::RenewToken&& e) {
  if (const HotDesk* desk = context_.directory.desk(e.desk)) actions_.renew_token(*desk);
}

void Desks::perform(hotdesk::ReportDesk&& e) {
  const HotDesk* desk = context_.directory.desk(e.desk);
  if (!desk) return;
  context_.world.publish(Trouble{"hot_desk.problem", e.desk.value(), to_string(e.problem)});
  const bool needs_restart = e.problem == hotdesk::DeskProblem::not_fetching;
  context_.change_phone(desk->mac, [needs_restart](Phone& phone, bool known) {
    return known && std::exchange(phone.needs_restart, needs_restart) != needs_restart;
  });
}

void Desks::perform(hotdesk::Audit&& e) {
  const auto subject = e.desk.value().empty() ? e.extension.value() : e.desk.value();
  std::string detail = e.detail;
  if (!e.desk.value().empty() && !e.extension.value().empty())
    detail = "extension " + e.extension.value() + (detail.empty() ? "" : ", " + detail);
  context_.audit(std::move(e.action), std::move(e.actor), std::move(e.origin), subject, std::move(detail), e.again);
}

// Yesterday's URL shows nothing of today's person.
void Desks::redraw_token(const HotDeskId& id) {
  if (const HotDesk* desk = context_.directory.desk(id)) actions_.redraw_token(*desk);
}

void Desks::perform(hotdesk::SessionStarted&& e) {
  redraw_token(e.session.desk);
  context_.world.publish(SessionStarted{record(e.session)});
}
void Desks::perform(hotdesk::SessionEnded&& e) {
  redraw_token(e.session.desk);
  context_.world.publish(SessionEnded{record(e.session), e.reason});
}
void Desks::perform(hotdesk::LoginFailed&& e) { context_.world.publish(LoginFailed{e.desk, e.fault}); }
void Desks::perform(hotdesk::FailuresChanged&& e) {
  PutPinFailures change{e.extension, {}};
  for (const auto& count : e.counts) {
    PinFailures stored{count.desk, {}, std::nullopt};
    for (const auto at : count.failures) stored.failures.push_back(context_.wall(at));
    if (count.locked_until) stored.locked_until = context_.wall(*count.locked_until);
    change.counts.push_back(std::move(stored));
  }
  context_.commit({std::move(change)});
}
void Desks::perform(hotdesk::BridgeClosed&& e) {
  if (const HotDesk* desk = context_.directory.desk(e.desk)) actions_.end_lamps(*desk);
}
void Desks::perform(hotdesk::DeskChanged&& e) { context_.world.publish(DeskChanged{e.desk}); }

}  // namespace roamdesk::element
