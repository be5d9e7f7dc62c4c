#pragma once
#include <deque>
#include <functional>
#include <map>
#include <optional>

#include "exchange/element/context.hpp"
#include "exchange/hotdesk/machine.hpp"

namespace roamdesk::element {

// What the desks' machine wants done by the element's other parts.
class DeskActions {
 public:
  virtual ~DeskActions() = default;
  virtual void tell_phone(const HotDesk& desk, hotdesk::Telling how) = 0;
  virtual void renew_token(const HotDesk& desk) = 0;
  virtual void redraw_token(const HotDesk& desk) = 0;
  // The desk acts for another person, or for none, from now on.
  virtual void end_lamps(const HotDesk& desk) = 0;
};

// Runs the hot-desk machine: feeds it events in their order and carries its effects out.
class Desks {
 public:
  using LoginDone = std::function<void(const hotdesk::LoginEnded&)>;
  using LogoutDone = std::function<void(bool was_logged_in)>;

  Desks(Context& context, DeskActions& actions, hotdesk::Rules rules);

  void restore();
  // `dialled_at`: by code.
  void log_in(const HotDeskId& desk, const ExtensionNumber& extension, Secret pin, hotdesk::LoginBy by,
              std::string actor, std::string origin, LoginDone done,
              std::optional<sip::FlowAddress> dialled_at = std::nullopt);
  void log_out(const HotDeskId& desk, hotdesk::EndReason reason, std::string actor, std::string origin,
               LogoutDone done);
  void pin_checked(hotdesk::AttemptId attempt, bool right);
  void submit(hotdesk::Event event);
  void handle_timeout();
  std::optional<TimePoint> deadline() const { return machine_.deadline(); }

  const hotdesk::Machine& machine() const { return machine_; }

 private:
  void run();
  void perform(hotdesk::Effects effects);
  void perform(hotdesk::CheckPin&&);
  void perform(hotdesk::StoreChange&&);
  void perform(hotdesk::ForgetOldCredentials&&);
  void perform(hotdesk::Bind&&);
  void perform(hotdesk::Unbind&&);
  void perform(hotdesk::LoginEnded&&);
  void perform(hotdesk::LogoutEnded&&);
  void perform(hotdesk::TellPhone&&);
  void perform(hotdesk::RenewToken&&);
  void perform(hotdesk::ReportDesk&&);
  void perform(hotdesk::Audit&&);
  void perform(hotdesk::SessionStarted&&);
  void perform(hotdesk::SessionEnded&&);
  void perform(hotdesk::LoginFailed&&);
  void perform(hotdesk::DeskChanged&&);
  void perform(hotdesk::FailuresChanged&&);
  void perform(hotdesk::BridgeClosed&&);
  Session record(const hotdesk::SessionInfo& info) const;
  void redraw_token(const HotDeskId& desk);

  Context& context_;
  DeskActions& actions_;
  hotdesk::Machine machine_;
  std::deque<hotdesk::Event> queue_;
  bool running_ = false;
  std::uint64_t last_attempt_ = 0, last_request_ = 0;
  std::map<hotdesk::AttemptId, LoginDone> logins_;
  std::map<hotdesk::RequestId, LogoutDone> logouts_;
};

}  // namespace roamdesk::element
