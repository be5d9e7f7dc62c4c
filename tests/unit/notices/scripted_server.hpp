#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace roamdesk::notices {

// A server on 127.0.0.1 that does with each connection what the test says, each on a thread of its own; it knows
// nothing of HTTP or SMTP.
class ScriptedServer {
 public:
  class Line {
   public:
    explicit Line(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}
    // Up to and with `end`; "" where the peer has closed first.
    std::string read(const std::string& end) {
      boost::system::error_code error;
      const auto size = boost::asio::read_until(socket_, buffer_, end, error);
      if (error) return {};
      const auto begin = boost::asio::buffers_begin(buffer_.data());
      std::string text(begin, begin + static_cast<std::ptrdiff_t>(size));
      buffer_.consume(size);
      return text;
    }
    std::string read_bytes(std::size_t count) {
      boost::system::error_code error;
      while (buffer_.size() < count && !error) {
        const auto got = socket_.read_some(buffer_.prepare(4096), error);
        buffer_.commit(got);
      }
      const auto begin = boost::asio::buffers_begin(buffer_.data());
      return {begin, boost::asio::buffers_end(buffer_.data())};
    }
    // False: the peer has closed.
    bool write(const std::string& text) {
      boost::system::error_code error;
      boost::asio::write(socket_, boost::asio::buffer(text), error);
      return !error;
    }
    // Says nothing until the peer closes.
    void hang() { read("this is never said"); }
    boost::asio::ip::tcp::socket& socket() { return socket_; }

   private:
    boost::asio::ip::tcp::socket socket_;
    boost::asio::streambuf buffer_;
  };

  explicit ScriptedServer(std::function<void(Line&)> script) : script_(std::move(script)) {
    thread_ = std::thread([this] { accept(); });
  }
  ~ScriptedServer() {
    ending_ = true;
    {
      boost::asio::ip::tcp::socket wake{io_};
      boost::system::error_code ignored;
      wake.connect(acceptor_.local_endpoint(), ignored);
    }
    thread_.join();
    {
      const std::lock_guard lock(mutex_);
      boost::system::error_code ignored;
      for (auto* line : lines_) line->socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
    }
    for (auto& one : threads_) one.join();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string url(const std::string& path = "/") const { return "http://127.0.0.1:" + std::to_string(port()) + path; }
  std::size_t connections() const { return connections_; }

 private:
  void accept() {
    for (;;) {
      boost::asio::ip::tcp::socket socket{io_};
      boost::system::error_code error;
      acceptor_.accept(socket, error);
      if (ending_ || error) return;
      ++connections_;
      threads_.emplace_back([this, line = std::make_shared<Line>(std::move(socket))] {
        {
          const std::lock_guard lock(mutex_);
          lines_.push_back(line.get());
        }
        script_(*line);
        const std::lock_guard lock(mutex_);
        std::erase(lines_, line.get());
      });
    }
  }

  std::function<void(Line&)> script_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> ending_{false};
  std::atomic<std::size_t> connections_{0};
  std::mutex mutex_;
  std::vector<Line*> lines_;
  std::vector<std::thread> threads_;
  std::thread thread_;
};

}  // namespace roamdesk::notices
