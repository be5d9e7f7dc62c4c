#pragma once
#include <span>
#include <string_view>

#include "common/http/message.hpp"

// Files built into the program, served as a web application.
namespace roamdesk::http {

// What it points at lasts as long as the program.
struct Asset {
  std::string_view path;          // "/assets/index-4f2a.js"; "/index.html" is the application's page
  std::string_view content_type;  // "text/javascript; charset=utf-8"
  std::string_view etag;          // a strong validator of the identity bytes, with its quotes
  bool immutable = false;         // its name changes with its content: kept for a year without asking
  std::string_view identity;
  std::string_view gzip, brotli;  // the same, compressed; empty where there is none
};

// Answers GET and HEAD with the best encoding that the client takes, 304 where it has that already, and `page_policy`
// as the page's Content-Security-Policy. A path that is no file's, and that doesn't look like one (a dot in its only
// segment, or anything below /assets/), is a route of the application: it gets /index.html. No `assets`:
// everything is 404.
Handler asset_handler(std::span<const Asset> assets, std::string_view page_policy);

}  // namespace roamdesk::http
