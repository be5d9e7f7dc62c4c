#include "common/dns/resolver.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstring>
#include <map>
#include <utility>

#include "common/crypto/random.hpp"
#include "common/dns/channel.hpp"
#include "common/names/lookup.hpp"
#include "common/names/memory.hpp"

namespace roamdesk::dns {
namespace {

namespace asio = boost::asio;
using names::Located;
using names::Query;

std::uint32_t chance(std::uint32_t most) {
  std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
  crypto::fill_random(bytes);
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), bytes.size());
  return static_cast<std::uint32_t>(value % (std::uint64_t{most} + 1));
}

}  // namespace

class Resolver::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, Settings settings)
      : io_(io), settings_(std::move(settings)), channel_(io, settings_.servers) {}

  void locate(const Query& query, Done done) {
    const TimePoint now = std::chrono::steady_clock::now();
    if (const auto known = memory_.recall(query, now)) return later(*known, std::move(done));
    if (const auto open = open_.find(query); open != open_.end()) {
      open->second->done.push_back(std::move(done));
      return;
    }
    if (open_.size() >= settings_.at_once) {
      const names::Problem problem{names::Fault::too_many, query.host};
      const Located busy{.targets = {}, .ttl = names::ask_again_after, .problem = problem, .stale = false};
      return later(memory_.learn(query, busy, now), std::move(done));
    }
    if (open_.empty()) channel_.refresh();
    const auto job = std::make_shared<Job>(io_, query);
    open_.emplace(query, job);
    job->done.push_back(std::move(done));
    job->timer.expires_after(settings_.longest);
    job->timer.async_wait([weak = weak_from_this(), job](boost::system::error_code error) {
      const auto self = weak.lock();
      if (self && !error) self->take(job, job->lookup.give_up());
    });
    take(job, job->lookup.begin());
  }

 private:
  struct Job {
    Job(asio::io_context& io, const Query& wanted) : query(wanted), lookup(wanted, chance), timer(io) {}
    Query query;
    names::Lookup lookup;
    asio::steady_timer timer;
    std::vector<Done> done;
  };

  void later(Located located, Done done) {
    asio::post(io_, [weak = weak_from_this(), located = std::move(located), done = std::move(done)] {
      if (weak.lock()) done(located);
    });
  }
  void take(const std::shared_ptr<Job>& job, names::Lookup::Step step) {
    for (const names::Question& question : step.ask)
      channel_.ask(question, [weak = weak_from_this(), job, question](const names::Answer& answer) {
        if (const auto self = weak.lock()) self->take(job, job->lookup.answered(question, answer));
      });
    if (!step.located) return;
    open_.erase(job->query);
    job->timer.cancel();
    const Located located = memory_.learn(job->query, std::move(*step.located), std::chrono::steady_clock::now());
    for (Done& done : std::exchange(job->done, {})) later(located, std::move(done));
  }

  asio::io_context& io_;
  Settings settings_;
  Channel channel_;
  names::Memory memory_;
  std::map<Query, std::shared_ptr<Job>> open_;
};

Resolver::Resolver(asio::io_context& io, Settings settings) : impl_(std::make_shared<Impl>(io, std::move(settings))) {}
Resolver::~Resolver() = default;
void Resolver::locate(const Query& query, Done done) { impl_->locate(query, std::move(done)); }

}  // namespace roamdesk::dns
