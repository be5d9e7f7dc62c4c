#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "exchange/presence/dialog_info_reader.hpp"

// What another exchange says of calls there. Whatever it is: bounded, and what was read can be written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace roamdesk::presence;
  const auto told = read_dialog_info({reinterpret_cast<const char*>(data), size});
  if (!told) return 0;
  if (told->dialogs.size() > 64) std::abort();
  std::vector<DialogInfo> dialogs;
  for (const auto& each : told->dialogs) {
    if (each.dialog.id.empty() || each.dialog.id.size() > 64) std::abort();
    if (!each.over) dialogs.push_back(each.dialog);
  }
  const auto again = read_dialog_info(dialog_info_xml(roamdesk::ExtensionNumber{"205"}, "pbx.example", 1, dialogs));
  if (!again) std::abort();
  return 0;
}
