#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "common/crypto/certificate.hpp"
#include "common/crypto/random.hpp"
#include "pbx-core/notices/courier.hpp"

// Letters over TLS: to whom something is said, and to whom nothing.
namespace roamdesk::notices {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;
using testing::HasSubstr;

WallTime now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

// One connection after the other, over TLS from its first byte on; `talk` has what was agreed.
class TlsServer {
 public:
  using Stream = asio::ssl::stream<tcp::socket>;
  TlsServer(const crypto::Identity& identity, std::function<void(Stream&)> talk) : talk_(std::move(talk)) {
    context_.use_certificate_chain(asio::buffer(identity.certificate));
    context_.use_private_key(asio::buffer(identity.key.reveal()), asio::ssl::context::pem);
    thread_ = std::thread([this] { run(); });
  }
  ~TlsServer() {
    ending_ = true;
    tcp::socket wake{io_};
    boost::system::error_code ignored;
    wake.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string url() const { return "https://127.0.0.1:" + std::to_string(port()) + "/alarm"; }

 private:
  void run() {
    while (!ending_) {
      Stream stream{io_, context_};
      boost::system::error_code error;
      acceptor_.accept(stream.next_layer(), error);
      if (ending_ || error) return;
      stream.handshake(Stream::server, error);
      if (!error) talk_(stream);
    }
  }
  asio::io_context io_;
  asio::ssl::context context_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> ending_{false};
  std::function<void(Stream&)> talk_;
  std::thread thread_;
};

class ACourierOverTls : public testing::Test {
 protected:
  ACourierOverTls() {
    folder_ = std::filesystem::temp_directory_path() / ("roamdesk-" + crypto::random_hex(8));
    std::filesystem::create_directory(folder_);
    std::ofstream{trusted()} << authority_.certificate();
  }
  ~ACourierOverTls() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path trusted() const { return folder_ / "ca.pem"; }

  crypto::Identity identity(const std::string& name, const crypto::Authority& by, WallTime from = now()) const {
    return by.make_server({name}, crypto::random_bytes(16), from, 24h);
  }
  crypto::Identity good() const { return identity("127.0.0.1", authority_); }
  // Servers that aren't to be told anything, and what is said of each.
  struct Wrong {
    crypto::Identity identity;
    const char* why;
  };
  std::vector<Wrong> wrong() const {
    const auto other = crypto::Authority::create("Somebody", crypto::random_bytes(16), now());
    std::vector<Wrong> all;
    all.push_back({identity("127.0.0.1", other), "certificate"});
    all.push_back({identity("127.0.0.2", authority_), "name"});
    all.push_back({identity("hooks.example.com", authority_), "name"});
    all.push_back({identity("127.0.0.1", authority_, now() - 240h), "expired"});
    return all;
  }
  Courier::Options options() const {
    Courier::Options options;
    options.host_name = "pbx.example.com";
    options.authority = trusted();
    return options;
  }
  Courier::Options with_mail(const TlsServer& server) const {
    auto all = options();
    all.mail = MailServer{{"127.0.0.1", server.port()},  "pbx@example.com", "pbx",
                          Secret{"the mail's password"}, MailTls::tls,      trusted()};
    return all;
  }
  static Outcome outcome(Courier& courier, post::Letter letter) {
    std::promise<Outcome> done;
    courier.try_once(std::move(letter), [&](Outcome end) { done.set_value(std::move(end)); });
    return done.get_future().get();
  }
  static post::Letter hook(const TlsServer& server) { return {post::Way::web_hook, server.url(), "{}"}; }
  static post::Letter mail() { return {post::Way::mail, "guard@example.com", "Subject: x\r\n\r\nbody\r\n"}; }

