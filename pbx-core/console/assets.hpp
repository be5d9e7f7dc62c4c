#pragma once
#include <span>
#include <string_view>

// The web console's files, built by Vite and embedded into the program, so that one file is deployed.
namespace roamdesk::console {

struct Asset {
  std::string_view path;  // as in a request's target, without the query: "/index.html", "/assets/index-B3f0x.js"
  std::string_view content_type;  // with its charset where it is text
  std::string_view etag;          // a strong validator, quoted as in the header; of the identity bytes
  bool immutable = false;         // its name carries a hash of what is in it: it may be kept for ever
  std::string_view identity;      // the bytes as they are
  std::string_view gzip;          // empty where compressing doesn't make it smaller
  std::string_view brotli;        // likewise
};

// All of them, ordered by path. There is always "/index.html"; without the console (CMake's CONSOLE=OFF), a page that
// says so.
std::span<const Asset> assets();

// The asset of exactly this path, or null. "/" isn't "/index.html" here: which paths the page's own routes take is the
// server's business.
const Asset* find(std::string_view path);

}  // namespace roamdesk::console
