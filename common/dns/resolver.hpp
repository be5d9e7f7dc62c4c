#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "common/base/time.hpp"
#include "common/names/query.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::dns {

// Finds SIP servers by name (names::Lookup), and remembers them (names::Memory). One thread.
class Resolver {
 public:
  using Done = std::function<void(const names::Located&)>;
  struct Settings {
    std::vector<Endpoint> servers;               // empty: those of /etc/resolv.conf
    Duration longest = std::chrono::seconds{8};  // one query, all its questions together
    std::size_t at_once = 64;                    // queries that aren't answered yet
  };
  // Throws std::runtime_error where c-ares doesn't start.
  Resolver(boost::asio::io_context& io, Settings settings);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // `done` is called once, never from inside; not after the resolver is gone. Who asks for what is being asked gets the
  // same answer.
  void locate(const names::Query& query, Done done);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace roamdesk::dns
