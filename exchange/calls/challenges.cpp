#include "exchange/calls/challenges.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "common/sip/digest_text.hpp"

namespace roamdesk::calls {
namespace {

// A request is sent so often, whatever its challenges say: a proxy's, a registrar's, and a stale nonce of each.
constexpr int most_answers = 4;

// Whether the challenge is news: one of its realms wasn't answered yet, or its nonce is too old. Its realms go into
// `answered`.
bool is_news(const sip::Message& challenge, std::vector<std::string>& answered) {
  bool news = false;
  const bool proxy = challenge.status == 407;
  for (const auto value : challenge.headers_named(proxy ? "Proxy-Authenticate" : "WWW-Authenticate")) {
    const auto fields = sip::DigestFields::parse(value);
    const auto realm = fields ? fields->find("realm") : std::nullopt;
    if (!realm) continue;
    // One realm may ask for both: by a proxy, and behind it.
    const auto name = (proxy ? "proxy " : "server ") + std::string{*realm};
    const bool known = std::find(answered.begin(), answered.end(), name) != answered.end();
    const auto stale = fields->find("stale").value_or("");
    news = news || !known || (stale.size() == 4 && (stale[0] == 't' || stale[0] == 'T'));
    if (!known) answered.push_back(name);
  }
  return news;
}

}  // namespace

std::optional<sip::ClientTx> Challenges::answer(Leg& leg, sip::ClientTx tx, const sip::Message& challenge) {
  const auto* sent = requests_.sent(tx);
  if (!sent || !sent->kept || !leg.who.peer) return std::nullopt;
  // It hangs up, or has given the request up: nothing but its BYE is still wanted.
  const bool wanted = leg.is<Ending>() ? std::holds_alternative<ForBye>(sent->purpose) : !sent->kept->cancelled;
  auto kept = *sent->kept;
  if (!wanted || kept.answers >= most_answers || !is_news(challenge, kept.realms)) return std::nullopt;
  auto again = context_.host.answer_challenge(*leg.who.peer, kept.request, challenge);
  if (!again) return std::nullopt;
  // A BYE that ends a foreign dialog counts by itself; gaps do no harm.
  auto& cseq = leg.dialog.local_cseq;
  cseq = std::max(cseq, kept.request.cseq.number) + 1;
  again->cseq.number = cseq;
  const auto purpose = sent->purpose;
  requests_.close(tx);
  ++kept.answers;
  kept.request = std::move(*again);
  return requests_.repeat(leg, std::move(kept), purpose);
}

}  // namespace roamdesk::calls
