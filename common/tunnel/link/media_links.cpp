#include "common/tunnel/link/media_links.hpp"

#include <utility>

#include "common/tunnel/link/datagram_socket.hpp"

namespace roamdesk::tunnel::link {
namespace {

// The same addresses with the ports that are free there. One after the other, so that two with port 0 get two.
std::vector<Endpoint> free_ones(const std::vector<Endpoint>& listen) {
  std::vector<DatagramSocket> alone;
  std::vector<Endpoint> found;
  for (const auto& address : listen) {
    alone.emplace_back(address, false);
    found.push_back({address.address, alone.back().local_endpoint().port});
  }
  return found;
}

}  // namespace

MediaLinks::MediaLinks(const MediaLink::Settings& settings, std::size_t threads) {
  if (threads > 1 && !settings.listen.empty()) {
    auto shared = settings;
    shared.listen = free_ones(settings.listen);
    shared.shared = true;
    links_.push_back(std::make_unique<MediaLink>(Side::core, shared));
    if (links_[0]->steer(threads)) {
      while (links_.size() < threads) links_.push_back(std::make_unique<MediaLink>(Side::core, shared));
      return;
    }
    links_.clear();
  }
  links_.push_back(std::make_unique<MediaLink>(Side::core, settings));
}

std::vector<MediaLink*> MediaLinks::all() const {
  std::vector<MediaLink*> links;
  for (const auto& link : links_) links.push_back(link.get());
  return links;
}

std::uint64_t MediaLinks::unsent() const {
  std::uint64_t sum = 0;
  for (const auto& link : links_) sum += link->unsent();
  return sum;
}

}  // namespace roamdesk::tunnel::link
