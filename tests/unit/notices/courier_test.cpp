#include "pbx-core/notices/courier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <map>
#include <memory>
#include <mutex>

#include "common/log/log.hpp"
#include "common/post/mail_text.hpp"
#include "tests/unit/notices/scripted_server.hpp"

namespace roamdesk::notices {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using Line = ScriptedServer::Line;

// What came to a server, as it came.
class Heard {
 public:
  void add(std::string text) {
    const std::lock_guard lock(mutex_);
    texts_.push_back(std::move(text));
    changed_.notify_all();
  }
  // Waits until there are so many.
  std::vector<std::string> wait(std::size_t count, std::chrono::milliseconds longest = 10s) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest, [&] { return texts_.size() >= count; });
    return texts_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
};

post::Letter hook(const std::string& url, const std::string& body = "{}") { return {post::Way::web_hook, url, body}; }
post::Letter mail(const std::string& text = "Subject: x\r\n\r\nbody\r\n") {
  return {post::Way::mail, "guard@example.com", text};
}
std::string answer(const std::string& status, const std::string& more = "") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n" + more + "\r\n";
}

class ACourier : public testing::Test {
 protected:
  ~ACourier() override { log::set_sink({}); }
  static Courier::Options quick(std::chrono::milliseconds longest = 5s) {
    Courier::Options options;
    options.host_name = "pbx.example.com";
    options.longest = longest;
    return options;
  }
  static Courier::Options with_mail(const ScriptedServer& server, std::string user = "", MailTls tls = MailTls::none) {
    auto options = quick();
    options.mail = MailServer{{"127.0.0.1", server.port()}, "pbx@example.com", std::move(user), {}, tls, {}};
    if (!options.mail->user.empty()) options.mail->password = Secret{"the mail's password"};
    return options;
  }
  static Outcome outcome(Courier& courier, post::Letter letter) {
    std::promise<Outcome> done;
    auto future = done.get_future();
    courier.try_once(std::move(letter), [&](Outcome end) { done.set_value(std::move(end)); });
    return future.get();
  }
  static Outcome told(const std::string& status) {
    ScriptedServer server{[&](Line& line) {
      line.read("\r\n\r\n");
      line.write(answer(status));
    }};
    Courier courier{quick()};
    return outcome(courier, hook(server.url()));
  }
};

TEST_F(ACourier, PostsJsonToAWebHook) {
  Heard heard;
  ScriptedServer server{[&](Line& line) {
    auto head = line.read("\r\n\r\n");
    heard.add(head + line.read_bytes(14));
    line.write(answer("204 No Content"));
  }};
  Courier courier{quick()};
  courier.send(hook(server.url("/alarm?key=1"), R"({"number":112})"));
  const auto request = heard.wait(1).at(0);
  EXPECT_THAT(request, HasSubstr("POST /alarm?key=1 HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\n\r\n{\"number\":112}"));
}

TEST_F(ACourier, TakesOnly2xxForDelivered) {
  for (const char* good : {"200 OK", "201 Created", "202 Accepted", "204 No Content"})
    EXPECT_TRUE(told(good).delivered);
  for (const char* bad : {"400 Bad", "401 Who", "404 Gone", "500 No", "503 Later", "304 Same"}) {
    const auto end = told(bad);
    EXPECT_FALSE(end.delivered) << bad;
    EXPECT_THAT(end.why, HasSubstr(std::string{"it answered "} + std::string(bad, 3)));
  }
}

TEST_F(ACourier, GoesNowhereElseThanWhereItWasSent) {
  ScriptedServer other{[](Line& line) { line.write(answer("200 OK")); }};
  for (const char* status : {"301 Moved", "302 Found", "303 See", "307 Other", "308 Moved"}) {
    ScriptedServer server{[&](Line& line) {
      line.read("\r\n\r\n");
      line.write(answer(status, "Location: " + other.url("/elsewhere") + "\r\n"));
    }};
    Courier courier{quick()};
    const auto end = outcome(courier, hook(server.url()));
    EXPECT_FALSE(end.delivered) << status;
    EXPECT_THAT(end.why, HasSubstr("redirects aren't followed"));
  }
  EXPECT_EQ(other.connections(), 0u);
}

TEST_F(ACourier, SpeaksNoOtherProtocol) {
  Courier courier{quick()};
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1:1/x", "smtp://127.0.0.1/x"})
    EXPECT_FALSE(outcome(courier, hook(url)).delivered) << url;
}