  std::string heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  void hear(const std::string& text) {
    const std::lock_guard lock(mutex_);
    heard_ += text;
  }
  // "" where the peer has closed.
  std::string read(TlsServer::Stream& stream, asio::streambuf& buffer, const char* end) {
    boost::system::error_code error;
    const auto size = asio::read_until(stream, buffer, end, error);
    if (error) return {};
    std::string text(asio::buffers_begin(buffer.data()),
                     asio::buffers_begin(buffer.data()) + static_cast<std::ptrdiff_t>(size));
    buffer.consume(size);
    hear(text);
    return text;
  }
  static void write(TlsServer::Stream& stream, const std::string& text) {
    boost::system::error_code ignored;
    asio::write(stream, asio::buffer(text), ignored);
  }
  std::function<void(TlsServer::Stream&)> web_server() {
    return [this](TlsServer::Stream& stream) {
      asio::streambuf buffer;
      if (!read(stream, buffer, "\r\n\r\n").empty()) write(stream, "HTTP/1.1 204 No Content\r\n\r\n");
    };
  }
  std::function<void(TlsServer::Stream&)> mail_server() {
    return [this](TlsServer::Stream& stream) {
      asio::streambuf buffer;
      write(stream, "220 mail.example.com ESMTP\r\n");
      for (auto line = read(stream, buffer, "\r\n"); !line.empty(); line = read(stream, buffer, "\r\n")) {
        if (line.starts_with("EHLO")) {
          write(stream, "250-mail.example.com\r\n250 AUTH PLAIN\r\n");
        } else if (line.starts_with("AUTH")) {
          write(stream, "334 \r\n");
          read(stream, buffer, "\r\n");
          write(stream, "235 welcome\r\n");
        } else if (line.starts_with("DATA")) {
          write(stream, "354 go on\r\n");
          read(stream, buffer, "\r\n.\r\n");
          write(stream, "250 taken\r\n");
        } else {
          write(stream, "250 ok\r\n");
        }
        if (line.starts_with("QUIT")) return;
      }
    };
  }

  const crypto::Authority authority_ = crypto::Authority::create("Hooks", crypto::random_bytes(16), now());

 private:
  std::filesystem::path folder_;
  std::mutex mutex_;
  std::string heard_;
};

TEST_F(ACourierOverTls, PostsToAWebHookWhoseCertificateIsGood) {
  TlsServer server{good(), web_server()};
  Courier courier{options()};
  const auto end = outcome(courier, hook(server));
  EXPECT_TRUE(end.delivered) << end.why;
  EXPECT_THAT(heard(), HasSubstr("POST /alarm HTTP/1.1"));
}

TEST_F(ACourierOverTls, SaysNothingToAWebHookWhoseCertificateIsNotAndSaysWhy) {
  for (const auto& [identity, why] : wrong()) {
    TlsServer server{identity, web_server()};
    Courier courier{options()};
    const auto end = outcome(courier, hook(server));
    EXPECT_FALSE(end.delivered) << why;
    EXPECT_THAT(end.why, HasSubstr(why));
  }
  EXPECT_EQ(heard(), "");
}

TEST_F(ACourierOverTls, TrustsTheSystemsAuthoritiesAloneWhereItIsToldOfNoOther) {
  TlsServer server{good(), web_server()};
  auto as_installed = options();
  as_installed.authority.reset();
  Courier courier{as_installed};
  const auto end = outcome(courier, hook(server));
  EXPECT_FALSE(end.delivered);
  EXPECT_THAT(end.why, HasSubstr("certificate"));
  EXPECT_EQ(heard(), "");
}

TEST_F(ACourierOverTls, SendsAnEmailThatIsEncryptedFromTheFirstByteOn) {
  TlsServer server{good(), mail_server()};
  Courier courier{with_mail(server)};
  const auto end = outcome(courier, mail());
  EXPECT_TRUE(end.delivered) << end.why;
  EXPECT_THAT(heard(), HasSubstr("AUTH PLAIN"));
  EXPECT_THAT(heard(), HasSubstr("RCPT TO:<guard@example.com>"));
  EXPECT_THAT(heard(), HasSubstr("body\r\n.\r\n"));
}

TEST_F(ACourierOverTls, TellsAMailServerWithAnotherCertificateNeitherPasswordNorMail) {
  for (const auto& [identity, why] : wrong()) {
    TlsServer server{identity, mail_server()};
    Courier courier{with_mail(server)};
    const auto end = outcome(courier, mail());
    EXPECT_FALSE(end.delivered) << why;
    EXPECT_THAT(end.why, HasSubstr(why));
  }
  EXPECT_EQ(heard(), "");
}

}  // namespace
}  // namespace roamdesk::notices
