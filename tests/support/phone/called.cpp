#include <utility>

#include "tests/support/phone/call.hpp"
#include "tests/support/phone/text.hpp"

// The called side, and what both sides do with requests in the dialog.
namespace roamdesk::phone {
namespace {

const std::string none;

}  // namespace

Call::Call(Agent& agent, std::string_view request)
    : Dialog(Dialog::answering(request, agent.unique())),
      opening(request),
      heard(body_of(request)),
      agent_(agent),
      pending_(true) {}

void Call::ring(int provisional, bool with_media, Time now, bool reliable) {
  if (!pending_) return;
  early_media = with_media;
  if (with_media) said = answer_to(heard);
  const auto lines = reliable ? "Require: 100rel\r\nRSeq: " + std::to_string(++rseq_said_) + "\r\n" : std::string{};
  const auto tag = local_tag();
  agent_.answer(opening, provisional,
                {.tag = tag, .lines = lines, .body = with_media ? said : none, .edit = with_media ? &words : nullptr},
                now);
}

void Call::answer(Time now, const std::string& lines, bool with_media) {
  if (!std::exchange(pending_, false) || over) return;
  if (said.empty()) said = answer_to(heard);
  up = true;
  status = 200;
  const auto tag = local_tag();
  agent_.answer(
      opening, 200,
      {.tag = tag, .lines = lines, .body = with_media ? said : none, .edit = &words, .lost = while_alive([this](Time) {
                                                                                       over = true;
                                                                                     })},
      now);
}

void Call::reject(int refusal, Time now, const std::string& lines) {
  if (!std::exchange(pending_, false)) return;
  status = refusal;
  over = true;
  const auto tag = local_tag();
  agent_.answer(opening, refusal, {.tag = tag, .lines = lines}, now);
}

bool Call::takes(std::string_view request) const {
  if (method_of(request) == "CANCEL") return !caller && branch_of(request) == branch_of(opening);
  return has(request);
}

void Call::handle(std::string_view request, Time now) {
  const auto method = method_of(request);
  if (method == "ACK") {
    acked = true;
    if (const auto body = body_of(request); !body.empty()) heard = body;
    return;
  }
  const auto tag = local_tag();
  if (method == "CANCEL") {
    agent_.answer(request, 200, {.tag = tag}, now);
    if (!pending_) return;
    cancel_reason = header(request, "Reason");
    return reject(487, now);
  }
  if (method == "BYE") {
    over = true;
    bye_reason = header(request, "Reason");
    reject(487, now);
    return agent_.answer(request, 200, {}, now);
  }
  if (method != "INVITE" && method != "UPDATE") return agent_.answer(request, 200, {}, now);
  aim(request);
  const auto offer = body_of(request);
  if (!offer.empty()) heard = offer;
  const bool describes = method == "INVITE" || !offer.empty();
  if (describes) said = answer_to(offer);
  agent_.answer(request, 200, {.body = describes ? said : none, .edit = describes ? &words : nullptr}, now);
}

}  // namespace roamdesk::phone
