#include "common/http/server.hpp"

#include <gmock/gmock.h>

#include <future>
#include <thread>

#include "tests/support/http_client.hpp"

namespace roamdesk::test {
namespace {
using http::Request;
using http::Respond;
using http::Response;

const Endpoint any{IpAddress{0x7f000001}, 0};

Response text(std::string body, unsigned status = 200) {
  Response r;
  r.status = status;
  r.fields = {{"Content-Type", "text/plain"}};
  r.body = std::move(body);
  return r;
}

void echo(Request request, Respond respond) {
  respond(text(request.method + " " + request.path() + " " + request.body));
}

TEST(HttpServer, AnswersOnAConnectionThatStays) {
  http::Server server;
  HttpClient client(server.listen(any, {}, echo).value());
  EXPECT_EQ(client.call("GET", "/a%20b?x=1")->body, "GET /a b ");
  const auto answer = client.call("POST", "/p", "hello");
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "POST /p hello");
  const auto head = client.call("HEAD", "/p");
  EXPECT_EQ(head->fields.at("content-length"), "8");
  EXPECT_EQ(client.call("GET", "/q")->body, "GET /q ");
}

TEST(HttpServer, ShowsBothAddresses) {
  http::Server server;
  std::promise<Request> seen;
  const Endpoint at = server
                          .listen({}, {},
                                  [&](Request r, Respond respond) {
                                    seen.set_value(r);
                                    respond(text(""));
                                  })
                          .value();
  HttpClient client({IpAddress{0x7f000003}, at.port}, false, {IpAddress{0x7f000002}, 0});
  EXPECT_EQ(client.call("GET", "/", "", "X-Thing: a\r\nx-thing: b\r\nCookie: a=1; session=xyz\r\n")->status, 200);
  const Request request = seen.get_future().get();
  EXPECT_EQ(to_string(request.peer.address), "127.0.0.2");
  EXPECT_EQ(request.local, (Endpoint{IpAddress{0x7f000003}, at.port}));
  EXPECT_EQ(request.field("X-THING"), "a");
  EXPECT_EQ(request.cookie("session"), "xyz");
  EXPECT_FALSE(request.tls);
}

TEST(HttpServer, WaitsForAnAnswerFromAnotherThreadAndTakesTheFirst) {
  http::Server server;
  std::thread other;
  HttpClient client(server
                        .listen(any, {},
                                [&](Request, Respond respond) {
                                  other = std::thread([respond] {
                                    respond(text("late", 201));
                                    respond(text("twice"));
                                  });
                                })
                        .value());
  EXPECT_EQ(client.call("GET", "/")->status, 201);
  other.join();
}

TEST(HttpServer, Answers500WhereTheHandlerForgets) {
  http::Server server;
  HttpClient client(server.listen(any, {}, [](Request, Respond) {}).value());
  EXPECT_EQ(client.call("GET", "/")->status, 500);
}

TEST(HttpServer, Answers503WhereTheHandlerIsSilent) {
  http::Limits limits;
  limits.handler_timeout = std::chrono::milliseconds(1);
  http::Server server(limits);
  Respond kept;
  HttpClient client(server.listen(any, {}, [&](Request, Respond respond) { kept = std::move(respond); }).value());
  EXPECT_EQ(client.call("GET", "/")->status, 503);
}

TEST(HttpServer, BoundsBodyHeaderAndGrammar) {
  http::Server server;
  const Endpoint at = server.listen(any, {}, echo).value();
  const auto status = [&](const std::string& request) {
    HttpClient client(at);
    client.send(request);
    const auto answer = client.read_answer();
    return answer ? answer->status : 0;
  };
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n"), 413);
  EXPECT_EQ(
      status("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n" + std::string(1 << 21, 'x')),
      413);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"), 431);
  EXPECT_EQ(status("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(status("GET / HTTP/1.1\r\n\r\n"), 400);  // no Host
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"), 200);
}

TEST(HttpServer, ClosesWhatIsIdleOrSlow) {
  http::Limits limits;
  limits.idle_timeout = limits.header_timeout = std::chrono::milliseconds(20);
  http::Server server(limits);
  const Endpoint at = server.listen(any, {}, echo).value();
  HttpClient idle(at), slow(at);
  slow.send("GET / HT");
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(slow.closed());
}

TEST(HttpServer, GivesANewcomerThePlaceOfWhoIsIdleLongest) {
  http::Limits limits;
  limits.connections = 2;
  http::Server server(limits);
  const Endpoint at = server.listen(any, {}, echo).value();
  HttpClient first(at), second(at);
  EXPECT_EQ(first.call("GET", "/")->status, 200);
  EXPECT_EQ(second.call("GET", "/")->status, 200);
  HttpClient third(at);
  EXPECT_EQ(third.call("GET", "/")->status, 200);
  EXPECT_TRUE(first.closed());
  EXPECT_EQ(second.call("GET", "/")->status, 200);
}

TEST(HttpServer, LeavesWhoIsAtWorkAlone) {
  http::Limits limits;
  limits.connections = 2;
  http::Server server(limits);
  std::vector<Respond> waiting;
  const Endpoint at = server
                          .listen(any, {},
                                  [&](Request, Respond respond) {
                                    waiting.push_back(std::move(respond));
                                    if (waiting.size() == 2)
                                      for (auto& each : waiting) each(text("late"));
                                  })
                          .value();
  HttpClient first(at);
  first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  HttpClient idle(at);
  HttpClient third(at);
  EXPECT_TRUE(idle.closed());
  third.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(third.read_answer()->body, "late");
  EXPECT_EQ(first.read_answer()->body, "late");
}

TEST(HttpServer, DripsFromManyAddressesKeepNobodyOut) {
  http::Limits limits;
  limits.connections = 128;
  limits.connections_per_known_peer = 16;
  http::Server server(limits);
  const Endpoint at = server.listen({IpAddress{}, 0}, {}, echo).value();
  const auto from = [&](std::uint32_t n) {
    return std::make_unique<HttpClient>(Endpoint{IpAddress{0x7f000001}, at.port}, false,
                                        Endpoint{IpAddress{0x7f000100 + n}, 0});
  };
  auto before = from(200);
  EXPECT_EQ(before->call("GET", "/")->status, 200);
  std::vector<std::unique_ptr<HttpClient>> drips;
  for (std::uint32_t i = 0; i < 16 * 64; ++i) {
    drips.push_back(from(1 + i % 16));
    drips.back()->send("GET / HTTP/1.1\r\nX: ");
  }
  EXPECT_EQ(before->call("GET", "/")->status, 200) << "who has one connection keeps it";
  for (std::uint32_t i = 0; i < 20; ++i) {
    EXPECT_EQ(from(201 + i)->call("GET", "/")->status, 200);
    drips.push_back(from(1 + i % 16));
  }
}

TEST(HttpServer, TheGateSpeaksBeforeABodyIsRead) {
  http::Server server;
  const auto gate = [](const Request& head) -> std::optional<Response> {
    if (head.method == "PUT") return text("no", 405);
    return std::nullopt;
  };
  const Endpoint at = server.listen(any, {}, echo, gate).value();
  HttpClient put(at), post(at);
  put.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\nab");
  const auto answer = put.read_answer();
  EXPECT_EQ(answer->status, 405);
  EXPECT_EQ(answer->fields.at("connection"), "close");
  EXPECT_TRUE(put.closed());
  EXPECT_EQ(post.call("POST", "/", "x")->status, 200);
}

TEST(HttpServer, ABodyThatTheGateDropsReachesNoHandler) {
  http::Server server;
  std::atomic<int> handled{0};
  const auto gate = [](const Request&) -> std::optional<Response> {
    auto answer = text("", 204);
    answer.body_to_drop = 300'000;
    return answer;
  };
  const auto handler = [&](Request, Respond respond) {
    ++handled;
    respond(text(""));
  };
  const Endpoint at = server.listen(any, {}, handler, gate).value();
  for (const std::size_t with_head : {std::size_t{0}, std::size_t{5}, std::size_t{300'000}}) {
    HttpClient client(at);
    client.send("PUT /log HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n" + std::string(with_head, 'l'));
    client.send(std::string(300'000 - with_head, 'l'));
    client.send("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer) << with_head;
    EXPECT_EQ(answer->status, 204);
    EXPECT_TRUE(client.closed());
  }
  EXPECT_EQ(handled, 0);
}

TEST(HttpServer, ABodyToDropThatNeverComesEndsTheConnection) {
  http::Limits limits;
  limits.body_timeout = std::chrono::milliseconds{100};
  http::Server server{limits};
  const auto gate = [](const Request&) -> std::optional<Response> {
    auto answer = text("", 204);
    answer.body_to_drop = 10;
    return answer;
  };
  HttpClient client(server.listen(any, {}, echo, gate).value());
  client.send("PUT /log HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, WhatFollowsARefusedRequestIsNotTakenForAnother) {
  http::Server server;
  std::atomic<int> handled{0};
  const Endpoint at = server
                          .listen(any, {},
                                  [&](Request, Respond respond) {
                                    ++handled;
                                    respond(text(""));
                                  })
                          .value();
  for (const char* coding : {"xchunked", "chunked, identity", "identity", "gzip, chunked"}) {
    HttpClient client(at);
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + std::string{coding} +
                "\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = client.read_answer();
    EXPECT_EQ(answer->status, 501) << coding;
    EXPECT_EQ(answer->fields.at("connection"), "close");
    EXPECT_TRUE(client.closed());
  }
  EXPECT_EQ(handled, 0);
}

TEST(HttpServer, StreamsEvents) {
  http::Server server;
  std::promise<http::EventStream> stream;
  HttpClient client(server
                        .listen(any, {},
                                [&](Request, Respond respond) {
                                  Response r;
                                  r.stream = [&](http::EventStream s) { stream.set_value(s); };
                                  respond(r);
                                })
                        .value());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), testing::HasSubstr("text/event-stream"));
  http::EventStream s = stream.get_future().get();
  EXPECT_TRUE(s.send("call.started", "{\"a\":1}\nline two", "7"));
  EXPECT_EQ(client.read_until("\n\n"), "id: 7\nevent: call.started\ndata: {\"a\":1}\ndata: line two\n\n");
  EXPECT_TRUE(s.send("x", "y"));
  EXPECT_EQ(client.read_until("\n\n"), "event: x\ndata: y\n\n");
  s.close();
  EXPECT_TRUE(client.closed());
  EXPECT_FALSE(s.send("x", "y"));
}

TEST(HttpServer, TellsWhenAStreamsReaderLeaves) {
  http::Server server;
  std::promise<void> gone;
  auto client = std::make_unique<HttpClient>(server
                                                 .listen(any, {},
                                                         [&](Request, Respond respond) {
                                                           Response r;
                                                           r.stream = [&](http::EventStream s) {
                                                             s.on_close([&] { gone.set_value(); });
                                                           };
                                                           respond(r);
                                                         })
                                                 .value());
  client->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client->read_until("\r\n\r\n");
  client.reset();
  gone.get_future().get();
}

TEST(HttpServer, DropsAStreamWhoseReaderIsTooSlow) {
  http::Server server;
  std::promise<http::EventStream> stream;
  HttpClient client(server
                        .listen(any, {},
                                [&](Request, Respond respond) {
                                  Response r;
                                  r.stream = [&](http::EventStream s) { stream.set_value(s); };
                                  respond(r);
                                })
                        .value());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  http::EventStream s = stream.get_future().get();
  const std::string much(100'000, 'x');
  int sent = 0;
  while (sent < 1000 && s.send("x", much)) ++sent;
  EXPECT_LT(sent, 1000);  // socket buffers and 256 KB of ours
  EXPECT_FALSE(s.open());
}

TEST(HttpServer, LetsRequestsEndAndClosesTheRestWhenItStops) {
  auto server = std::make_unique<http::Server>();
  std::promise<Respond> under_way;
  std::promise<void> streaming;
  const Endpoint at = server
                          ->listen(any, {},
                                   [&](Request request, Respond respond) {
                                     if (request.path() == "/stream") {
                                       Response r;
                                       r.stream = [&](http::EventStream) { streaming.set_value(); };
                                       return respond(r);
                                     }
                                     under_way.set_value(respond);
                                   })
                          .value();
  HttpClient busy(at), idle(at), stream(at);
  stream.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  streaming.get_future().get();
  busy.send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n");
  Respond respond = under_way.get_future().get();
  std::thread stopping([&] { server->stop(std::chrono::seconds(30)); });
  EXPECT_TRUE(idle.closed());
  EXPECT_THAT(stream.read_until("\r\n\r\n"), testing::HasSubstr("200 OK"));
  EXPECT_TRUE(stream.closed());
  respond(text("done"));
  const auto answer = busy.read_answer();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->body, "done");
  EXPECT_EQ(answer->fields.at("connection"), "close");
  stopping.join();
  server.reset();
  respond(text("too late"));  // harmless
}

TEST(HttpServer, StopsWithoutGraceThoughAHandlerIsSilent) {
  Respond kept;
  std::promise<void> seen;
  {
    http::Server server;
    HttpClient client(server
                          .listen(any, {},
                                  [&](Request, Respond respond) {
                                    kept = std::move(respond);
                                    seen.set_value();
                                  })
                          .value());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    seen.get_future().get();
  }
  kept(text("too late"));
}

}  // namespace
}  // namespace roamdesk::test
