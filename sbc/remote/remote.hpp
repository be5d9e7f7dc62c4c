#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "common/tunnel/frames.hpp"
#include "sbc/remote/kept_settings.hpp"
#include "sbc/remote/reports.hpp"
#include "sbc/remote/restarts.hpp"

namespace roamdesk::sbc {

// All that the core asks of this SBC as such. Signalling thread.
class Remote {
 public:
  struct Parts {
    std::filesystem::path state_dir;
    KeptSettings::Values own;                                // of sbc.yaml
    std::function<void(const KeptSettings::Values&)> apply;  // puts settings into force
    std::function<bool(tunnel::Frame)> send;
    std::function<std::string()> status;         // as `sbc status` has it
    std::function<std::string()> configuration;  // without secrets
    std::function<std::size_t()> streams;        // of calls at the branch
    Restarts::Settings restarts;                 // `request` is ours
  };
  Remote(boost::asio::io_context& io, Parts parts);

  void begin() { settings_.begin(); }
  void use(const KeptSettings::Values& own) { settings_.use(own); }
  // False: it isn't for us.
  bool handle(const tunnel::Frame& frame);
  void handle_disconnected() { reports_.handle_disconnected(); }
  // Every second.
  void look(TimePoint now) { restarts_.look(now); }
  const KeptSettings& settings() const { return settings_; }

 private:
  std::string report(const tunnel::ReportOrder& order) const;

  Parts parts_;
  KeptSettings settings_;
  Reports reports_;
  Restarts restarts_;
};

}  // namespace roamdesk::sbc
