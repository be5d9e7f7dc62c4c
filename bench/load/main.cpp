#include <arpa/inet.h>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <stdexcept>

#include "bench/load/load.hpp"
#include "bench/load/talk.hpp"

// sip_load register|call|talk server=A:P domain=D accounts=FILE base=A port=P rate=N count=N [hold=MS] [callees=A]
// [rtp=P] [linger=MS]
// sip_load call … provider=A user=U password=P number=N: calls by a trunk to a provider that is here as well
// sip_load rtp streams=FILE port=P: no signalling; each line of FILE is a phone's address, and the address and port it
// talks to. Prints one line of JSON; ends with 0 also where something failed: its caller judges.
namespace {

using namespace roamdesk::load;

Options read(const std::map<std::string, std::string>& given) {
  Options options;
  const auto value = [&](const char* name) {
    const auto found = given.find(name);
    if (found == given.end()) throw std::runtime_error(fmt::format("{}= is missing", name));
    return found->second;
  };
  options.server_text = value("server");
  const auto colon = options.server_text.find(':');
  options.server.sin_family = AF_INET;
  options.server.sin_port = htons(static_cast<std::uint16_t>(std::stoi(options.server_text.substr(colon + 1))));
  in_addr base{};
  if (inet_pton(AF_INET, options.server_text.substr(0, colon).c_str(), &options.server.sin_addr) != 1 ||
      inet_pton(AF_INET, value("base").c_str(), &base) != 1)
    throw std::runtime_error("server= and base= want IPv4 addresses");
  options.base = ntohl(base.s_addr);
  options.domain = value("domain");
  options.accounts = read_accounts(value("accounts"));
  options.port = static_cast<std::uint16_t>(std::stoi(value("port")));
  options.rate = std::stod(value("rate"));
  options.count = std::stoull(value("count"));
  if (given.contains("callees")) {
    if (inet_pton(AF_INET, value("callees").c_str(), &base) != 1) throw std::runtime_error("callees= wants an address");
    options.callees = ntohl(base.s_addr);
  }
  if (given.contains("provider")) {
    if (inet_pton(AF_INET, value("provider").c_str(), &base) != 1)
      throw std::runtime_error("provider= wants an address");
    options.provider = ntohl(base.s_addr);
    options.trunk = {value("user"), value("password"), value("number")};
  }
  if (given.contains("rtp")) options.rtp = static_cast<std::uint16_t>(std::stoi(given.at("rtp")));
  if (given.contains("hold")) options.hold = milliseconds{std::stoi(value("hold"))};
  if (given.contains("linger")) options.linger = milliseconds{std::stoi(value("linger"))};
  return options;
}

void talk_only(const std::string& file, int port) {
  Talk talk{static_cast<std::uint16_t>(port)};
  std::ifstream in{file};
  for (std::string from, to; in >> from >> to >> port;) {
    in_addr own{};
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(static_cast<std::uint16_t>(port));
    if (inet_pton(AF_INET, from.c_str(), &own) != 1 || inet_pton(AF_INET, to.c_str(), &peer.sin_addr) != 1)
      throw std::runtime_error("streams= has a line that isn't two addresses and a port");
    talk.add(ntohl(own.s_addr), peer);
  }
  fmt::print("up\n");
  std::fflush(stdout);
  talk.obey();
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string what = argc > 1 ? argv[1] : "";
  std::map<std::string, std::string> given;
  for (int i = 2; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto equals = argument.find('=');
    if (equals == std::string::npos) throw std::runtime_error("name=value is expected, not " + argument);
    given[argument.substr(0, equals)] = argument.substr(equals + 1);
  }
  if (what == "rtp") {
    talk_only(given["streams"], std::stoi(given["port"]));
    return 0;
  }
  if (what != "register" && what != "call" && what != "talk")
    throw std::runtime_error("sip_load register|call|talk|rtp name=value…");
  const auto options = read(given);
  const auto began = Clock::now();
  const auto report = what == "register" ? register_phones(options)
                      : what == "call"   ? make_calls(options)
                                         : talk(options);
  fmt::print("{{\"done\":{},\"retransmitted\":{},\"failed\":{},\"late\":{},\"seconds\":{:.3f}}}\n", report.done,
             report.retransmitted, report.failed, report.late,
             std::chrono::duration<double>(Clock::now() - began).count());
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "sip_load: {}\n", error.what());
  return 2;
}
