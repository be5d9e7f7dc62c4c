#include "pbx-core/console/assets.hpp"

namespace roamdesk::console {
namespace {

constexpr std::string_view kPage =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Roamdesk</title>\n<h1>Roamdesk</h1>\n"
    "<p>This pbx-core was built without its web console (CMake option CONSOLE=OFF). The API is at "
    "<a href=\"/api/v1/openapi.json\">/api/v1</a>.</p>\n</html>\n";

constexpr Asset kAssets[] = {{"/index.html", "text/html; charset=utf-8", "\"without-console\"", false, kPage, {}, {}}};

}  // namespace

std::span<const Asset> assets() { return kAssets; }

}  // namespace roamdesk::console
