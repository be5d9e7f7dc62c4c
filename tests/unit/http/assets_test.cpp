#include "common/http/assets.hpp"

#include <gmock/gmock.h>

#include "common/http/negotiation.hpp"
#include "common/http/server.hpp"
#include "tests/support/http_client.hpp"

namespace roamdesk::test {
namespace {
using http::Asset;
using http::Request;
using http::Response;

const Asset assets[] = {
    {"/index.html", "text/html; charset=utf-8", "\"1a\"", false, "<!doctype html>", "gz-page", ""},
    {"/assets/app-1.js", "text/javascript; charset=utf-8", "\"2b\"", true, "let everything = 1", "gz-js", "br-js"},
    {"/favicon.svg", "image/svg+xml", "\"3c\"", false, "<svg/>", "", ""},
};

Response ask(const std::string& method, const std::string& target, std::vector<http::Field> fields = {}) {
  static const http::Handler handler = http::asset_handler(assets, "default-src 'none'");
  Request request;
  request.method = method;
  request.target = target;
  request.fields = std::move(fields);
  Response answer;
  handler(request, [&](Response r) { answer = std::move(r); });
  return answer;
}

std::string field(const Response& response, const std::string& name) {
  for (const http::Field& f : response.fields)
    if (f.name == name) return f.value;
  return "";
}

TEST(Assets, AreServedWithTypeTagAndLifetime) {
  const Response page = ask("GET", "/index.html");
  EXPECT_EQ(page.status, 200u);
  EXPECT_EQ(page.body, "<!doctype html>");
  EXPECT_EQ(field(page, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(field(page, "ETag"), "\"1a\"");
  EXPECT_EQ(field(page, "Cache-Control"), "no-cache");
  EXPECT_EQ(field(page, "Content-Security-Policy"), "default-src 'none'");
  EXPECT_EQ(field(page, "Vary"), "Accept-Encoding");
  EXPECT_EQ(field(ask("GET", "/assets/app-1.js"), "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(ask("GET", "/assets/app-1.js?x=1").body, "let everything = 1");
}

TEST(Assets, AreSentInTheEncodingThatTheClientLikesBest) {
  const auto coded = [](const char* accept, const char* target = "/assets/app-1.js") {
    const Response r = ask("GET", target, {{"accept-encoding", accept}});
    return field(r, "Content-Encoding") + ":" + r.body + ":" + field(r, "ETag");
  };
  EXPECT_EQ(coded("gzip, deflate, br"), "br:br-js:\"2b-br\"");
  EXPECT_EQ(coded("gzip"), "gzip:gz-js:\"2b-gzip\"");
  EXPECT_EQ(coded("br;q=0.5, gzip;q=0.8"), "gzip:gz-js:\"2b-gzip\"");
  EXPECT_EQ(coded("br;q=0, *"), "gzip:gz-js:\"2b-gzip\"");
  EXPECT_EQ(coded("identity, gzip;q=0.5"), ":let everything = 1:\"2b\"");
  EXPECT_EQ(coded(""), ":let everything = 1:\"2b\"");
  EXPECT_EQ(coded("identity;q=0"), ":let everything = 1:\"2b\"");  // rather than nothing
  EXPECT_EQ(coded("gzip, br", "/index.html"), "gzip:gz-page:\"1a-gzip\"");
  EXPECT_EQ(coded("gzip, br", "/favicon.svg"), ":<svg/>:\"3c\"");
}

TEST(Assets, AreNotSentAgain) {
  EXPECT_EQ(ask("GET", "/index.html", {{"If-None-Match", "\"1a\""}}).status, 304u);
  EXPECT_EQ(ask("GET", "/index.html", {{"If-None-Match", "\"0\", W/\"1a\""}}).status, 304u);
  EXPECT_EQ(ask("GET", "/index.html", {{"If-None-Match", "\"1b\""}}).status, 200u);
  // The tag of another encoding is another tag.
  EXPECT_EQ(ask("GET", "/index.html", {{"If-None-Match", "\"1a\""}, {"Accept-Encoding", "gzip"}}).status, 200u);
  const Response again = ask("GET", "/index.html", {{"If-None-Match", "\"1a-gzip\""}, {"Accept-Encoding", "gzip"}});
  EXPECT_EQ(again.status, 304u);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(field(again, "Content-Encoding"), "");
  EXPECT_EQ(field(again, "ETag"), "\"1a-gzip\"");
  EXPECT_NE(field(again, "Content-Security-Policy"), "");
}

TEST(Assets, GiveThePageToTheApplicationsRoutesOnly) {
  for (const char* route : {"/", "/hot-desks", "/hot-desks/HD0001", "/users/anna.schmidt", "/calls?since=1"})
    EXPECT_EQ(ask("GET", route).body, "<!doctype html>") << route;
  for (const char* file : {"/robots.txt", "/assets/app-0.js", "/assets/", "/assets/a/b", "/.env"})
    EXPECT_EQ(ask("GET", file).status, 404u) << file;
  EXPECT_EQ(ask("GET", "/%zz").status, 400u);
  EXPECT_EQ(ask("GET", "*").status, 400u);
  const Response posted = ask("POST", "/");
  EXPECT_EQ(posted.status, 405u);
  EXPECT_EQ(field(posted, "Allow"), "GET, HEAD");
}

TEST(Assets, AreMissingWhereNoneAreBuiltIn) {
  const http::Handler handler = http::asset_handler({}, "");
  Request request;
  request.method = "GET";
  request.target = "/";
  handler(request, [](const Response& r) { EXPECT_EQ(r.status, 404u); });
}

TEST(Assets, AnswerHeadWithTheLengthAlone) {
  http::Server server;
  HttpClient client(
      server.listen(Endpoint{IpAddress{0x7f000001}, 0}, {}, http::asset_handler(assets, "default-src 'none'")).value());
  const auto head = client.call("HEAD", "/index.html");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->fields.at("content-length"), "15");
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(client.call("GET", "/")->body, "<!doctype html>");  // the connection is in step
  EXPECT_EQ(client.call("GET", "/", "", "If-None-Match: \"1a\"\r\n")->status, 304);
  EXPECT_EQ(client.call("GET", "/favicon.svg")->body, "<svg/>");
}

TEST(Negotiation, WeighsWhatIsMalformedAsRefused) {
  EXPECT_EQ(http::weight_of("gzip", "gzip;q=0.123"), 123);
  EXPECT_EQ(http::weight_of("gzip", "GZIP ; Q=1.000"), 1000);
  EXPECT_EQ(http::weight_of("gzip", "gzip;q=1.9"), 1000);
  for (const char* odd : {"gzip;q=", "gzip;q=2", "gzip;q=-1", "gzip;q=0.x", "gzip;q=0.1234", "gzip;q=01"})
    EXPECT_EQ(http::weight_of("gzip", odd), 0) << odd;
  EXPECT_EQ(http::weight_of("identity", ""), 1);
  EXPECT_EQ(http::weight_of("identity", "*;q=0"), 0);
  EXPECT_TRUE(http::has_tag("*", "\"a\""));
  EXPECT_FALSE(http::has_tag("", "\"a\""));
  EXPECT_FALSE(http::has_tag("a", "\"a\""));
}

}  // namespace
}  // namespace roamdesk::test
