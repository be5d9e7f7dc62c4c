// flood KIND to=A:P [rate=N] [seconds=N] [base=A] [ips=N] [ports=N] [domain=D] [call=NUMBER]
// Strangers on loopback, whose every address is ours: KIND is options, register, invite or junk (datagrams from ips ×
// ports sources in turn, each message new), or connect (TCP connections that say nothing; the last 500 stay open).
// Prints what it sent.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint16_t first_port = 61'000;  // above the ports that other programs here bind

struct Options {
  std::string kind;
  sockaddr_in to{};
  std::uint32_t base = 0x7fc80001;  // 127.200.0.1
  unsigned rate = 20'000, seconds = 10, ips = 1000, ports = 100;
  std::string domain = "pbx.example.com", call = "101";
};

[[noreturn]] void fail(const std::string& what) {
  std::perror(what.c_str());
  std::exit(2);
}

Options read(int count, char** arguments) {
  if (count < 3) {
    std::fputs("flood options|register|invite|junk|connect to=A:P [rate= seconds= base= ips= ports= domain= call=]\n",
               stderr);
    std::exit(2);
  }
  Options options;
  options.kind = arguments[1];
  std::map<std::string, std::string> given;
  for (int i = 2; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const auto equals = argument.find('=');
    given[std::string{argument.substr(0, equals)}] = argument.substr(equals + 1);
  }
  const auto number = [&](const char* name, unsigned otherwise) {
    return given.contains(name) ? static_cast<unsigned>(std::stoul(given.at(name))) : otherwise;
  };
  const std::string to = given.at("to");
  const auto colon = to.find(':');
  options.to.sin_family = AF_INET;
  options.to.sin_port = htons(static_cast<std::uint16_t>(std::stoul(to.substr(colon + 1))));
  if (inet_pton(AF_INET, to.substr(0, colon).c_str(), &options.to.sin_addr) != 1) fail(to);
  if (given.contains("base")) options.base = ntohl(inet_addr(given.at("base").c_str()));
  options.rate = number("rate", options.rate);
  options.seconds = number("seconds", options.seconds);
  options.ips = number("ips", options.ips);
  options.ports = number("ports", options.ports);
  if (given.contains("domain")) options.domain = given.at("domain");
  if (given.contains("call")) options.call = given.at("call");
  return options;
}

std::string text_of(in_addr address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET, &address, text.data(), text.size());
}

// Message number `n`, from `source`: no two are alike.
std::string message(const Options& options, std::uint64_t n, const std::string& source, std::uint16_t port) {
  if (options.kind == "junk") {
    static const std::array<std::string, 4> kinds{
        std::string("\x01\x02\0\x90 no SIP at all ", 20), "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "INVITE sip:101@" + options.domain + " SIP/2.0\r\nVia: \"\r\nFrom: <<>\r\nTo: ;;\r\nCSeq: x\r\n\r\n",
        "REGISTER sip: SIP/2.0\r\nContent-Length: -1\r\n\r\n"};
    return kinds[n % kinds.size()] + std::to_string(n);
  }
  const std::string id = std::to_string(n);
  std::string method = options.kind == "options" ? "OPTIONS" : options.kind == "register" ? "REGISTER" : "INVITE";
  const std::string uri = "sip:" + (method == "INVITE" ? options.call + "@" : "") + options.domain;
  const std::string self = source + ":" + std::to_string(port);
  std::string out = method + " " + uri + " SIP/2.0\r\nVia: SIP/2.0/UDP " + self + ";rport;branch=z9hG4bK" + id +
                    "\r\nFrom: <sip:" + id + "@" + options.domain + ">;tag=" + id +
                    "\r\nTo: <sip:" + (method == "INVITE" ? options.call : id) + "@" + options.domain +
                    ">\r\nCall-ID: " + id + "@" + source + "\r\nCSeq: 1 " + method +
                    "\r\nMax-Forwards: 70\r\nContact: <sip:" + id + "@" + self + ">\r\n";
  std::string body;
  if (method == "INVITE")
    body = "v=0\r\no=- 1 1 IN IP4 " + source + "\r\ns=-\r\nc=IN IP4 " + source +
           "\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n";
  if (!body.empty()) out += "Content-Type: application/sdp\r\n";
  return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::uint64_t datagrams(const Options& options) {
  std::vector<int> sockets;
  for (unsigned i = 0; i < options.ports; ++i) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM, 0), little = 4096;
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(static_cast<std::uint16_t>(first_port + i));
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);  // nobody reads the answers
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) fail("bind");
    sockets.push_back(fd);
  }
  std::uint64_t sent = 0, n = static_cast<std::uint64_t>(::getpid()) << 32;
  const auto begun = Clock::now();
  const auto total = std::uint64_t{options.rate} * options.seconds;
  for (std::uint64_t i = 0; i < total; ++i, ++n) {
    const auto due = begun + std::chrono::duration<double>(static_cast<double>(i) / options.rate);
    if (i % 20 == 0) std::this_thread::sleep_until(std::chrono::time_point_cast<Clock::duration>(due));
    in_addr source{htonl(options.base + static_cast<std::uint32_t>(i % options.ips))};
    const std::size_t which = i / options.ips % options.ports;
    const std::string text = message(options, n, text_of(source), static_cast<std::uint16_t>(first_port + which));
    iovec vector{const_cast<char*>(text.data()), text.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in_pktinfo))> control{};
    msghdr header{};
    header.msg_name = const_cast<sockaddr_in*>(&options.to);
    header.msg_namelen = sizeof options.to;
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    cmsghdr* const c = CMSG_FIRSTHDR(&header);
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
    in_pktinfo info{};
    info.ipi_spec_dst = source;
    std::memcpy(CMSG_DATA(c), &info, sizeof info);
    sent += ::sendmsg(sockets[which], &header, MSG_DONTWAIT) > 0;
  }
  for (const int fd : sockets) ::close(fd);
  return sent;
}

std::uint64_t connections(const Options& options) {
  std::deque<int> open;
  std::uint64_t begun = 0;
  const auto start = Clock::now();
  for (std::uint64_t i = 0; i < std::uint64_t{options.rate} * options.seconds; ++i) {
    const auto due = start + std::chrono::duration<double>(static_cast<double>(i) / options.rate);
    std::this_thread::sleep_until(std::chrono::time_point_cast<Clock::duration>(due));
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0) continue;
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(options.base + static_cast<std::uint32_t>(i % options.ips));
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0 &&
        (::connect(fd, reinterpret_cast<const sockaddr*>(&options.to), sizeof options.to) == 0 || errno == EINPROGRESS))
      ++begun;
    open.push_back(fd);
    if (open.size() > 500) {
      ::close(open.front());
      open.pop_front();
    }
  }
  for (const int fd : open) ::close(fd);
  return begun;
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = read(count, arguments);
  const auto sent = options.kind == "connect" ? connections(options) : datagrams(options);
  std::printf("{\"sent\": %llu, \"seconds\": %u}\n", static_cast<unsigned long long>(sent), options.seconds);
  return 0;
}
