#include "common/phones/vendor_facts.hpp"

namespace roamdesk::phones::vendors {
namespace {

constexpr Oui gigaset_ouis[] = {"002104", "14b370", "589ec6", "7c2f80"};

}  // namespace

extern constinit const VendorFacts gigaset{
    .vendor = Vendor::gigaset,
    .name = "gigaset",
    .display = "Gigaset",
    .ouis = gigaset_ouis,
    .user_agent = nullptr,
    .no_models = no_words,
    .event_model_prefix = "",
    .model_prefixes = no_words,
    .firmware_names_hardware = false,
    .resync = bare_check_sync,
    .grammar = nullptr,
};

}  // namespace roamdesk::phones::vendors
