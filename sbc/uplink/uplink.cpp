#include "sbc/uplink/uplink.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>

#include "common/crypto/aead.hpp"
#include "common/log/log.hpp"
#include "common/tunnel/enrolment.hpp"
#include "sbc/uplink/identity_file.hpp"

namespace roamdesk::sbc {

Uplink::Uplink(boost::asio::io_context& io, Settings settings, Callbacks callbacks, tunnel::link::MediaLink* media)
    : io_(io), settings_(std::move(settings)), callbacks_(std::move(callbacks)), media_(media), timer_(io) {}

Uplink::~Uplink() { *alive_ = false; }

void Uplink::start() { find_identity(); }

void Uplink::stop() {
  stopped_ = true;
  timer_.cancel();
  if (client_) client_->stop();
}

void Uplink::find_identity() {
  try {
    if (const auto identity = load_identity(settings_.state_dir)) {
      connect(*identity);
      return;
    }
  } catch (const std::exception& error) {
    if (trouble_ != error.what()) log::error("sbc.identity_unusable", {{"why", error.what()}});
    trouble_ = error.what();
    look_again();
    return;
  }
  if (settings_.enrolment_key) {
    enrol();
    return;
  }
  // `sbc enrol` may still run beside us; its result is picked up.
  if (trouble_.empty()) {
    trouble_ = "not enrolled; run `sbc enrol`, or set enrolment_key";
    log::error("sbc.not_enrolled", {{"state_dir", settings_.state_dir.string()}, {"what_to_do", trouble_}});
  }
  look_again();
}

void Uplink::look_again() {
  timer_.expires_after(settings_.look_again);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !stopped_) find_identity();
  });
}

void Uplink::enrol() {
  const auto key = tunnel::parse_enrolment_key(settings_.enrolment_key->reveal());
  if (!key) {
    if (trouble_.empty()) log::error("sbc.enrolment_key_unusable", {{"why", tunnel::describe(key.error())}});
    trouble_ = tunnel::describe(key.error());
    look_again();
    return;
  }
  tunnel::link::enrol(io_, settings_.cores, *key, std::chrono::seconds{8},
                      [this, alive = alive_](Result<crypto::Identity, tunnel::link::EnrolFailure> result) {
                        if (!*alive || stopped_) return;
                        if (!result) {
                          if (trouble_ != result.error().text)
                            log::error("sbc.enrolment_failed", {{"why", result.error().text}});
                          trouble_ = result.error().text;
                          look_again();
                          return;
                        }
                        try {
                          store_identity(settings_.state_dir, *result);
                        } catch (const std::exception& error) {
                          // Used all the same: the key is spent, and the next start must be repaired by hand.
                          log::error("sbc.identity_not_stored", {{"why", error.what()}});
                        }
                        connect(*result);
                      });
}

void Uplink::connect(const crypto::Identity& identity) {
  if (const auto info = crypto::inspect_certificate(identity.certificate)) name_ = info->common_name;
  authority_ = identity.authority;
  trouble_.clear();
  tunnel::link::Client::Settings client;
  client.cores = settings_.cores;
  client.identity = identity;
  client.software = settings_.software;
  client.lans = settings_.lans;
  client.session = settings_.session;
  client.back_off = settings_.back_off;
  tunnel::link::ClientHandler& self = *this;
  client_ = std::make_unique<tunnel::link::Client>(io_, std::move(client), self, media_);
  client_->start();
}

void Uplink::use_cores(std::vector<std::string> cores) {
  settings_.cores = std::move(cores);
  if (client_) client_->use_cores(settings_.cores);
}

bool Uplink::send(tunnel::Frame frame) { return client_ && client_->send(std::move(frame)); }

bool Uplink::reachable() const {
  if (connected_) return true;
  return lost_ && std::chrono::steady_clock::now() - *lost_ < settings_.grace;
}

void Uplink::report_load(std::uint32_t phones, std::uint32_t streams) {
  if (client_) client_->report_load(phones, streams);
}

tunnel::link::ClientStatus Uplink::status() const {
  tunnel::link::ClientStatus status;
  if (client_) status = client_->status();
  status.connected = connected_;
  if (status.last_error.empty()) status.last_error = trouble_;
  return status;
}

void Uplink::on_connected(const tunnel::Welcome& welcome) {
  connected_ = true;
  lost_.reset();
  log::info("tunnel.connected",
            {{"core", client_->status().core}, {"version", welcome.software}, {"resumed", welcome.resumed}});
  const bool goes_on = std::exchange(core_, welcome.core) == welcome.core;
  callbacks_.connected(welcome.resumed ? Known::all : goes_on ? Known::streams : Known::nothing);
}

void Uplink::on_disconnected(tunnel::Reason reason, std::string_view text) {
  if (connected_) lost_ = std::chrono::steady_clock::now();
  connected_ = false;
  log::warning("tunnel.disconnected", {{"why", text.empty() ? tunnel::explain(reason) : text}});
  callbacks_.disconnected();
}

void Uplink::on_frame(tunnel::Frame frame) { callbacks_.frame(std::move(frame)); }

void Uplink::on_identity(const crypto::Identity& identity) {
  try {
    store_identity(settings_.state_dir, identity);
    log::info("sbc.certificate_renewed");
  } catch (const std::exception& error) {
    log::error("sbc.identity_not_stored", {{"why", error.what()}});
  }
}

}  // namespace roamdesk::sbc
