#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "common/config/fault.hpp"
#include "pbx-core/app.hpp"
#include "pbx-core/commands.hpp"
#include "pbx-core/platform/start_again.hpp"
#include "pbx-core/platform/what_serves.hpp"
#include "pbx-core/setup.hpp"
#include "pbx-core/user_commands.hpp"

int main(int argc, char** argv) {
  roamdesk::core::hand_to_what_serves(argv);
  CLI::App cli{"Roamdesk core: the branch-office phone system's central part."};
  cli.set_version_flag("--version", "pbx-core " ROAMDESK_VERSION);
  std::string config, sbc_name, user_name, file;
  roamdesk::core::SetUp new_core;
  const auto wants_config = [&config](CLI::App* command) {
    command->add_option("--config", config, "The configuration file, pbx-core.yaml")->type_name("FILE")->required();
    return command;
  };
  wants_config(cli.add_subcommand("serve", "Run in the foreground (the default); SIGTERM ends it"));
  auto* check = wants_config(cli.add_subcommand("check", "Check the configuration"));
  auto* health = wants_config(cli.add_subcommand("health", "Ask the running core whether it is well"));
  auto* store = cli.add_subcommand("store", "For upgrades")->require_subcommand(1);
  auto* schema = wants_config(store->add_subcommand(
      "schema", "Print the version of the store's schema, the one that this program makes of it, and state_dir"));
  auto* keep = wants_config(
      store->add_subcommand("keep", "Copy the store to store.before in state_dir; no core may be running"));
  auto* sbc = cli.add_subcommand("sbc", "Branch offices")->require_subcommand(1);
  auto* sbc_add = wants_config(sbc->add_subcommand("add", "Make an SBC known; prints its one-time enrolment key"));
  sbc_add->add_option("NAME", sbc_name, "The SBC's name, e.g. branch-1")->required();
  auto* user = cli.add_subcommand("user", "Administrators and operators")->require_subcommand(1);
  auto* reset = wants_config(
      user->add_subcommand("reset-password", "Give a user a new password and print it; a core may be running"));
  reset->add_option("NAME", user_name, "The user, e.g. admin")->required();
  auto* setup = wants_config(cli.add_subcommand(
      "setup", "Write the file where there is none; say where the console is and what the firewall has to let in"));
  setup->add_option("--domain", new_core.domain, "For a new file: the name of this core (by default the machine's)");
  setup->add_flag("--write-only", new_core.write_only, "Write the file, and no more");
  auto* backup =
      wants_config(cli.add_subcommand("backup", "Write everything in state_dir to FILE; a core may be running"));
  auto* restore =
      wants_config(cli.add_subcommand("restore", "Put FILE's state in the place of state_dir; no core may be running"));
  for (auto* command : {backup, restore}) command->add_option("FILE", file, "The backup")->required();
  cli.require_subcommand(0, 1);
  cli.add_option("--config", config, "The configuration file, pbx-core.yaml")->type_name("FILE");
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : 2;
  }

  try {
    if (*check) return roamdesk::core::check_command(config);
    if (*health) return roamdesk::core::health_command(config);
    if (*schema) return roamdesk::core::store_schema_command(config);
    if (*keep) return roamdesk::core::store_keep_command(config);
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
    if (const int code = roamdesk::core::App{config}.run(); code != roamdesk::core::App::once_more) return code;
    return roamdesk::core::start_again(argv);
  } catch (const roamdesk::config::ConfigError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pbx-core can't start: %s\n", error.what());
    return 1;
  }
}
