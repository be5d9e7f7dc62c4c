#include "pbx-core/operations/packages.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "pbx-core/platform/files.hpp"
#include "pbx-core/rollout/words.hpp"

namespace roamdesk::core {
namespace {

constexpr std::size_t least_cost = 4096;  // of a request, however little it reads

http::Response refuse(unsigned status, std::string_view why) {
  http::Response response;
  response.status = status;
  response.fields = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.body = why;
  return response;
}

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::optional<std::string> read(int fd, std::size_t from, std::size_t count) {
  std::string text(count, '\0');
  for (std::size_t at = 0; at < count;) {
    const ssize_t n = ::pread(fd, text.data() + at, count - at, static_cast<off_t>(from + at));
    if (n <= 0) return std::nullopt;
    at += static_cast<std::size_t>(n);
  }
  return text;
}

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::string> package_name(std::string_view path) {
  constexpr std::string_view below = "/packages/";
  constexpr std::array<std::string_view, 7> known = {"InRelease",
                                                     "Packages",
                                                     "Packages.gz",
                                                     "Release",
                                                     "Release.gpg",
                                                     "install-branch",
                                                     "roamdesk-archive-keyring.gpg"};
  constexpr std::size_t longest = 200;
  if (!path.starts_with(below)) return std::nullopt;
  path.remove_prefix(below.size());
  if (path.starts_with("./")) path.remove_prefix(2);  // as apt asks of a repository without suites
  if (std::find(known.begin(), known.end(), path) != known.end()) return std::string{path};
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view{".+~-_"}.find(c) != std::string_view::npos;
  };
  const bool package = path.starts_with("roamdesk-") && path.ends_with(".deb") && path.size() <= longest &&
                       std::all_of(path.begin(), path.end(), good);
  return package ? std::optional{std::string{path}} : std::nullopt;
}

std::optional<std::pair<std::size_t, std::size_t>> range_of(std::string_view field, std::size_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!field.starts_with(unit)) return std::nullopt;
  field.remove_prefix(unit.size());
  const auto dash = field.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = number(field.substr(0, dash)), last = number(field.substr(dash + 1));
  const bool open = field.size() == dash + 1;
  if (dash == 0) {  // the last so many
    if (!last) return std::nullopt;
    const std::size_t count = std::min(*last, size);
    return std::pair{size - count, count};
  }
  if (!first || (!last && !open) || (last && *last < *first)) return std::nullopt;
  if (*first >= size) return std::pair{size, std::size_t{0}};
  return std::pair{*first, (last ? std::min(*last, size - 1) : size - 1) - *first + 1};
}

bool Packages::available() const {
  std::error_code ignored;
  return std::filesystem::is_regular_file(folder_ / "InRelease", ignored) &&
         std::filesystem::is_regular_file(folder_ / "install-branch", ignored);
}

std::vector<std::string> Packages::newest() const {
  constexpr std::size_t longest_list = 4 << 20;
  std::error_code error;
  const auto list = folder_ / "Packages";
  const auto size = std::filesystem::file_size(list, error);
  return error || size > longest_list || !available() ? std::vector<std::string>{}
                                                      : rollout::newest_in(read_file(list));
}

bool Packages::may_read(const IpAddress& source, std::size_t bytes, TimePoint now) {
  const auto cost = static_cast<double>(std::max(bytes, least_cost));
  // What is longer than a full bucket empties it.
  const double own = std::min(cost, limits_.per_source.burst), all = std::min(cost, limits_.in_all.burst);
  return sources_.would_allow(source, now, own) && all_.take(limits_.in_all, now, all) &&
         sources_.allow(source, now, own);
}

http::Handler handler_of(Packages& packages) {
  return [&packages](const http::Request& request, const http::Respond& respond) {
    respond(packages.answer(request, std::chrono::steady_clock::now()));
  };
}

api::Installer installer(const Packages& packages, const Config& config) {
  return {packages.available(), config.http.certificate ? "" : read_file(config.state_dir / "authority.pem"),
          packages.newest()};
}

http::Response Packages::answer(const http::Request& request, TimePoint now) {
  if (request.method != "GET" && request.method != "HEAD") {
    auto refusal = refuse(405, "Here are packages to be fetched.\n");
    refusal.fields.push_back({"Allow", "GET, HEAD"});
    return refusal;
  }
  const auto name = package_name(request.path());
  const auto none = [] { return refuse(404, "There is no such package.\n"); };
  if (!name) return none();
  const Fd folder{::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  const Fd file{
      folder.get() < 0 ? -1 : ::openat(folder.get(), name->c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  struct stat about {};
  if (file.get() < 0 || ::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) return none();
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size > limits_.file) return none();
  const auto range = range_of(request.field("Range").value_or(""), size);
  const auto [from, count] = range.value_or(std::pair{std::size_t{0}, size});
  if (range && count == 0) {
    auto refusal = refuse(416, "There is nothing there.\n");
    refusal.fields.push_back({"Content-Range", fmt::format("bytes */{}", size)});
    return refusal;
  }
  if (!may_read(request.peer.address, request.method == "HEAD" ? 0 : count, now)) {
    auto refusal = refuse(429, "Too much at once; try again in a few seconds.\n");
    refusal.fields.push_back({"Retry-After", "5"});
    return refusal;
  }
  auto text = read(file.get(), from, count);  // for HEAD too: its length is told
  if (!text) return refuse(503, "It can't be read at the moment.\n");
  http::Response response;
  response.status = range ? 206 : 200;
  response.fields = {
      {"Content-Type", "application/octet-stream"}, {"Cache-Control", "no-cache"}, {"Accept-Ranges", "bytes"}};
  if (range) response.fields.push_back({"Content-Range", fmt::format("bytes {}-{}/{}", from, from + count - 1, size)});
  response.body = std::move(*text);
  return response;
}

}  // namespace roamdesk::core
