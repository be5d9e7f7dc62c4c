#include "exchange/provisioning/phone_view.hpp"

#include "exchange/provisioning/own_names.hpp"

namespace roamdesk::provisioning {
namespace {

std::string under(std::string_view scheme, const Endpoint& at, const std::string& token) {
  return std::string{scheme} + "://" + to_string(at) + "/provision/" + token + "/";
}
bool has_https(const PhoneView& view) { return view.https.port != 0 && view.step != HttpsStep::refused; }
bool fetches_by_https(const PhoneView& view) {
  return has_https(view) && (view.step == HttpsStep::reached || view.step == HttpsStep::settled);
}

}  // namespace

std::string directory_url(const PhoneView& view) { return under("http", view.provisioning, view.token); }

std::string config_url(const PhoneView& view) {
  return fetches_by_https(view) ? under("https", view.https, view.token) : directory_url(view);
}

std::string firmware_url(const PhoneView& view) {
  return view.firmware_file.empty() ? "" : config_url(view) + view.firmware_file;
}

std::string authority_url(const PhoneView& view) {
  return has_https(view) ? config_url(view) + std::string{authority_file} : "";
}

std::string reach_url(const PhoneView& view) {
  return has_https(view) && view.step == HttpsStep::authority
             ? under("https", view.https, view.token) + std::string{reach_file}
             : "";
}

bool checks_certificates(const PhoneView& view) { return has_https(view) && view.step != HttpsStep::none; }

unsigned refetch_minutes(const PhoneView& view) {
  return !reach_url(view).empty() && view.transport == sip::Transport::tls ? 5 : 60;
}

unsigned registration_expiry(const PhoneView& view) { return view.occupancy == Occupancy::dedicated ? 300 : 60; }

}  // namespace roamdesk::provisioning
