#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "common/names/records.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::dns {

// Questions to DNS servers: c-ares on the loop's sockets and timer. Two tries of each server, 1 s and then 2 s; over
// TCP where an answer doesn't fit. Addresses also come from /etc/hosts, as for every other program. One thread.
class Channel {
 public:
  using Answered = std::function<void(const names::Answer&)>;
  // `servers`: empty for those of /etc/resolv.conf. Throws std::runtime_error where c-ares can't be had.
  Channel(boost::asio::io_context& io, std::vector<Endpoint> servers);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // `answered` is called once, never from inside; and not after the channel is gone.
  void ask(const names::Question& question, Answered answered);
  // To be called while nothing is asked: reads /etc/resolv.conf again if it has changed.
  void refresh();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace roamdesk::dns
