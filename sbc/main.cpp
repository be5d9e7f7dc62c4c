#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include "common/config/fault.hpp"
#include "common/log/log.hpp"
#include "sbc/app.hpp"
#include "sbc/commands.hpp"
#include "sbc/key_input.hpp"

// The branch office's program: command line only (docs/contract.md).
int main(int argc, char** argv) {
  CLI::App cli{"Roamdesk SBC: joins a branch's phones to the core."};
  cli.set_version_flag("--version", std::string{"sbc " ROAMDESK_VERSION});
  std::string config;
  std::optional<std::string> key, key_file;
  cli.add_option("--config", config, "The configuration file, sbc.yaml")->type_name("FILE");
  const auto add = [&](const char* name, const char* what) {
    auto* command = cli.add_subcommand(name, what);
    command->add_option("--config", config, "The configuration file, sbc.yaml")->type_name("FILE");
    return command;
  };
  add("serve", "Run in the foreground (the default); SIGTERM ends it");
  auto* check = add("check", "Check the configuration");
  auto* enrol = add("enrol", "Obtain this SBC's identity from the core");
  auto* by_file = enrol
                      ->add_option("--key-file", key_file,
                                   "The file that has the one-time key; - for standard input. Without: it is asked for")
                      ->type_name("FILE");
  enrol->add_option("--key", key, "The key itself, which other users of this machine can see meanwhile")
      ->type_name("KEY")
      ->excludes(by_file);
  auto* status = add("status", "Show what the running SBC is connected to; exit 0 connected, 3 not");
  cli.require_subcommand(0, 1);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : 2;
  }
  if (config.empty()) {
    std::fputs("--config FILE is needed; see --help\n", stderr);
    return 2;
  }
  try {
    if (*check) return roamdesk::sbc::check_command(config);
    if (*enrol)
      return roamdesk::sbc::enrol_command(config, key ? roamdesk::Secret{*key} : roamdesk::sbc::read_key(key_file));
    if (*status) return roamdesk::sbc::status_command(config);
    return roamdesk::sbc::serve(config);
  } catch (const roamdesk::config::ConfigError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    roamdesk::log::flush();
    std::fprintf(stderr, "sbc: %s\n", error.what());
    return 1;
  }
}
