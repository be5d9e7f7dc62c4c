#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "common/config/fault.hpp"
#include "pbx-core/app.hpp"
#include "pbx-core/commands.hpp"
#include "pbx-core/setup.hpp"
#include "pbx-core/user_commands.hpp"

int main(int argc, char** argv) {
  CLI::App cli{"pbx-core: the central part of Roamdesk, the branch-office phone system"};
  cli.set_version_flag("--version", "pbx-core " ROAMDESK_VERSION);
  std::string config, sbc_name, user_name, file;
  roamdesk::core::SetUp new_core;
  const auto wants_config = [&config](CLI::App* command) {
    command->add_option("--config", config, "configuration file (pbx-core.yaml)")->required();
    return command;
  };
  wants_config(cli.add_subcommand("serve", "run in the foreground (also without any command)"));
  auto* check = wants_config(cli.add_subcommand("check", "check the configuration file"));
  auto* sbc = cli.add_subcommand("sbc", "branch offices")->require_subcommand(1);
  auto* sbc_add = wants_config(sbc->add_subcommand("add", "make an SBC known; prints its one-time enrolment key"));
  sbc_add->add_option("NAME", sbc_name, "the SBC's name, e.g. branch-1")->required();
  auto* user = cli.add_subcommand("user", "administrators and operators")->require_subcommand(1);
  auto* reset = wants_config(
      user->add_subcommand("reset-password", "give a user a new password and print it; a core may be running"));
  reset->add_option("NAME", user_name, "the user, e.g. admin")->required();
  auto* setup = wants_config(cli.add_subcommand(
      "setup", "write the file where there is none; say where the console is and what the firewall has to let in"));
  setup->add_option("--domain", new_core.domain, "for a new file: the name of this core (by default the machine's)");
  setup->add_flag("--write-only", new_core.write_only, "write the file, and no more");
  auto* backup =
      wants_config(cli.add_subcommand("backup", "write everything in state_dir to FILE; a core may be running"));
  auto* restore =
      wants_config(cli.add_subcommand("restore", "put FILE's state in the place of state_dir; no core may be running"));
  for (auto* command : {backup, restore}) command->add_option("FILE", file, "the backup")->required();
  cli.require_subcommand(0, 1);
  cli.add_option("--config", config, "configuration file (pbx-core.yaml)");
  CLI11_PARSE(cli, argc, argv);

  try {
    if (*check) return roamdesk::core::check_command(config);
    if (*sbc_add) return roamdesk::core::sbc_add_command(config, sbc_name);
    if (*reset) return roamdesk::core::reset_password_command(config, user_name);
    new_core.config = config;
    if (*setup) return roamdesk::core::setup_command(new_core);
    if (*backup) return roamdesk::core::backup_command(config, file);
    if (*restore) return roamdesk::core::restore_command(config, file);
    if (config.empty()) {
      std::fputs("--config is required; pbx-core --help says more\n", stderr);
      return 2;
    }
    return roamdesk::core::App{config}.run();
  } catch (const roamdesk::config::ConfigError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pbx-core can't start: %s\n", error.what());
    return 1;
  }
}
