#include "pbx-core/api/snippet_rules.hpp"

#include "exchange/firmware/offer.hpp"
#include "exchange/provisioning/own_lines.hpp"

namespace roamdesk::api {

std::optional<SnippetPlace> snippet_place(std::string_view key) {
  SnippetPlace place{phones::parse_vendor(key), ""};
  if (const auto model = firmware::read_pin_key(key)) place = {model->vendor, model->model};
  if (!phones::is_supported(place.vendor)) return std::nullopt;
  return place;
}

void check_record(Reader& reader, const Snippet& snippet) {
  if (!snippet_place(snippet.model))
    reader.refuse("model", Fault{"is neither a vendor whose phones are configured nor a model of one; expected like "
                                 "\"yealink\" or \"yealink:T46U\""});
  if (snippet.text.find_first_not_of(" \t\r\n") == std::string::npos)
    reader.refuse("text", Fault{"is empty; expected lines of the vendor's own"});
}

std::optional<Problem> problem_with(const Snippet& snippet) {
  const auto place = snippet_place(snippet.model);
  if (!place) return std::nullopt;  // check_record() says so
  const auto read = provisioning::read_own_lines(place->vendor, snippet.text);
  const auto* fault = std::get_if<provisioning::OwnFault>(&read);
  if (!fault) return std::nullopt;
  return Problem{422, "text " + fault->what, "text", fault->line};
}

}  // namespace roamdesk::api
