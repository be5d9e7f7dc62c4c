#include "exchange/calls/invite_server.hpp"

#include <utility>

#include "common/sip/call_headers.hpp"

namespace roamdesk::calls {
namespace {

// Of one caller; the oldest goes.
constexpr std::size_t most_waiting = 8;

void set_sdp(sip::Message& response, const std::string& sdp) {
  response.content_type = "application/sdp";
  response.body = sdp;
}

}  // namespace

InviteServer::InviteServer(sip::ServerTx tx, sip::Message invite, bool offers)
    : tx_(tx), invite_(std::move(invite)), offers_(offers), reliable_(invite_.lists("Require", "100rel")) {}

sip::ServerTx InviteServer::close() {
  held_answer_.reset();
  return *std::exchange(tx_, std::nullopt);
}

std::optional<InviteServer::Provisional> InviteServer::provisional(Provisional what, std::optional<LegId> from) {
  if (!tx_ || held_answer_) return std::nullopt;
  if (last_status_ == what.status && (what.sdp.empty() || early_sdp_ == what.sdp)) return std::nullopt;
  // RFC 3261 §13.2.1: the first reliable message after an INVITE without offer has to hold one, and there is none yet.
  if (reliable_ && !offers_) return std::nullopt;
  last_status_ = what.status;
  if (!what.sdp.empty()) {
    early_sdp_ = what.sdp;
    early_from_ = from;
  }
  if (!unacknowledged_) return what;
  if (waiting_.size() >= most_waiting) waiting_.pop_front();
  waiting_.push_back(std::move(what));
  return std::nullopt;
}

void InviteServer::number(sip::Message& response) {
  if (!reliable_) return;
  unacknowledged_ = Unacknowledged{.rseq = ++rseq_, .sdp = !response.body.empty()};
  response.set_header("Require", "100rel");
  response.set_header("RSeq", std::to_string(rseq_));
}

InviteServer::Prack InviteServer::prack(const sip::Message& request, std::uint32_t& acknowledged) {
  const auto rack = sip::rack(request);
  if (!rack || !unacknowledged_ || rack->rseq != unacknowledged_->rseq || rack->cseq.number != invite_.cseq.number ||
      rack->cseq.method != "INVITE")
    return Prack::unknown;
  if (!request.body.empty()) return Prack::offers;
  acknowledged = unacknowledged_->rseq;
  unacknowledged_.reset();
  return Prack::expected;
}

std::optional<InviteServer::Provisional> InviteServer::next_provisional() {
  if (waiting_.empty() || held_answer_) return std::nullopt;
  auto next = std::move(waiting_.front());
  waiting_.pop_front();
  return next;
}

std::optional<sip::Message> InviteServer::take_held_answer() {
  return tx_ ? std::exchange(held_answer_, std::nullopt) : std::nullopt;
}

std::optional<sip::Message> InviteServer::accept(sip::Message response, const std::string& sdp) {
  waiting_.clear();
  const bool said = early_sdp_ == sdp;
  if (unacknowledged_ && unacknowledged_->sdp) {
    if (!said) set_sdp(response, sdp);
    held_answer_ = std::move(response);
    return std::nullopt;
  }
  // The answer went out reliably already: not again (RFC 3262 §5).
  if (!reliable_ || early_sdp_.empty() || !said || unacknowledged_) set_sdp(response, sdp);
  return response;
}

void InviteServer::begin_fork() {
  unacknowledged_.reset();
  early_sdp_.clear();
}

}  // namespace roamdesk::calls
