#include "common/asio/handshakes.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <future>

#include "common/crypto/certificate.hpp"
#include "common/crypto/random.hpp"

namespace roamdesk {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Stream = asio::ssl::stream<tcp::socket>;
using namespace std::chrono_literals;

std::thread::id signed_on;  // where the last handshake chose its certificate

class HandshakesTest : public testing::Test {
 protected:
  HandshakesTest() {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto authority = crypto::Authority::create("Roamdesk test", crypto::random_bytes(16), now);
    const auto identity = authority.make_server({"core"}, crypto::random_bytes(16), now, 24h);
    context.use_certificate_chain(asio::buffer(identity.certificate));
    context.use_private_key(asio::buffer(identity.key.reveal()), asio::ssl::context::pem);
    SSL_CTX_set_cert_cb(
        context.native_handle(),
        [](SSL*, void*) {
          signed_on = std::this_thread::get_id();
          return 1;
        },
        nullptr);
    acceptor.open(tcp::v4());
    acceptor.bind({asio::ip::address_v4::loopback(), 0});
    acceptor.listen();
  }
  ~HandshakesTest() override {
    handshakes.stop();  // closes what was under way: their clients end
    for (auto& client : clients) client.join();
  }

  // A client of ours connects and, where it `shakes` hands, does so on a thread of its own.
  std::shared_ptr<Stream> accept(bool shakes) {
    std::promise<void> connected;
    clients.emplace_back([&, shakes] {
      asio::io_context own;
      asio::ssl::context any{asio::ssl::context::tls_client};
      Stream stream{own, any};
      stream.next_layer().connect(acceptor.local_endpoint());
      connected.set_value();
      boost::system::error_code ended;
      if (shakes) stream.handshake(asio::ssl::stream_base::client, ended);
      std::array<char, 256> any_bytes;
      for (ended = {}; !ended;)
        stream.next_layer().read_some(asio::buffer(any_bytes), ended);  // until the server closes
    });
    connected.get_future().get();
    return std::make_shared<Stream>(acceptor.accept(), context);
  }
  bool run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) return false;
      if (io.stopped()) io.restart();
      io.run_for(1ms);
    }
    return true;
  }

  Handshakes handshakes{2};
  asio::io_context io;
  asio::ssl::context context{asio::ssl::context::tls_server};
  tcp::acceptor acceptor{io};
  std::vector<std::thread> clients;
};

TEST_F(HandshakesTest, AreWorkedOffElsewhereAndToldHere) {
  std::thread::id told_on;
  std::optional<boost::system::error_code> result;
  auto stream = accept(true);
  handshakes.begin(*stream, stream, [&](auto error) {
    told_on = std::this_thread::get_id();
    result = error;
  });
  stream.reset();  // kept by the handshake
  ASSERT_TRUE(run_until([&] { return result.has_value(); }));
  EXPECT_FALSE(*result) << result->message();
  EXPECT_EQ(told_on, std::this_thread::get_id());
  EXPECT_NE(signed_on, std::thread::id{});
  EXPECT_NE(signed_on, std::this_thread::get_id());
  EXPECT_EQ(handshakes.under_way(), 0u);
}

TEST_F(HandshakesTest, OfASilentPeerEndsWhenItIsCancelled) {
  std::optional<boost::system::error_code> result;
  auto stream = accept(false);
  const auto id = handshakes.begin(*stream, stream, [&](auto error) { result = error; });
  stream.reset();
  io.run_for(20ms);
  EXPECT_FALSE(result.has_value());
  handshakes.cancel(id);
  ASSERT_TRUE(run_until([&] { return result.has_value(); }));
  EXPECT_TRUE(*result);
  handshakes.cancel(id);  // once more: nothing
}

TEST_F(HandshakesTest, SilentOnesKeepNobodyWaiting) {
  for (int i = 0; i < 50; ++i) {
    auto silent = accept(false);
    handshakes.begin(*silent, silent, [](auto) {});
  }
  bool shaken = false;
  auto stream = accept(true);
  handshakes.begin(*stream, stream, [&](auto error) { shaken = !error; });
  stream.reset();
  EXPECT_TRUE(run_until([&] { return shaken; }));
  EXPECT_EQ(handshakes.under_way(), 50u);
  handshakes.stop();
}

TEST_F(HandshakesTest, NothingIsToldAfterTheStop) {
  bool told = false;
  auto stream = accept(true);
  handshakes.begin(*stream, stream, [&](auto) { told = true; });
  stream.reset();
  handshakes.stop();
  io.run_for(50ms);
  EXPECT_FALSE(told);
}

// A stream with timers (Beast's) whose next step is queued when everything ends: it goes before the io_context does.
TEST_F(HandshakesTest, QueuedStepsOutliveNothingThatTheyAreOf) {
  using Timed = asio::ssl::stream<boost::beast::tcp_stream>;
  static std::promise<void> release;
  static std::atomic<bool> taken;
  release = {};
  taken = false;
  SSL_CTX_set_cert_cb(
      context.native_handle(),
      [](SSL*, void*) {
        if (!taken.exchange(true)) release.get_future().wait();  // the pool's one thread is kept
        return 1;
      },
      nullptr);
  Handshakes one{1};
  asio::io_context short_lived;
  tcp::acceptor listening{short_lived, {asio::ip::address_v4::loopback(), 0}};
  std::promise<void> late;
  std::vector<std::thread> shaking;
  const auto begin = [&](std::shared_future<void> when) {
    shaking.emplace_back([to = listening.local_endpoint(), when = std::move(when)] {
      asio::io_context own;
      asio::ssl::context any{asio::ssl::context::tls_client};
      Stream stream{own, any};
      stream.next_layer().connect(to);
      when.wait();
      boost::system::error_code ended;
      stream.handshake(asio::ssl::stream_base::client, ended);
    });
    auto stream = std::make_shared<Timed>(boost::beast::tcp_stream{listening.accept()}, context);
    one.begin(*stream, stream, [](auto) {});
  };
  std::promise<void> at_once;
  at_once.set_value();
  begin(late.get_future().share());
  begin(at_once.get_future().share());
  const auto work = asio::make_work_guard(short_lived);
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!taken && std::chrono::steady_clock::now() < end) short_lived.run_for(1ms);
  EXPECT_TRUE(taken);
  late.set_value();
  short_lived.run_for(100ms);  // what the late one says is read, and its step queued
  std::thread releases{[] { release.set_value(); }};
  one.stop();
  releases.join();
  EXPECT_EQ(one.under_way(), 0u);
  for (auto& client : shaking) client.join();
}

TEST_F(HandshakesTest, ACoroutineGoesOnWithTheStream) {
  std::string echoed;
  auto stream = accept(true);
  asio::co_spawn(
      io,
      [](Handshakes& all, std::shared_ptr<Stream> own, std::string& said) -> asio::awaitable<void> {
        Handshakes::Id id = 0;
        const auto error = co_await all.run(*own, own, [&id](Handshakes::Id begun) { id = begun; });
        if (error || id == 0) co_return;
        auto [failed, written] = co_await asio::async_write(*own, asio::buffer("x", 1), awaited);
        if (!failed && written == 1) said = "written";
      }(handshakes, std::move(stream), echoed),
      asio::detached);
  EXPECT_TRUE(run_until([&] { return !echoed.empty(); }));
}

}  // namespace
}  // namespace roamdesk
