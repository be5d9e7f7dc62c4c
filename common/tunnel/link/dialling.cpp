#include "common/tunnel/link/dialling.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/this_coro.hpp>
#include <charconv>
#include <stdexcept>

#include "common/asio/awaited.hpp"
#include "common/net/asio_address.hpp"
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
  const auto bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  const auto colon = bracket == std::string_view::npos ? text.rfind(':') : text.find(':', bracket);
  core.host = text.substr(0, colon);
  if (colon != std::string_view::npos) {
    const auto digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), core.port);
    if (error != std::errc{} || end != digits.data() + digits.size()) core.port = 0;
  }
  const auto address = parse_ip_host(core.host);
  const bool is_ipv6 = address && text.starts_with('[');
  if (is_ipv6) core.host = to_string(*address);
  if (core.host.empty() || (core.host.find_first_of(":[]") != std::string::npos && !is_ipv6) || core.port == 0) {
    throw std::runtime_error{"core address \"" + std::string{text} + "\": name:port or [2001:db8::1]:port is expected"};
  }
  return core;
}

std::string to_string(const CoreAddress& core) {
  const auto address = parse_ip(core.host);
  return (address ? host_of(*address) : core.host) + ':' + std::to_string(core.port);
}

asio::awaitable<std::vector<tcp::endpoint>> resolve(CoreAddress core, std::string& why) {
  std::vector<tcp::endpoint> endpoints;
  if (const auto address = parse_ip(core.host)) {
    endpoints.push_back(net::to_tcp({*address, core.port}));
    co_return endpoints;
  }
  // Of either family, in the order of RFC 6724: what this machine has no way to comes last.
  constexpr tcp::resolver::flags no_flags{};
  tcp::resolver resolver{co_await asio::this_coro::executor};
  const auto [error, found] = co_await resolver.async_resolve(core.host, std::to_string(core.port), no_flags, awaited);
  if (error) why = core.host + ": " + error.message();
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

asio::awaitable<std::shared_ptr<Connection>> dial(tcp::endpoint endpoint, asio::ssl::context& context, Duration timeout,
                                                  std::string& why) {
  tcp::socket socket{co_await asio::this_coro::executor};
  auto connection = std::make_shared<Connection>(std::move(socket), context);
  connection->arm(timeout);
  const auto where = to_string(net::from_asio(endpoint));
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
