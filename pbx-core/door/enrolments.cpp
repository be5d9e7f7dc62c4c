#include "pbx-core/door/enrolments.hpp"

#include "common/crypto/random.hpp"
#include "common/log/log.hpp"
#include "common/tunnel/enrolment.hpp"

namespace roamdesk::door {

namespace {
constexpr unsigned most_refusals_told = 10;  // lines a minute; anyone may try, and tunnel.turned_away counts them all
}

using tunnel::Goodbye;
using tunnel::Reason;

Secret Enrolments::make_key(Sbc& record) const {
  const tunnel::EnrolmentKey key =
      tunnel::make_enrolment_key(authority_.digest(), record.name, crypto::random_bytes(16));
  record.enrolment_secret_hash = tunnel::hash_secret(key.secret);
  record.enrolment_until = now_() + tunnel::enrolment_lifetime;
  return tunnel::to_text(key);
}

bool Enrolments::is_allowed(const std::string& name, std::string_view serial) {
  auto record = handler_.find_sbc(name);
  if (!record || serial.empty()) return false;
  if (serial == record->certificate_serial) return true;
  if (serial != record->next_certificate_serial) return false;
  // It has the new one: the old one ends here.
  record->certificate_serial = std::exchange(record->next_certificate_serial, {});
  handler_.store_sbc(std::move(*record), [](bool) {});
  return true;
}

Result<Enrolments::Signed, Goodbye> Enrolments::sign(const std::string& request, const std::string& name) const {
  const auto certificate = authority_.sign_client(request, name, crypto::random_bytes(16), now_(), lifetime_);
  if (!certificate) return Goodbye{Reason::bad_request, std::string{crypto::describe(certificate.error())}};
  const auto info = crypto::inspect_certificate(*certificate);
  if (!info) return Goodbye{Reason::bad_request, std::string{crypto::describe(info.error())}};
  return Signed{*certificate, info->serial};
}

Result<std::string, crypto::CertificateError> Enrolments::certify(const std::string& request,
                                                                  const std::vector<std::string>& addresses) const {
  return authority_.sign_server(request, addresses, crypto::random_bytes(16), now_(), lifetime_);
}

void Enrolments::tell_refused(const std::string& name, Reason why) {
  const WallTime now = now_();
  if (now - refusals_since_ >= std::chrono::minutes{1}) {
    refusals_since_ = now;
    refusals_told_ = 0;
  }
  if (refusals_told_++ >= most_refusals_told) return;
  log::warning("sbc.enrolment_refused", {{"sbc", name}, {"why", tunnel::explain(why)}});
}

void Enrolments::enrol(const tunnel::Enrol& request, tunnel::link::ServerHandler::Reply reply,
                       std::function<void()> replaced) {
  auto record = handler_.find_sbc(request.name);
  const bool exists = record.has_value();
  if (!exists) record = Sbc{};
  if (const auto refusal =
          tunnel::check_enrolment(request, exists, record->enrolment_secret_hash, record->enrolment_until, now_())) {
    tell_refused(request.name, refusal->reason);
    reply(*refusal);
    return;
  }
  if (!under_way_.insert(request.name).second) {
    reply(Goodbye{Reason::secret_used, "this key is being used at this moment"});
    return;
  }
  auto issued = sign(request.request, request.name);
  if (!issued) {
    under_way_.erase(request.name);
    reply(issued.error());
    return;
  }
  const bool had_one = !record->certificate_serial.empty();
  record->certificate_serial = issued->serial;
  record->next_certificate_serial.clear();
  record->enrolment_secret_hash.clear();
  record->enrolment_until.reset();
  handler_.store_sbc(*record, [this, name = request.name, certificate = issued->certificate, had_one,
                               reply = std::move(reply), replaced = std::move(replaced)](bool ok) {
    under_way_.erase(name);
    if (!ok) {
      reply(Goodbye{Reason::busy, "the core couldn't store it; try again"});
      return;
    }
    log::info("sbc.enrolled", {{"sbc", name}});
    tunnel::Issued answer;
    answer.certificate = certificate;
    answer.authority = authority_.certificate();
    reply(std::move(answer));
    if (had_one) replaced();
  });
}

void Enrolments::renew(const std::string& name, const std::string& request, tunnel::link::ServerHandler::Reply reply) {
  auto record = handler_.find_sbc(name);
  if (!record) {
    reply(Goodbye{Reason::revoked, "this SBC was deleted"});
    return;
  }
  auto issued = sign(request, name);
  if (!issued) {
    reply(issued.error());
    return;
  }
  record->next_certificate_serial = issued->serial;
  handler_.store_sbc(*record, [this, name, certificate = issued->certificate, reply = std::move(reply)](bool ok) {
    if (!ok) {
      reply(Goodbye{Reason::busy, "the core couldn't store it; try again"});
      return;
    }
    log::info("sbc.certificate_renewed", {{"sbc", name}});
    tunnel::Issued answer;
    answer.certificate = certificate;
    answer.authority = authority_.certificate();
    reply(std::move(answer));
  });
}

}  // namespace roamdesk::door
