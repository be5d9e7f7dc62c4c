#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>
#include <string_view>

#include "common/sip_transport/sip_streams.hpp"

// Internal to common/sip_transport: TLS 1.2 and 1.3 in both roles.
namespace roamdesk::net {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

// Throws boost::system::system_error where the identity isn't a usable one.
std::unique_ptr<boost::asio::ssl::context> make_server_context(const TlsIdentity& identity);
// nullopt where its authority isn't a certificate in PEM.
std::optional<boost::asio::ssl::context> make_client_context(const TlsPeer& peer);
// What the handshake is to check (RFC 5922 §7): the certificate's chain and purpose, and that it is one for this name,
// no wildcard. False where the name can't be one.
bool expect(TlsStream& stream, const TlsPeer& peer);
// Why a handshake failed, in a few words.
std::string_view explain_handshake(TlsStream& stream);

}  // namespace roamdesk::net
