#include "common/phones/vendor_facts.hpp"

namespace roamdesk::phones::vendors {
namespace {

// Rebrands use it too; their User-Agent tells.
constexpr Oui htek_ouis[] = {"001fc1"};

// "Htek UC903 2.0.4.2 00:1f:c1:11:22:33"
constexpr AgentForm htek_agent{.mark = "htek", .place = MarkPlace::first_word, .read = read_plain_agent};

}  // namespace

extern constinit const VendorFacts htek{
    .vendor = Vendor::htek,
    .name = "htek",
    .display = "Htek",
    .ouis = htek_ouis,
    .user_agent = &htek_agent,
    .no_models = no_words,
    .event_model_prefix = "",
    .model_prefixes = no_words,
    .firmware_names_hardware = false,
    .resync = bare_check_sync,
    .grammar = nullptr,
};

}  // namespace roamdesk::phones::vendors
