#include "exchange/element/touched.hpp"

#include <type_traits>
#include <variant>

namespace roamdesk::element {

std::vector<ExtensionNumber> extensions_touched(const Changes& changes, const Directory& directory) {
  std::vector<ExtensionNumber> touched;
  const auto add_phone = [&](const Phone* phone) {
    if (phone && phone->extension) touched.push_back(*phone->extension);
  };
  for (const auto& change : changes) {
    if (const auto* account = std::get_if<Put<UpstreamAccount>>(&change)) {
      touched.emplace_back(account->record.extension);
    } else if (const auto* gone = std::get_if<Delete<UpstreamAccount>>(&change)) {
      touched.emplace_back(gone->key);
    } else if (const auto* put = std::get_if<PutExtension>(&change)) {
      if (!directory.extension(put->extension.number)) touched.push_back(put->extension.number);
    } else if (const auto* started = std::get_if<StartSession>(&change)) {
      touched.push_back(started->session.extension);
    } else if (const auto* ended = std::get_if<EndSession>(&change)) {
      for (const auto& [desk, session] : directory.sessions())
        if (session.id == ended->id) touched.push_back(session.extension);
    } else if (const auto* phone = std::get_if<PutPhone>(&change)) {
      add_phone(directory.phone(phone->phone.mac));
      add_phone(&phone->phone);
    } else if (const auto* away = std::get_if<DeletePhone>(&change)) {
      add_phone(directory.phone(away->mac));
    }
  }
  return touched;
}

}  // namespace roamdesk::element
