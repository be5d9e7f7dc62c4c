#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/tunnel/frame_trait.hpp"

// Provisioning: the phones' HTTP requests, and the answers.
namespace roamdesk::tunnel {

// Chosen by the SBC, never reused within a connection.
using HttpId = Strong<struct HttpTag, std::uint32_t>;

struct HttpHeader {
  std::string name, value;
  static void fields(auto& archive, auto& header) {
    archive.text(header.name, most_header_name);
    archive.text(header.value, most_header_value);
  }
  friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};

// Contents that SBCs keep (docs/tunnel.md §3): a request with this header is of an SBC that does; a head with it names
// one, "SHA256 BYTES", in place of a body; and below this path the SBC asks for one that was named to it.
inline constexpr std::string_view content_header = "Roamdesk-Content", content_path = "/content/";

// Requests have no body.
struct HttpRequest {
  static constexpr FrameTrait trait{48, "http_request", Sender::sbc, FrameClass::bulk};

  HttpId id;
  Endpoint face, peer;
  std::string method, path;
  std::vector<HttpHeader> headers;  // at most 64
  static void fields(auto& archive, auto& frame) {
    archive.strong(frame.id);
    archive.endpoint(frame.face);
    archive.endpoint(frame.peer);
    archive.text(frame.method, most_method);
    archive.text(frame.path, most_path);
    archive.list(frame.headers, most_headers);
  }
  friend bool operator==(const HttpRequest&, const HttpRequest&) = default;
};

// One head, then bodies of at most 16 KiB, the last of which says so.
struct HttpHead {
  static constexpr FrameTrait trait{49, "http_head", Sender::core, FrameClass::bulk};

  HttpId id;
  std::uint16_t status = 200;
  std::vector<HttpHeader> headers;
  static void fields(auto& archive, auto& frame) {
    archive.strong(frame.id);
    archive.number(frame.status);
    archive.list(frame.headers, most_headers);
  }
  friend bool operator==(const HttpHead&, const HttpHead&) = default;
};

struct HttpBody {
  static constexpr FrameTrait trait{50, "http_body", Sender::core, FrameClass::bulk};

  HttpId id;
  bool last = true;
  std::string bytes;
  static void fields(auto& archive, auto& frame) {
    archive.strong(frame.id);
    archive.flag(frame.last);
    archive.text(frame.bytes, max_http_body);
  }
  friend bool operator==(const HttpBody&, const HttpBody&) = default;
};

// The answer isn't waited for any more, or can't be completed.
struct HttpCancel {
  static constexpr FrameTrait trait{51, "http_cancel", Sender::both, FrameClass::bulk};

  HttpId id;
  static void fields(auto& archive, auto& frame) { archive.strong(frame.id); }
  friend bool operator==(const HttpCancel&, const HttpCancel&) = default;
};

// The SBC wants a certificate of the core's authority for its networks: the addresses of its hello, whatever the
// request says.
struct LanCertificateWanted {
  static constexpr FrameTrait trait{52, "lan_certificate_wanted", Sender::sbc, FrameClass::signalling};

  std::string request;  // PKCS#10, PEM
  static void fields(auto& archive, auto& frame) { archive.text(frame.request, most_pem); }
  friend bool operator==(const LanCertificateWanted&, const LanCertificateWanted&) = default;
};

// The answer; none where the request can't be used.
struct LanCertificate {
  static constexpr FrameTrait trait{53, "lan_certificate", Sender::core, FrameClass::signalling};

  std::string certificate;  // PEM, the authority's behind it
  static void fields(auto& archive, auto& frame) { archive.text(frame.certificate, most_pem); }
  friend bool operator==(const LanCertificate&, const LanCertificate&) = default;
};

// Where the SBC serves provisioning over TLS, with a certificate of the core's authority. A request that came there
// came over TLS. The newest one counts; nothing is offered before the first.
struct HttpsOffered {
  static constexpr FrameTrait trait{54, "https_offered", Sender::sbc, FrameClass::signalling};

  struct At {
    Endpoint endpoint;
    static void fields(auto& archive, auto& at) { archive.endpoint(at.endpoint); }
    friend bool operator==(const At&, const At&) = default;
  };
  std::vector<At> at;
  static void fields(auto& archive, auto& frame) { archive.list(frame.at, most_lans); }
  friend bool operator==(const HttpsOffered&, const HttpsOffered&) = default;
};

using HttpFrames =
    FrameList<HttpRequest, HttpHead, HttpBody, HttpCancel, LanCertificateWanted, LanCertificate, HttpsOffered>;

}  // namespace roamdesk::tunnel
