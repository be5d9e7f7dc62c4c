#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/strand.hpp>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "common/asio/awaited.hpp"

namespace roamdesk {

// TLS handshakes, worked off by threads of their own: a signature costs between 0.2 and 5 ms, and all who can connect
// can ask for as many as they like. How many are under way is the callers' to bound: one for each connection that they
// keep.
//
// All functions are called from the thread that runs the streams' io_context. It is destroyed after that io_context,
// and stop() is called before that is destroyed: handshakes under way refer to both.
class Handshakes {
 public:
  using ErrorCode = boost::system::error_code;
  using Done = std::function<void(ErrorCode)>;
  using Id = std::uint64_t;

  explicit Handshakes(std::size_t threads = 1);
  ~Handshakes();
  Handshakes(const Handshakes&) = delete;
  Handshakes& operator=(const Handshakes&) = delete;

  using Side = boost::asio::ssl::stream_base::handshake_type;

  // Shakes hands over `stream` (an asio::ssl::stream), which nothing else touches, its socket included, until `done` is
  // called on its executor. `keep` keeps it alive that long; it may be null where something else does. `side` is ours.
  template <class Stream>
  Id begin(Stream& stream, std::shared_ptr<void> keep, Done done, Side side = Side::server);
  // The same for a coroutine on the stream's executor; `begun` is told the id.
  template <class Stream>
  boost::asio::awaitable<ErrorCode> run(Stream& stream, std::shared_ptr<void> keep, std::function<void(Id)> begun);

  // Closes the socket, so that `done` comes soon, with an error. Nothing for one that isn't under way.
  void cancel(Id id);
  // Joins the threads; no `done` is called after it.
  void stop();
  std::size_t under_way() const { return attempts_.size(); }

 private:
  using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;
  // What the pool's threads share; on the strand only.
  struct Steps {
    std::function<void()> close;  // good until it is over
    bool over = false;
  };
  struct Attempt {
    Strand strand;
    std::shared_ptr<Steps> steps;
    std::shared_ptr<void> keep;
    Done done;
  };
  void finished(Id id, ErrorCode error);

  boost::asio::io_context pool_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::vector<std::thread> threads_;
  std::map<Id, Attempt> attempts_;
  Id last_ = 0;
};

template <class Stream>
Handshakes::Id Handshakes::begin(Stream& stream, std::shared_ptr<void> keep, Done done, Side side) {
  const Id id = ++last_;
  const Strand strand = boost::asio::make_strand(pool_);
  auto steps = std::make_shared<Steps>();
  steps->close = [&stream] {
    ErrorCode ignored;
    stream.lowest_layer().close(ignored);
  };
  attempts_.emplace(id, Attempt{strand, steps, std::move(keep), std::move(done)});
  // The operation's steps run where its handler's executor is: on the strand, in the pool. What runs there owns nothing
  // of the io_context's, so that nothing of it is destroyed there.
  boost::asio::post(strand, [this, id, &stream, steps, strand, side] {
    auto completed = [this, id, steps, executor = stream.get_executor()](ErrorCode error) {
      steps->over = true;
      boost::asio::post(executor, [this, id, error] { finished(id, error); });
    };
    stream.async_handshake(side, boost::asio::bind_executor(strand, completed));
  });
  return id;
}

template <class Stream>
boost::asio::awaitable<Handshakes::ErrorCode> Handshakes::run(Stream& stream, std::shared_ptr<void> keep,
                                                              std::function<void(Id)> begun) {
  auto begin_it = [this, &stream, &keep, &begun](auto handler) {
    // std::function wants to copy, a coroutine's handler can't be.
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    const Id id = this->begin(stream, std::move(keep), [shared](ErrorCode error) { (*shared)(error); });
    begun(id);
  };
  auto [error] = co_await boost::asio::async_initiate<decltype(awaited), void(ErrorCode)>(begin_it, awaited);
  co_return error;
}

}  // namespace roamdesk
