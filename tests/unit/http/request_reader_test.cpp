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
    EXPECT_TRUE(state == State::header || state == State::headed || state == State::body) << i;
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
            State::headed);
  ASSERT_EQ(reader.next(), State::wants_go_on);
  ASSERT_EQ(reader.next(), State::body);
  ASSERT_EQ(reader.feed("ok"), State::complete);
  EXPECT_EQ(reader.take().request.body, "ok");
}

TEST(RequestReader, TakesAChunkedBody) {
  RequestReader reader(1000, 1000);
  ASSERT_EQ(reader.feed("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"), State::headed);
  ASSERT_EQ(reader.next(), State::body);
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
                                 Refused{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400}}) {
    RequestReader reader(100, 100);
    EXPECT_EQ(reader.feed(refused.text), State::refused) << refused.text;
    EXPECT_EQ(reader.refusal(), refused.status) << refused.text;
    EXPECT_EQ(reader.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), State::refused);
  }
}

TEST(RequestReader, ShowsTheHeadBeforeItTakesOrRefusesTheBody) {
  RequestReader reader(100, 100);
  ASSERT_EQ(reader.feed("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n"), State::headed);
  EXPECT_EQ(reader.head().method, "PUT");
  EXPECT_EQ(reader.head().target, "/a");
  EXPECT_EQ(reader.head().field("Host"), "x");
  EXPECT_EQ(reader.next(), State::refused);
  EXPECT_EQ(reader.refusal(), 413u);
}

// 0: taken.
unsigned status_of(const std::string& text) {
  RequestReader reader(4000, 100);
  State state = reader.feed(text);
  if (state == State::headed) state = reader.next();
  return state == State::refused ? reader.refusal() : 0;
}
unsigned status_with(const std::string& fields) { return status_of("POST / HTTP/1.1\r\n" + fields + "\r\n"); }

TEST(RequestReader, RefusesTransferCodingsThatItDoesNotHave) {
  const auto with = [](const std::string& coding) {
    return status_with("Host: x\r\nTransfer-Encoding: " + coding + "\r\n");
  };
  for (const char* unknown : {"xchunked", "identity", "chunked, identity", "identity, chunked", "gzip, chunked", "gzip",
                              "chunked;q=1", "chunked chunked", "\"chunked\"", "chunked, gzip", "GZIP", "x"})
    EXPECT_EQ(with(unknown), 501u) << unknown;
  for (const char* wrong : {"chunked, chunked", "", ",", "chunked\x0b",
                            "\x0c"
                            "chunked"})
    EXPECT_EQ(with(wrong), 400u) << wrong;
  for (const char* right : {"chunked", "Chunked", "CHUNKED", " chunked ", "\tchunked", "chunked,", ", chunked"})
    EXPECT_EQ(with(right), 0u) << right;
}

TEST(RequestReader, RefusesFramingsThatSomebodyElseMayReadOtherwise) {
  const std::string te = "Transfer-Encoding: chunked\r\n", cl = "Content-Length: 3\r\n";
  EXPECT_EQ(status_with("Host: x\r\n" + te + cl), 400u);
  EXPECT_EQ(status_with("Host: x\r\n" + cl + te), 400u);
  EXPECT_EQ(status_with("Host: x\r\n" + te + te), 400u);
  EXPECT_EQ(status_with("Host: x\r\n" + te + "Transfer-Encoding: identity\r\n"), 400u);
  EXPECT_EQ(status_with("Host: x\r\nTransfer-Encoding: identity\r\n" + te), 501u);
  EXPECT_EQ(status_with("Host: x\r\n" + cl + "Content-Length: 4\r\n"), 400u);
  EXPECT_EQ(status_with("Host: x\r\nTransfer-Encoding : chunked\r\n"), 400u);
  EXPECT_EQ(status_of("POST / HTTP/1.0\r\nHost: x\r\n" + te + "\r\n"), 400u);
}

