#include "sbc/commands.hpp"

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <stdexcept>

#include "common/config/owner.hpp"
#include "common/log/log.hpp"
#include "common/tunnel/enrolment.hpp"
#include "common/tunnel/link/client.hpp"
#include "sbc/config.hpp"
#include "sbc/status.hpp"
#include "sbc/uplink/identity_file.hpp"

namespace roamdesk::sbc {
namespace {

Config load(const std::filesystem::path& file) {
  Config config = load_config(file);
  log::configure(config.log);
  return config;
}

}  // namespace

int check_command(const std::filesystem::path& config) {
  load(config);
  std::puts("configuration ok");
  return 0;
}

int enrol_command(const std::filesystem::path& file, const Secret& text) {
  const Config config = load(file);
  config::act_as_owner_of(config.state_dir);
  const auto key = tunnel::parse_enrolment_key(text.reveal());
  if (!key) throw std::runtime_error("the key can't be used: " + std::string{tunnel::describe(key.error())});
  std::vector<std::string> cores;
  for (const auto& core : config.core) cores.push_back(to_string(core));
  boost::asio::io_context io{1};
  std::string trouble = "no answer";
  bool good = false;
  tunnel::link::enrol(io, cores, *key, std::chrono::seconds{10},
                      [&](Result<crypto::Identity, tunnel::link::EnrolFailure> result) {
                        if (result) {
                          store_identity(config.state_dir, *result);
                          good = true;
                        } else {
                          trouble = result.error().text;
                        }
                      });
  io.run();
  if (!good) throw std::runtime_error("not enrolled: " + trouble);
  std::printf("enrolled as %s\n", key->name.c_str());
  return 0;
}

int status_command(const std::filesystem::path& file) {
  const auto text = ask_status(status_socket(load(file).state_dir));
  if (!text) {
    std::puts("connected: no\ntrouble: no sbc runs with this state_dir");
    return 3;
  }
  std::fputs(text->c_str(), stdout);
  return text->starts_with("connected: yes") ? 0 : 3;
}

}  // namespace roamdesk::sbc
