#include "common/tunnel/link/dialling.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/this_coro.hpp>
#include <charconv>
#include <stdexcept>

#include "common/asio/awaited.hpp"
#include "common/tunnel/link/tls.hpp"

namespace roamdesk::tunnel::link {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Why a handshake failed, for an operator.
std::string reason(const boost::system::error_code& error, SSL* ssl) {
  if (!error) return "it isn't a Roamdesk core";
  if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) return "no answer";
  if (SSL_get_verify_result(ssl) != X509_V_OK) {
    return "its certificate isn't from the core that enrolled this SBC";
  }
  return error.message();
}

}  // namespace

CoreAddress parse_core(std::string_view text) {
  CoreAddress core;
  const auto colon = text.rfind(':');
  core.host = text.substr(0, colon);
  if (colon != std::string_view::npos) {
    const auto digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), core.port);
    if (error != std::errc{} || end != digits.data() + digits.size()) core.port = 0;
  }
  if (core.host.empty() || core.host.find(':') != std::string::npos || core.port == 0) {
    throw std::runtime_error{"core address \"" + std::string{text} + "\": name:port is expected"};
  }
  return core;
}

asio::awaitable<std::vector<tcp::endpoint>> resolve(CoreAddress core, std::string& why) {
  std::vector<tcp::endpoint> endpoints;
  boost::system::error_code not_numeric;
  const auto numeric = asio::ip::make_address_v4(core.host, not_numeric);
  if (!not_numeric) {
    endpoints.emplace_back(numeric, core.port);
    co_return endpoints;
  }
  tcp::resolver resolver{co_await asio::this_coro::executor};
  const auto [error, found] = co_await resolver.async_resolve(tcp::v4(), core.host, std::to_string(core.port), awaited);
  if (error) why = core.host + ": " + error.message();
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

asio::awaitable<std::shared_ptr<Connection>> dial(tcp::endpoint endpoint, asio::ssl::context& context, Duration timeout,
                                                  std::string& why) {
  tcp::socket socket{co_await asio::this_coro::executor, tcp::v4()};
  auto connection = std::make_shared<Connection>(std::move(socket), context);
  connection->arm(timeout);
  const auto where = endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
  const auto [refused] = co_await connection->stream().lowest_layer().async_connect(endpoint, awaited);
  if (refused) {
    why = where + ": " + (refused == asio::error::operation_aborted ? "no answer" : refused.message());
    connection->close();
    co_return nullptr;
  }
  connection->connected();
  SSL_set_tlsext_host_name(connection->native(), core_name);
  const auto failed = co_await connection->handshake();
  if (failed || !speaks_roamdesk(connection->native())) {
    why = where + ": " + reason(failed, connection->native());
    connection->close();
    co_return nullptr;
  }
  connection->disarm();
  co_return connection;
}

}  // namespace roamdesk::tunnel::link
