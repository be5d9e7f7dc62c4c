#pragma once
#include <filesystem>
#include <memory>

namespace roamdesk::core {

// The composition root: builds every part, ties them together, runs them.
class App {
 public:
  // Reads the configuration and the store, binds all listeners. Throws config::ConfigError, or std::exception with a
  // sentence for the operator.
  explicit App(const std::filesystem::path& config);
  ~App();
  // As run()'s answer: a restore was settled, and the program is to start again.
  static constexpr int once_more = -1;
  // Until SIGTERM or SIGINT, or a restore; the exit code.
  int run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace roamdesk::core
