#include "common/http/request_reader.hpp"

#include <gtest/gtest.h>

namespace roamdesk::http {
namespace {
using State = RequestReader::State;

TEST(RequestReader, TakesARequestThatComesByteByByte) {
  RequestReader reader(1000, 1000);
  const std::string text = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
  EXPECT_EQ(reader.next(), State::idle);
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const State state = reader.feed(text.substr(i, 1));
    EXPECT_TRUE(state == State::header || state == State::body) << i;
  }
  ASSERT_EQ(reader.feed("o"), State::complete);
  const auto taken = reader.take();
  EXPECT_EQ(taken.request.method, "POST");
  EXPECT_EQ(taken.request.target, "/a");
  EXPECT_EQ(taken.request.body, "hello");
  EXPECT_TRUE(taken.keep_alive);
  EXPECT_EQ(reader.next(), State::idle);
}

TEST(RequestReader, TakesPipelinedRequestsInTheirOrder) {
  RequestReader reader(1000, 1000);
  ASSERT_EQ(reader.feed("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nHEAD /2 HTTP/1.0\r\n\r\nGET /3"), State::complete);
  EXPECT_EQ(reader.take().request.target, "/1");
  ASSERT_EQ(reader.next(), State::complete);
  const auto second = reader.take();
  EXPECT_EQ(second.request.target, "/2");
  EXPECT_TRUE(second.head);
  EXPECT_EQ(second.version, 10u);
  EXPECT_FALSE(second.keep_alive);
  EXPECT_EQ(reader.next(), State::header);
}

TEST(RequestReader, SeesAClientThatWaitsForLeaveToSendItsBody) {
  RequestReader reader(1000, 1000);
  ASSERT_EQ(reader.feed("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
            State::wants_go_on);
  ASSERT_EQ(reader.next(), State::body);
  ASSERT_EQ(reader.feed("ok"), State::complete);
  EXPECT_EQ(reader.take().request.body, "ok");
}

TEST(RequestReader, TakesAChunkedBody) {
  RequestReader reader(1000, 1000);
  ASSERT_EQ(reader.feed("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"), State::body);
  ASSERT_EQ(reader.feed("1\r\nc\r\n0\r\n\r\n"), State::complete);
  EXPECT_EQ(reader.take().request.body, "abc");
}

struct Refused {
  const char* text;
  unsigned status;
};

TEST(RequestReader, RefusesWhatItDoesNotTakeAndStaysRefused) {
  const std::string long_header = "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(200, 'a');
  for (const Refused& refused : {Refused{"GET / HTTP/1.1\r\n\r\n", 400},  // no Host
                                 Refused{"hello\r\n\r\n", 400}, Refused{long_header.c_str(), 431},
                                 Refused{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n", 413},
                                 Refused{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400}}) {
    RequestReader reader(100, 100);
    EXPECT_EQ(reader.feed(refused.text), State::refused) << refused.text;
    EXPECT_EQ(reader.refusal(), refused.status) << refused.text;
    EXPECT_EQ(reader.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), State::refused);
  }
}

}  // namespace
}  // namespace roamdesk::http
