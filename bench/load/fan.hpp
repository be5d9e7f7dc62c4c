#pragma once
#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace roamdesk::load {

// One UDP socket that is many phones: each has an address of its own in 127.0.0.0/8 (host byte order), all the same
// port. The kernel takes any of them as ours, so ten thousand phones need one descriptor.
class Fan {
 public:
  explicit Fan(std::uint16_t port);  // throws std::system_error
  ~Fan();
  Fan(const Fan&) = delete;
  Fan& operator=(const Fan&) = delete;

  void send(std::uint32_t from, const sockaddr_in& to, std::string_view bytes);
  // From now on the kernel says when datagrams come.
  void stamp();
  // Waits at most `timeout`, then gives all that is there: to which phone it came, from where, and the bytes.
  using Take = std::function<void(std::uint32_t to, const sockaddr_in& from, std::string_view bytes)>;
  void receive(std::chrono::nanoseconds timeout, const Take& take);

  // When the kernel had the datagram that is just given, after stamp(); else 1970.
  std::chrono::system_clock::time_point arrived() const { return arrived_; }

  std::uint16_t port() const { return port_; }

 private:
  int fd_;
  std::uint16_t port_;
  std::vector<char> buffer_;
  std::chrono::system_clock::time_point arrived_;
};

}  // namespace roamdesk::load
