#include "exchange/provisioning/https_step.hpp"

namespace roamdesk::provisioning {

HttpsStep next_step(HttpsStep step, bool wanted, Given given, unsigned unheard) {
  const bool is_file = given == Given::file || given == Given::file_by_tls;
  if (!wanted) return is_file ? HttpsStep::none : step;
  switch (given) {
    case Given::file:
      if (step == HttpsStep::settled) return HttpsStep::none;
      return step == HttpsStep::authority && unheard >= most_unheard ? HttpsStep::refused : step;
    case Given::file_by_tls:
      return step == HttpsStep::reached ? HttpsStep::settled : step;
    case Given::authority:
      return step == HttpsStep::none ? HttpsStep::authority : step;
    case Given::answer_by_tls:
      return step == HttpsStep::authority ? HttpsStep::reached : step;
  }
  return step;
}

}  // namespace roamdesk::provisioning
