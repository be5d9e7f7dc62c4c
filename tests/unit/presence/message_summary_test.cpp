#include "exchange/presence/message_summary.hpp"

#include <gtest/gtest.h>

#include <string>

namespace roamdesk::presence {
namespace {

TEST(MessageSummary, IsReadAsExchangesWriteIt) {
  struct Case {
    const char* body;
    MailboxState state;
  };
  for (const auto& [body, state] : {
           Case{"Messages-Waiting: yes\r\nMessage-Account: sip:101@pbx\r\nVoice-Message: 2/8 (0/2)\r\n", {2, 8, 0, 2}},
           Case{"Messages-Waiting: no\r\nVoice-Message: 0/3\r\n", {0, 3, 0, 0}},
           Case{"messages-waiting:YES\nvoice-message: 1/0", {1, 0, 0, 0}},
           Case{"Messages-Waiting: yes\r\n", {1, 0, 0, 0}},
           Case{"Messages-Waiting: yes\r\nVoice-Message: many\r\n", {1, 0, 0, 0}},
           Case{"Messages-Waiting: no\r\nVoice-Message: 5/1 (1/0)\r\n", {0, 1, 0, 0}},
           Case{"Voice-Message: 4/0\r\nMessages-Waiting: yes\r\n\r\nTo: x\r\nSubject: a: b\r\n", {4, 0, 0, 0}},
           Case{"Messages-Waiting: yes\r\nVoice-Message: 99999999999999/7\r\n", {9999, 7, 0, 0}},
       })
    EXPECT_EQ(parse_message_summary(body), state) << body;
}

TEST(MessageSummary, ThatSaysNothingIsNone) {
  for (const char* body : {"", "Voice-Message: 2/8\r\n", "Messages-Waiting: perhaps\r\n", "\r\n\r\n", "yes"})
    EXPECT_FALSE(parse_message_summary(body)) << body;
  EXPECT_FALSE(parse_message_summary("Messages-Waiting: yes\r\n" + std::string(5'000, 'x')));
}

TEST(MessageSummary, OfOursIsReadBack) {
  const MailboxState state{3, 4, 1, 2};
  EXPECT_EQ(parse_message_summary(message_summary(ExtensionNumber{"101"}, "pbx.example", state)), state);
}

}  // namespace
}  // namespace roamdesk::presence
