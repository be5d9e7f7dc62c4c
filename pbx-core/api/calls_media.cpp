#include <algorithm>

#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/validation.hpp"

// How the voice of a call that is up comes in.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

json::object shown_party(const CallMedia::Party& party, const media::StreamQuality* heard) {
  json::object object{{"number", party.number}, {"site", party.site.value()}, {"codec", nullptr}, {"heard", nullptr}};
  if (!party.codec.empty()) object["codec"] = party.codec;
  if (heard)
    object["heard"] = json::object{{"packets", heard->received},
                                   {"lost", heard->lost},
                                   {"dropped", heard->dropped},
                                   {"jitter_ms", heard->jitter_ms}};
  return object;
}

void answer_with_media(const CallPtr& call, const CallMedia& voice, const std::vector<media::StreamQuality>& seen) {
  json::array parties;
  for (const auto& party : voice.parties) {
    const auto heard = std::find_if(seen.begin(), seen.end(),
                                    [&](const auto& one) { return party.stream && one.stream == *party.stream; });
    parties.push_back(shown_party(party, heard == seen.end() ? nullptr : &*heard));
  }
  call->answer(200, json::object{{"media", voice.at_site ? "site" : "core"}, {"parties", std::move(parties)}});
}

}  // namespace

void show_call_media(Service& service, const CallPtr& call) {
  service.read([id = call->parameters[0]](const Domain& domain) { return domain.call_media(id); },
               [&service, call, alive = service.shared_from_this()](std::optional<CallMedia> voice) {
                 if (!voice) return call->fail({404, "This call isn't up (any more)", "id"});
                 std::vector<media::StreamId> streams;
                 for (const auto& party : voice->parties)
                   if (party.stream) streams.push_back(*party.stream);
                 // At home in a branch no packet comes here: zeros would be a lie.
                 const auto& look = service.options().look_at_media;
                 if (voice->at_site || streams.empty() || !look) return answer_with_media(call, *voice, {});
                 look(streams, [&service, call, alive, voice = *voice](std::vector<media::StreamQuality> seen) {
                   service.on_api([call, voice, seen = std::move(seen)] { answer_with_media(call, voice, seen); });
                 });
               });
}

}  // namespace roamdesk::api
