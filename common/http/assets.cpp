#include "common/http/assets.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "common/http/negotiation.hpp"

namespace roamdesk::http {
namespace {

struct Variant {
  std::string_view coding;  // as Content-Encoding has it; empty: identity
  std::string_view body;
};

// The smallest of what the client likes best.
Variant choose(const Asset& asset, std::string_view accept_encoding) {
  Variant best{"", asset.identity};
  // RFC 9110 §12.5.3: what is there unencoded may be sent though it was refused, rather than nothing.
  int liked = weight_of("identity", accept_encoding);
  const auto consider = [&](std::string_view coding, std::string_view body) {
    const int weight = body.empty() ? 0 : weight_of(coding, accept_encoding);
    if (weight == 0 || weight < liked) return;
    best = {coding, body};
    liked = weight;
  };
  consider("gzip", asset.gzip);
  consider("br", asset.brotli);
  return best;
}

// RFC 9110 §8.8.3.3: encodings of one thing have different strong tags.
std::string tag_of(const Asset& asset, const Variant& variant) {
  std::string tag(asset.etag);
  if (!variant.coding.empty() && tag.ends_with('"')) tag.insert(tag.size() - 1, "-" + std::string(variant.coding));
  return tag;
}

bool is_route(std::string_view path) {
  if (path.starts_with("/assets/")) return false;
  return path.find('/', 1) != std::string_view::npos || path.find('.') == std::string_view::npos;
}

Response refuse(unsigned status, std::string_view why) {
  Response response;
  response.status = status;
  response.fields = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.body = why;
  return response;
}

}  // namespace

Handler asset_handler(std::span<const Asset> assets, std::string_view page_policy) {
  std::map<std::string_view, Asset> by_path;
  for (const Asset& asset : assets) by_path.emplace(asset.path, asset);
  return [by_path = std::move(by_path), policy = std::string(page_policy)](const Request& request,
                                                                           const Respond& respond) {
    if (request.method != "GET" && request.method != "HEAD") {
      Response refusal = refuse(405, "Here is a page to be read.\n");
      refusal.fields.push_back({"Allow", "GET, HEAD"});
      return respond(std::move(refusal));
    }
    const std::string path = request.path();
    if (!path.starts_with('/')) return respond(refuse(400, "This path is none.\n"));
    auto found = by_path.find(path);
    if (found == by_path.end() && is_route(path)) found = by_path.find("/index.html");
    if (found == by_path.end()) return respond(refuse(404, "There is no such file.\n"));
    const Asset& asset = found->second;
    const Variant variant = choose(asset, request.field("Accept-Encoding").value_or(""));
    const std::string tag = tag_of(asset, variant);
    Response response;
    response.fields = {{"Content-Type", std::string(asset.content_type)},
                       {"ETag", tag},
                       {"Vary", "Accept-Encoding"},
                       {"Content-Security-Policy", policy},
                       // no-cache: kept, but asked about each time.
                       {"Cache-Control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache"}};
    if (const auto known = request.field("If-None-Match"); known && has_tag(*known, tag)) {
      response.status = 304;
      return respond(std::move(response));
    }
    if (!variant.coding.empty()) response.fields.push_back({"Content-Encoding", std::string(variant.coding)});
    response.body = variant.body;
    respond(std::move(response));
  };
}

}  // namespace roamdesk::http
