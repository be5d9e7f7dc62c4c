#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>

#include "common/asio/awaited.hpp"
#include "common/net/asio_address.hpp"
#include "common/tunnel/link/client.hpp"
#include "common/tunnel/link/dialling.hpp"
#include "common/tunnel/link/tls.hpp"

namespace roamdesk::tunnel::link {
namespace {

namespace asio = boost::asio;
using Outcome = Result<crypto::Identity, EnrolFailure>;

EnrolFailure failure(Reason reason, bool reached, std::string text) {
  EnrolFailure failed;
  failed.reason = reason;
  failed.reached = reached;
  failed.text = std::move(text);
  return failed;
}

// What the core answered, checked against our key and the digest that the operator carried here.
Outcome judge(const std::optional<Frame>& answer, const Secret& key, const EnrolmentKey& enrolment) {
  if (!answer) return failure(Reason::lost, true, "the core closed the connection without an answer");
  if (const auto* goodbye = std::get_if<Goodbye>(&*answer)) return failure(goodbye->reason, true, goodbye->text);
  const auto* issued = std::get_if<Issued>(&*answer);
  if (issued == nullptr) return failure(Reason::protocol_error, true, std::string{explain(Reason::protocol_error)});
  const auto certificate = crypto::inspect_certificate(issued->certificate);
  const auto authority = crypto::inspect_certificate(issued->authority);
  if (!certificate || !authority || authority->fingerprint != enrolment.authority ||
      certificate->common_name != enrolment.name || !crypto::belongs_together(key, issued->certificate)) {
    return failure(Reason::protocol_error, true, "the core's answer isn't a certificate for this SBC's key and name");
  }
  crypto::Identity identity;
  identity.key = key;
  identity.certificate = issued->certificate;
  identity.authority = issued->authority;
  return identity;
}

// The outcome; nullopt where this address didn't answer (`why` says).
asio::awaitable<std::optional<Outcome>> enrol_at(asio::ip::tcp::endpoint endpoint, const EnrolmentKey& enrolment,
                                                 Duration timeout, std::string& why) {
  bool wrong_authority = false;
  auto context = make_enrolment_context(enrolment.authority, wrong_authority);
  const auto connection = co_await dial(endpoint, context, timeout, why);
  if (!connection) {
    if (!wrong_authority) co_return std::nullopt;
    auto failed = failure(Reason::not_enrolled, true,
                          to_string(net::from_asio(endpoint.address())) +
                              " answers, but isn't the core that made this key (its certificate authority is another)");
    failed.wrong_authority = true;
    co_return Outcome{std::move(failed)};
  }
  connection->arm(timeout);
  const auto key = crypto::generate_key();
  const auto request = crypto::make_request(key, enrolment.name);
  Enrol enrol;
  enrol.name = enrolment.name;
  enrol.secret = enrolment.secret;
  if (request) enrol.request = *request;
  crypto::Bytes bytes;
  append_frame(enrol, bytes);
  co_await asio::async_write(connection->stream(), asio::buffer(bytes), awaited);
  const auto answer = co_await connection->read_frame();
  connection->close();
  co_return judge(answer, key, enrolment);
}

asio::awaitable<void> enrol_anywhere(std::vector<std::string> cores, EnrolmentKey key, Duration timeout,
                                     std::function<void(Outcome)> done) {
  std::string why = "no core is configured";
  for (const auto& core : cores) {
    const auto endpoints = co_await resolve(parse_core(core), why);
    for (const auto& endpoint : endpoints) {
      auto outcome = co_await enrol_at(endpoint, key, timeout, why);
      if (outcome) {
        done(std::move(*outcome));
        co_return;
      }
    }
  }
  done(failure(Reason::unreachable, false, "no core can be reached; the last error was: " + why));
}

}  // namespace

void enrol(asio::io_context& io, std::vector<std::string> cores, EnrolmentKey key, Duration timeout,
           std::function<void(Result<crypto::Identity, EnrolFailure>)> done) {
  for (const auto& core : cores) parse_core(core);  // throws at once
  asio::co_spawn(io, enrol_anywhere(std::move(cores), std::move(key), timeout, std::move(done)), asio::detached);
}

}  // namespace roamdesk::tunnel::link