TEST_F(ACourier, WaitsForNoAnswerForEver) {
  ScriptedServer silent{[](Line& line) { line.hang(); }};
  ScriptedServer drips{[](Line& line) {
    line.read("\r\n\r\n");
    line.write("HTTP/1.1 200 OK\r\n");
    while (line.write("X: y\r\n")) std::this_thread::yield();
  }};
  Courier courier{quick(300ms)};
  EXPECT_THAT(outcome(courier, hook(silent.url())).why, HasSubstr("timed out"));
  EXPECT_FALSE(outcome(courier, hook(drips.url())).delivered) << "a head without end";
}

TEST_F(ACourier, ReadsLittleOfAnAnswer) {
  std::atomic<std::size_t> written{0};
  ScriptedServer endless{[&](Line& line) {
    line.read("\r\n\r\n");
    line.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
    const std::string part(1'000'000, 'x');
    while (written < 2'000'000'000 && line.write(part)) written += part.size();
  }};
  Courier courier{quick()};
  EXPECT_TRUE(outcome(courier, hook(endless.url())).delivered) << "what it has answered counts";
  EXPECT_LT(written, 100'000'000u);
}

TEST_F(ACourier, LetsNobodyWaitWhoSends) {
  Heard heard;
  ScriptedServer silent{[](Line& line) { line.hang(); }};
  ScriptedServer well{[&](Line& line) {
    heard.add(line.read("\r\n\r\n"));
    line.write(answer("200 OK"));
  }};
  Courier courier{quick()};
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 20'000; ++i) courier.send(hook(silent.url("/" + std::to_string(i))));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s) << "20,000 letters to one that hangs";
  // The same flood takes no other receiver's turn, once the thread has looked at it.
  do courier.send(hook(well.url()));
  while (heard.wait(1, 100ms).empty());
  EXPECT_LE(silent.connections(), 2u);
}

TEST_F(ACourier, EndsWithoutWaitingForAnybody) {
  ScriptedServer silent{[](Line& line) { line.hang(); }};
  auto courier = std::make_unique<Courier>(quick(60s));
  std::promise<Outcome> done;
  courier->try_once(hook(silent.url()), [&](Outcome end) { done.set_value(std::move(end)); });
  courier->send(hook(silent.url()));
  const auto begun = std::chrono::steady_clock::now();
  courier.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  EXPECT_FALSE(done.get_future().get().delivered);
}

TEST_F(ACourier, TriesAgainAfterAFailure) {
  std::atomic<int> asked{0};
  Heard heard;
  ScriptedServer server{[&](Line& line) {
    line.read("\r\n\r\n");
    line.write(answer(asked++ == 0 ? "500 Not yet" : "200 OK"));
    heard.add("asked");
  }};
  Courier courier{quick()};
  courier.send(hook(server.url()));
  EXPECT_EQ(heard.wait(2).size(), 2u) << "2 s later";
}

// ---- e-mail

// A mail server as far as is needed; `answers` to commands by their first word. What it hears is kept.
std::function<void(Line&)> mail_server(Heard& heard, std::map<std::string, std::string> answers = {}) {
  return [&heard, answers = std::move(answers)](Line& line) {
    std::string session;
    line.write("220 mail.example.com ESMTP\r\n");
    for (;;) {
      const auto command = line.read("\r\n");
      if (command.empty()) break;
      session += command;
      const auto word = command.substr(0, command.find_first_of(" \r"));
      const auto special = answers.find(word);
      if (special != answers.end()) {
        line.write(special->second + "\r\n");
      } else if (word == "EHLO") {
        line.write("250-mail.example.com\r\n250 AUTH PLAIN\r\n");
      } else if (word == "AUTH") {
        line.write("235 welcome\r\n");
      } else if (word == "DATA") {
        line.write("354 go on\r\n");
        session += line.read("\r\n.\r\n");
        line.write("250 taken\r\n");
      } else {
        line.write("250 ok\r\n");
      }
      if (word == "QUIT") break;
    }
    heard.add(session);
  };
}

TEST_F(ACourier, SendsAnEmail) {
  Heard heard;
  ScriptedServer server{mail_server(heard)};
  Courier courier{with_mail(server)};
  EXPECT_TRUE(courier.has_mail());
  EXPECT_TRUE(outcome(courier, mail()).delivered);
  const auto session = heard.wait(1).at(0);
  EXPECT_THAT(session, HasSubstr("EHLO pbx.example.com\r\n"));
  EXPECT_THAT(session, HasSubstr("MAIL FROM:<pbx@example.com>"));
  EXPECT_THAT(session, HasSubstr("RCPT TO:<guard@example.com>"));
  EXPECT_THAT(session, HasSubstr("Subject: x\r\n\r\nbody\r\n.\r\n"));
}

TEST_F(ACourier, SaysWhatAMailServerHasAnswered) {
  Heard heard;
  for (const auto& [command, reply] : std::map<std::string, std::string>{
           {"MAIL", "451 later"}, {"RCPT", "550 nobody of that name"}, {"DATA", "554 no"}}) {
    ScriptedServer server{mail_server(heard, {{command, reply}})};
    Courier courier{with_mail(server)};
    const auto end = outcome(courier, mail());
    EXPECT_FALSE(end.delivered) << command;
    EXPECT_THAT(end.why, HasSubstr(reply.substr(0, 3))) << command;
  }
}

TEST_F(ACourier, SendsNeitherPasswordNorMailWhereTlsIsWantedAndNotOffered) {
  Heard heard;
  ScriptedServer server{mail_server(heard)};
  Courier courier{with_mail(server, "pbx", MailTls::starttls)};
  const auto end = outcome(courier, mail());
  EXPECT_FALSE(end.delivered);
  EXPECT_THAT(end.why, HasSubstr("TLS"));
  const auto session = heard.wait(1).at(0);
  EXPECT_THAT(session, Not(HasSubstr("AUTH")));
  EXPECT_THAT(session, Not(HasSubstr("MAIL FROM")));
}

TEST_F(ACourier, LogsNoSecrets) {
  std::mutex mutex;
  std::string logged;
  log::set_sink([&](std::string_view line) {
    const std::lock_guard lock(mutex);
    logged.append(line).append("\n");
  });
  Heard heard;
  ScriptedServer mail_refuses{mail_server(heard, {{"AUTH", "535 wrong: the mail's password"}})};
  ScriptedServer refuses{[](Line& line) {
    line.read("\r\n\r\n");
    line.write(answer("404 Not Found: token-of-the-hook"));
  }};
  {
    Courier courier{with_mail(mail_refuses, "pbx")};
    auto url = refuses.url("/services/token-of-the-hook?key=also-secret");
    url.insert(7, "user:word@");
    courier.send(hook(url, "{\"secret\":\"body\"}"));
    courier.send(mail("Subject: secret body\r\n\r\n"));
    EXPECT_THAT(outcome(courier, mail()).why, HasSubstr("user and password"));
    heard.wait(2);
  }
  log::flush();
  const std::lock_guard lock(mutex);
  for (const char* secret : {"token-of-the-hook", "also-secret", "user:word", "secret body", "the mail's password"})
    EXPECT_THAT(logged, Not(HasSubstr(secret)));
}

TEST_F(ACourier, CountsWhatBecameOfEachLetter) {
  std::atomic<bool> well{false};
  ScriptedServer server{[&](Line& line) {
    const auto head = line.read("\r\n\r\n");
    if (head.find("/no") != std::string::npos) return void(line.write(answer("404 Gone")));
    line.write(answer(well ? "200 OK" : "500 Not yet"));
  }};
  Courier courier{quick()};
  const auto counts = [&](std::uint64_t delivered, std::uint64_t failed, std::uint64_t waiting) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (std::chrono::steady_clock::now() < end) {
      const auto now = courier.counts();
      if (now.delivered == delivered && now.failed == failed && now.waiting == waiting) return true;
      std::this_thread::yield();
    }
    return false;
  };
  EXPECT_TRUE(counts(0, 0, 0));
  courier.send(hook(server.url("/later")));
  courier.send(hook(server.url("/no")));
  courier.send(mail());  // there is no server for it
  EXPECT_TRUE(counts(0, 2, 1));
  well = true;
  EXPECT_TRUE(counts(1, 2, 0)) << "2 s later";
  post::Letter once = hook(server.url("/once"));
  once.about = "alarm 1";
  courier.send(once);
  courier.send(once);
  EXPECT_TRUE(counts(2, 2, 0)) << "what was told already isn't told again";
  outcome(courier, hook(server.url("/trial")));
  EXPECT_TRUE(counts(2, 2, 0)) << "a test message is none of them";
}

TEST_F(ACourier, SaysThatThereIsNoMailServer) {
  Courier courier{quick()};
  EXPECT_FALSE(courier.has_mail());
  EXPECT_THAT(outcome(courier, mail()).why, HasSubstr("no mail server is configured"));
}

TEST_F(ACourier, TriesOneTestMessageAtATime) {
  ScriptedServer silent{[](Line& line) { line.hang(); }};
  Courier courier{quick(1s)};
  std::promise<Outcome> first;
  courier.try_once(hook(silent.url()), [&](Outcome end) { first.set_value(std::move(end)); });
  EXPECT_THAT(outcome(courier, hook(silent.url())).why, HasSubstr("another test message is under way"));
  EXPECT_FALSE(first.get_future().get().delivered);
}

}  // namespace
}  // namespace roamdesk::notices
