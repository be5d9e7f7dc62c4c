#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "exchange/element/context.hpp"
#include "exchange/element/phone_views.hpp"
#include "exchange/firmware/offer.hpp"
#include "exchange/firmware/waves.hpp"

namespace roamdesk::element {

// Brings phones to the firmware that is pinned for their model: says whose turn it is, and tells those phones.
class FirmwareRounds {
 public:
  struct Ways {
    std::function<bool(const Mac&)> is_online, is_in_call;
    // It is told to fetch its configuration, or (`reboot`) to restart, as soon as it has no call.
    std::function<void(const Mac&, bool reboot)> tell;
  };
  FirmwareRounds(Context& context, const PhoneViews& views, Ways ways)
      : context_(context), views_(views), ways_(std::move(ways)) {}

  // To be called every few seconds.
  void check();
  // At once.
  void look();
  // It has been given some of the file.
  void fetched(const Mac& mac);
  // How far the model's phones are; nullopt where no version is pinned.
  std::optional<firmware::Progress> progress(const std::string& model) const;

  static constexpr std::chrono::seconds between_looks{30};
  // So long after a login a desk is in the middle of its person's day.
  static constexpr std::chrono::hours day_of_person{12};

 private:
  std::vector<firmware::Seen> seen(const FirmwarePin& pin, const firmware::PinnedModel& model) const;
  firmware::WindowState window(const FirmwarePin& pin, const Phone& phone) const;
  void carry_out(const FirmwarePin& pin, const firmware::PinnedModel& model, const firmware::Decision& decision);
  void begin(const Mac& mac, const std::string& version, bool reboot);
  void end(const Mac& mac, bool counts);
  // Of phones and versions that are pinned no more.
  void forget_turns();

  Context& context_;
  const PhoneViews& views_;
  Ways ways_;
  std::optional<WallTime> looked_;
};

}  // namespace roamdesk::element
