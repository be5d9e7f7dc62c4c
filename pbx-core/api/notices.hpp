#pragma once
#include <optional>
#include <string>

#include "exchange/model/alarm_receiver.hpp"

// Messages to people outside of the system, as the API knows of them.
namespace roamdesk::api {

struct NoticeWays {
  struct Mail {
    std::string server, from, tls;
    bool logs_in = false;
  };
  std::optional<Mail> mail;  // nullopt: no mail server is configured
};
// To one receiver, by an administrator who wants to see whether it arrives.
struct TestMessage {
  AlarmReceiver receiver;
};
struct TestResult {
  bool delivered = false;
  std::string why;  // in words; "" where it is delivered
};

}  // namespace roamdesk::api
