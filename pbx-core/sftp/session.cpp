#include "pbx-core/sftp/session.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <sstream>

namespace roamdesk::sftp {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t longest_list = 4 << 20, most_listed = 10'000;

using Opened = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

std::string encoded(std::string_view path) {
  std::string text;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                       c == '-' || c == '.' || c == '_';
    text += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

// "-rw-------    1 backup   backup      12345 Nov 29 02:30 name": what servers show for `ls -l`; nullopt for what isn't
// a plain file.
std::optional<Session::File> file_in(const std::string& line) {
  if (line.empty() || line.front() != '-') return std::nullopt;
  std::istringstream in{line};
  std::array<std::string, 8> word;
  for (auto& w : word) in >> w;
  Session::File file;
  in >> std::ws;
  std::getline(in, file.name);
  if (file.name.empty()) return std::nullopt;
  std::from_chars(word[4].data(), word[4].data() + word[4].size(), file.bytes);
  return file;
}

}  // namespace

struct Session::Impl {
  Impl(const Target& where, std::stop_token asked, const Patience& p)
      : target(where), stop(std::move(asked)), patience(p) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    easy = curl_easy_init();
    if (!easy) throw SftpError(Kind::other, "there is no memory for a connection");
    if (!target.private_key.empty()) keep_key();
  }
  ~Impl() {
    curl_easy_cleanup(easy);
    if (key >= 0) ::close(key);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // libcurl wants a key as a file: one in memory, which nobody else has a name for.
  void keep_key() {
    key = ::memfd_create("key", MFD_CLOEXEC);
    const auto& text = target.private_key.reveal();
    const std::string_view end = text.ends_with('\n') ? "" : "\n";
    if (key < 0 || ::write(key, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::write(key, end.data(), end.size()) != static_cast<ssize_t>(end.size()))
      throw SftpError(Kind::other, "there is no memory for the private key");
  }

  std::string path_of(const std::string& name) const {
    if (target.directory.empty()) return name;
    return target.directory + (target.directory.ends_with('/') ? "" : "/") + name;
  }
  std::string url_of(const std::string& name) const {
    const std::string host = target.host.find(':') == std::string::npos ? target.host : "[" + target.host + "]";
    const std::string path = path_of(name);
    return fmt::format("sftp://{}:{}{}{}", host, target.port, path.starts_with('/') ? "" : "/~/", encoded(path));
  }

  static int on_host_key(void* self, int, const char* text, std::size_t length) {
    auto& impl = *static_cast<Impl*>(self);
    impl.offered = host_key_of({text, length});
    return impl.offered == impl.target.host_key ? CURLKHMATCH_OK : CURLKHMATCH_MISMATCH;
  }
  // libcurl's own bound of silence counts bytes of files only: a server that falls silent while a folder is looked at
  // or a file is renamed would be waited for as long as for a whole file.
  static int on_progress(void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up) {
    auto& impl = *static_cast<Impl*>(self);
    const auto now = std::chrono::steady_clock::now();
    if (down + up != impl.bytes) impl.heard = now;
    impl.bytes = down + up;
    impl.is_silent = now - impl.heard > impl.patience.silence;
    return impl.is_silent || impl.stop.stop_requested() ? 1 : 0;
  }
  static std::size_t on_bytes(char* text, std::size_t, std::size_t length, void* self) {
    auto& impl = *static_cast<Impl*>(self);
    return impl.take && impl.take({text, length}) ? length : CURL_WRITEFUNC_ERROR;
  }
  static std::size_t on_read(char* into, std::size_t, std::size_t length, void* file) {
    const auto n = std::fread(into, 1, length, static_cast<std::FILE*>(file));
    return n == 0 && std::ferror(static_cast<std::FILE*>(file)) ? CURL_READFUNC_ABORT : n;
  }

  void begin(const std::string& url) {
    curl_easy_reset(easy);  // the connection stays
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "sftp");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience.connect.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, static_cast<long>(patience.longest.count()));
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &Impl::on_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, this);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Impl::on_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy, CURLOPT_SSH_HOSTKEYFUNCTION, &Impl::on_host_key);
    curl_easy_setopt(easy, CURLOPT_SSH_HOSTKEYDATA, this);
    curl_easy_setopt(easy, CURLOPT_NEW_FILE_PERMS, 0600L);
    curl_easy_setopt(easy, CURLOPT_USERNAME, target.user.c_str());
    if (key >= 0) {
      curl_easy_setopt(easy, CURLOPT_SSH_AUTH_TYPES, static_cast<long>(CURLSSH_AUTH_PUBLICKEY));
      curl_easy_setopt(easy, CURLOPT_SSH_PRIVATE_KEYFILE, fmt::format("/proc/self/fd/{}", key).c_str());
    } else {
      curl_easy_setopt(easy, CURLOPT_SSH_AUTH_TYPES, static_cast<long>(CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD));
      curl_easy_setopt(easy, CURLOPT_PASSWORD, target.password.reveal().c_str());
    }
    take = [](std::string_view) { return true; };
  }

  void run() {
    offered.clear();
    bytes = 0;
    heard = std::chrono::steady_clock::now();
    is_silent = false;
    const auto code = curl_easy_perform(easy);
    if (code == CURLE_OK) return;
    if (stop.stop_requested()) throw SftpError(Kind::stopped, "it was stopped, since the program ends");
    throw_for(is_silent && code == CURLE_ABORTED_BY_CALLBACK ? CURLE_OPERATION_TIMEDOUT : code);
  }

  [[noreturn]] void throw_for(CURLcode code) {
    const auto fail = [](Kind kind, const std::string& words) { throw SftpError(kind, words); };
    switch (code) {
      case CURLE_COULDNT_RESOLVE_HOST:
        fail(Kind::name_unknown, fmt::format("the name {} isn't known", target.host));
        break;
      case CURLE_COULDNT_CONNECT:
        fail(Kind::refused, fmt::format("{} takes no connection at port {}", target.host, target.port));
        break;
      case CURLE_OPERATION_TIMEDOUT:
        fail(Kind::silent, fmt::format("{} at port {} doesn't answer", target.host, target.port));
        break;
      case CURLE_PEER_FAILED_VERIFICATION:
        throw SftpError(Kind::host_key,
                        target.host_key.empty()
                            ? fmt::format("the server's key isn't known yet; it shows {}", offered)
                            : fmt::format("the server's key isn't the one that is set: it shows {}, expected {}",
                                          offered, target.host_key),
                        offered);
      case CURLE_LOGIN_DENIED:
        fail(Kind::login, key >= 0 ? fmt::format("the server doesn't let {} in by this private key (or the key has a "
                                                 "passphrase, or can't be read)",
                                                 target.user)
                                   : fmt::format("the server doesn't let {} in by this password", target.user));
        break;
      case CURLE_REMOTE_FILE_NOT_FOUND:
        fail(Kind::directory, fmt::format("there is no folder {} at the server", shown_directory()));
        break;
      case CURLE_REMOTE_ACCESS_DENIED:
        fail(Kind::not_allowed, fmt::format("{} may not do this in {} at the server", target.user, shown_directory()));
        break;
      case CURLE_REMOTE_DISK_FULL:
        fail(Kind::full, "the server's disk is full");
        break;
      case CURLE_WRITE_ERROR:
        fail(Kind::damaged, "what came back isn't what was sent");
        break;
      case CURLE_QUOTE_ERROR:
      case CURLE_REMOTE_FILE_EXISTS:
        fail(Kind::not_allowed,
             fmt::format("the server lets {} rename or delete nothing in {}", target.user, shown_directory()));
        break;
      case CURLE_FAILED_INIT:
      case CURLE_SSH:
      case CURLE_SEND_ERROR:
      case CURLE_RECV_ERROR:
      case CURLE_GOT_NOTHING:
      case CURLE_PARTIAL_FILE:
        fail(Kind::lost, fmt::format("the connection to {} broke off, or it isn't an SFTP server", target.host));
        break;
      default:
        fail(Kind::other, fmt::format("libcurl says: {}", curl_easy_strerror(code)));
    }
    std::terminate();  // all cases throw
  }
  std::string shown_directory() const { return target.directory.empty() ? "of this user" : target.directory; }

  void put(std::FILE* file, std::uint64_t size, const std::string& name) {
    begin(url_of(name));
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Impl::on_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, file);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 256L * 1024);
    run();
  }

  void quote(const std::string& command) {
    begin(url_of(""));
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    curl_slist* commands = curl_slist_append(nullptr, command.c_str());
    curl_easy_setopt(easy, CURLOPT_QUOTE, commands);
    try {
      run();
    } catch (...) {
      curl_slist_free_all(commands);
      throw;
    }
    curl_slist_free_all(commands);
  }

  Target target;
  std::stop_token stop;
  Patience patience;
  CURL* easy = nullptr;
  int key = -1;
  std::string offered;
  curl_off_t bytes = 0;  // of this call, and when the last one came or went
  std::chrono::steady_clock::time_point heard;
  bool is_silent = false;
  std::function<bool(std::string_view)> take;
};