TEST(RequestReader, WantsOneHostThatIsOne) {
  for (const char* wrong :
       {"", "Host: a\r\nHost: a\r\n", "Host: a\r\nhost: b\r\n", "Host: a b\r\n", "Host: a, b\r\n", "Host: u@a\r\n",
        "Host: a:b\r\n", "Host: a/b\r\n", "Host: http://a\r\n", "Host: [::1\r\n", "Host: [::1]x\r\n", "Host: a%zz\r\n",
        "Host: a:123456\r\n", "Host: \xc3\xa4\r\n", "Host: a?b\r\n", "Host: <a>\r\n"})
    EXPECT_EQ(status_with(wrong), 400u) << wrong;
  for (const char* right :
       {"Host: a\r\n", "Host: a:\r\n", "Host: a:5000\r\n", "Host: 127.0.0.1:5000\r\n", "Host: [::1]:80\r\n",
        "Host:a\r\n", "Host:  a \t\r\n", "Host: \r\n", "Host: a_b-c.d~e%20\r\n"})
    EXPECT_EQ(status_with(right), 0u) << right;
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 0u);
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"), 400u);
}

TEST(RequestReader, RefusesControlCharactersInFieldValues) {
  for (char c = 1; c < 32; ++c)
    if (c != '\t') {
      EXPECT_EQ(status_with(std::string("Host: x\r\nX: a") + c + "b\r\n"), 400u) << int{c};
      EXPECT_EQ(status_with(std::string("Host: x\r\nX: ") + c + "\r\n"), 400u) << int{c};
    }
  EXPECT_EQ(status_with(std::string("Host: x\r\nX: a\0b\r\n", 18)), 400u);
  EXPECT_EQ(status_with("Host: x\r\nX: a\x7f\r\n"), 400u);
  EXPECT_EQ(status_with("Host: x\r\nX: a\tb \xe9\r\n"), 0u);
}

TEST(RequestReader, TakesTheAbsoluteForm) {
  const auto target_and_host = [](const std::string& target) {
    RequestReader reader(1000, 1000);
    if (reader.feed("GET " + target + " HTTP/1.1\r\nHost: other\r\nX: 1\r\n\r\n") != State::complete)
      return std::string{};
    const auto request = reader.take().request;
    EXPECT_EQ(request.fields.size(), 2u);
    return request.target + " " + std::string{request.field("Host").value_or("none")};
  };
  EXPECT_EQ(target_and_host("http://a:5000/provision/T/x.cfg?y=1"), "/provision/T/x.cfg?y=1 a:5000");
  EXPECT_EQ(target_and_host("HTTP://A/x"), "/x A");
  EXPECT_EQ(target_and_host("https://a/x%20y"), "/x%20y a");
  EXPECT_EQ(target_and_host("http://a"), "/ a");
  EXPECT_EQ(target_and_host("http://a?x=http://b/"), "/?x=http://b/ a");
  EXPECT_EQ(target_and_host("http://a//b"), "//b a");
  EXPECT_EQ(target_and_host("/http://a/"), "/http://a/ other");
  for (const char* wrong :
       {"http:///x", "http://u:p@a/x", "http://a:b/x", "ftp://a/x", "http:/a/x", "a/x", "*", "://a/x"})
    EXPECT_EQ(target_and_host(wrong), "") << wrong;
}

TEST(RequestReader, PassesOverEmptyLinesBeforeARequest) {
  for (const char* before : {"\r\n", "\n", "\r\n\r\n", "\r\n\n\r\n"}) {
    RequestReader reader(1000, 1000);
    EXPECT_EQ(reader.feed(before), State::idle);
    ASSERT_EQ(reader.feed(std::string{before} + "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n" + before), State::complete)
        << before;
    EXPECT_EQ(reader.take().request.target, "/1");
    EXPECT_EQ(reader.next(), State::idle);
  }
  RequestReader in_pieces(1000, 1000);
  EXPECT_EQ(in_pieces.feed("\r"), State::header);
  EXPECT_EQ(in_pieces.feed("\nGET /1 HTTP/1.1\r\nHost: x\r\n\r\n"), State::complete);
  EXPECT_EQ(status_of("\r\n \r\nGET /1 HTTP/1.1\r\nHost: x\r\n\r\n"), 400u);
  std::string many;
  for (int i = 0; i < 9; ++i) many += "\r\n";
  EXPECT_EQ(status_of(many + "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"), 400u);
}

TEST(RequestReader, DoesNotTakeTrailersForFields) {
  RequestReader reader(1000, 1000);
  ASSERT_EQ(reader.feed("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"), State::headed);
  ASSERT_EQ(reader.next(), State::body);
  ASSERT_EQ(reader.feed("0\r\nAuthorization: Bearer x\r\n\r\n"), State::complete);
  EXPECT_FALSE(reader.take().request.field("Authorization"));
}

}  // namespace
}  // namespace roamdesk::http
