#pragma once
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>

#include "common/base/places.hpp"
#include "common/base/rate_limit.hpp"
#include "common/tunnel/link/connection.hpp"
#include "common/tunnel/link/server.hpp"

namespace roamdesk::tunnel::link {

// Those who have connected to the core and haven't shown yet who they are: a bounded number, each address its share,
// each for a bounded time; who says nothing or doesn't speak TLS goes before any of it is worked on. Signalling thread
// only.
class Reception : public std::enable_shared_from_this<Reception> {
 public:
  // `handshakes` may be null: then they are worked off on this thread.
  Reception(Strangers settings, Handshakes* handshakes) : settings_(settings), handshakes_(handshakes) {}
  Reception(const Reception&) = delete;
  Reception& operator=(const Reception&) = delete;

  // One of them; its place is free when this is gone.
  class Guest {
   public:
    Guest(std::shared_ptr<Reception> reception, boost::asio::ip::tcp::socket socket);
    ~Guest();
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;
    void close();
    IpAddress address() const { return address_; }

   private:
    friend class Reception;
    std::shared_ptr<Reception> reception_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    IpAddress address_;
    Places::Id place_;
    std::shared_ptr<Connection> connection_;
    bool closed_ = false;
  };
  // Null: there is no place for it; the socket is closed.
  std::shared_ptr<Guest> enter(boost::asio::ip::tcp::socket socket);
  // Waits for its first bytes, then shakes hands. Null: it is gone, and has been counted.
  boost::asio::awaitable<std::shared_ptr<Connection>> receive(std::shared_ptr<Guest> guest,
                                                              boost::asio::ssl::context& context);
  // It has shown that it is an SBC of ours: its address is known from now on.
  void proven(const Guest& guest);
  // It has shown that it isn't.
  void unknown() { ++turned_away_.unknown; }
  // Whether this address may try a key now; each try is counted.
  bool may_enrol(const Guest& guest);
  void close_all();

  const TurnedAway& turned_away() const { return turned_away_; }

 private:
  Strangers settings_;
  Handshakes* handshakes_;
  Places places_{settings_.places};
  net::RateLimit enrolments_{settings_.enrolments};
  std::map<Places::Id, Guest*> guests_;
  TurnedAway turned_away_;
};

}  // namespace roamdesk::tunnel::link