Session::Session(const Target& target, std::stop_token stop, const Patience& patience)
    : impl_(std::make_unique<Impl>(target, std::move(stop), patience)) {}
Session::~Session() = default;

std::vector<Session::File> Session::list() {
  impl_->begin(impl_->url_of(""));
  std::string text;
  impl_->take = [&text](std::string_view piece) {
    text += piece;
    return text.size() <= longest_list;
  };
  impl_->run();
  std::vector<File> files;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line) && files.size() < most_listed;)
    if (auto file = file_in(line)) files.push_back(std::move(*file));
  return files;
}

void Session::put(const fs::path& from, const std::string& name) {
  const Opened file{std::fopen(from.c_str(), "rbe"), &std::fclose};
  if (!file) throw SftpError(Kind::other, from.string() + " can't be read");
  impl_->put(file.get(), fs::file_size(from), name);
}

void Session::put_text(std::string text, const std::string& name) {
  const Opened file{::fmemopen(text.data(), text.size(), "rb"), &std::fclose};
  if (!file) throw SftpError(Kind::other, "there is no memory for a file");
  impl_->put(file.get(), text.size(), name);
}

void Session::get(const std::string& name, const std::function<bool(std::string_view)>& take) {
  impl_->begin(impl_->url_of(name));
  impl_->take = take;
  impl_->run();
}

void Session::rename(const std::string& from, const std::string& to) {
  impl_->quote(fmt::format("rename \"{}\" \"{}\"", impl_->path_of(from), impl_->path_of(to)));
}

void Session::remove(const std::string& name) { impl_->quote(fmt::format("rm \"{}\"", impl_->path_of(name))); }

}  // namespace roamdesk::sftp
