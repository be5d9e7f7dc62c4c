#include "common/media/loop.hpp"
#include "common/media/sockets.hpp"

// Sockets of streams: opened, kept while no stream has them, closed.
namespace roamdesk::media {

// nullptr, and why, where it can't be had.
Ports* Engine::Loop::ready_ports(Endpoint local, std::string& why) {
  const auto kept = kept_.find(local);
  if (kept == kept_.end()) return open_ports(local, why);
  Ports* const ports = kept->second;
  kept_.erase(kept);
  return ports;
}

Ports* Engine::Loop::open_ports(Endpoint local, std::string& why) {
  Ports opened{.serial = ++last_serial_, .local = local};
  opened.rtp = open_udp(local, settings_.dscp, why);
  if (opened.rtp >= 0) opened.rtcp = open_udp(rtcp_of(local), settings_.dscp, why);
  if (opened.rtcp < 0) {
    close_udp(opened.rtp);
    return nullptr;
  }
  ++opened_;
  io_->add(opened.rtp, tag_of(opened, false));
  io_->add(opened.rtcp, tag_of(opened, true));
  return ports_.emplace(opened.serial, std::make_unique<Ports>(opened)).first->second.get();
}

void Engine::Loop::close_ports(Ports& ports) {
  io_->close(ports.rtp, tag_of(ports, false));
  io_->close(ports.rtcp, tag_of(ports, true));
  if (ports.stream) ports.stream->ports = nullptr;
  recent_ports_ = nullptr;
  ports_.erase(ports.serial);
}

void Engine::Loop::perform(const Mark& marked, TimePoint) {
  settings_.dscp = marked.dscp;
  for (const auto& [serial, ports] : ports_)
    for (const int fd : {ports->rtp, ports->rtcp}) mark_udp(fd, marked.dscp);
}

}  // namespace roamdesk::media
