#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/log/log.hpp"
#include "pbx-core/operations/crowded_log.hpp"
#include "pbx-core/operations/notice_log.hpp"

namespace roamdesk::core {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

struct Logging : testing::Test {
  std::vector<std::string> lines;
  Logging() {
    log::set_sink([this](std::string_view line) { lines.emplace_back(line); });
  }
  ~Logging() override {
    log::flush();
    log::set_sink(nullptr);
  }
  const std::vector<std::string>& written() {
    log::flush();
    return lines;
  }
};

TEST_F(Logging, WebClientsTurnedAwayAreToldOnceAMinuteAndWhenThereAreAny) {
  CrowdedLog crowded;
  const TimePoint t0{1h};
  crowded.handle(0, t0);
  EXPECT_THAT(written(), IsEmpty());
  crowded.handle(3, t0);
  crowded.handle(7, t0 + 59s);
  ASSERT_EQ(written().size(), 1u);
  EXPECT_THAT(lines[0], AllOf(HasSubstr("http.crowded"), HasSubstr("3")));
  crowded.handle(7, t0 + 60s);
  ASSERT_EQ(written().size(), 2u);
  EXPECT_THAT(lines[1], HasSubstr("4")) << "those since the last line";
  crowded.handle(7, t0 + 3min);
  EXPECT_EQ(written().size(), 2u);
}

TEST_F(Logging, ACallIsNamedByHowItCameToBe) {
  element::CallChanged changed;
  changed.call.id = calls::CallId{"c1"};
  changed.call.from.number = "101";
  changed.call.to.number = "102";
  log_notice(changed);
  EXPECT_THAT(written(), IsEmpty()) << "neither begun nor ended";
  changed.began = true;
  log_notice(changed);
  changed.ended = true;
  log_notice(changed);
  changed.began = false;
  log_notice(changed);
  ASSERT_EQ(written().size(), 3u);
  EXPECT_THAT(lines[0], HasSubstr("call.started"));
  EXPECT_THAT(lines[1], HasSubstr("call.refused"));
  EXPECT_THAT(lines[2], HasSubstr("call.ended"));
}

TEST_F(Logging, WhatStrangersCauseIsToldOnceForAllPortsOfTheirAddress) {
  for (int port = 1; port <= 100; ++port)
    log_notice(element::Trouble{"sip.bad_register", "198.51.100.7:" + std::to_string(port), "no Contact"});
  EXPECT_EQ(written().size(), 1u);
}

TEST_F(Logging, WhyEachTrunkFailsIsToldWhateverWasToldJustBefore) {
  using enum trunks::Condition;
  const auto change = [](const std::string& trunk, trunks::Condition condition, const std::string& reason) {
    element::TrunkChanged changed;
    changed.name = trunk;
    changed.condition = condition;
    changed.reason = reason;
    log_notice(changed);
  };
  std::size_t told = 0;
  for (int n = 1; n <= 20; ++n)
    for (const auto condition : {not_located, refused, unreachable, silent}) {
      const auto trunk = "trunk-" + std::to_string(n), reason = "why " + std::to_string(++told);
      change(trunk, locating, {});
      change(trunk, registering, {});
      change(trunk, condition, reason);
      ASSERT_EQ(written().size(), told) << "nothing of what is only under way";
      EXPECT_THAT(lines.back(), AllOf(HasSubstr(trunk), HasSubstr(word_of(condition)), HasSubstr(reason)));
    }
  change("trunk-1", registered, {});
  EXPECT_EQ(written().size(), told + 1);
}

}  // namespace
}  // namespace roamdesk::core
