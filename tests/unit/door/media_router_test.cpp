#include "pbx-core/door/media_router.hpp"

#include <gmock/gmock.h>

#include <set>

#include "sbc/branch_streams.hpp"

namespace roamdesk::door {
namespace {

const SiteId branch{"branch-1"}, other{"branch-2"};
media::StreamId id(std::uint32_t n) { return media::StreamId{n}; }

struct Router : testing::Test {
  MediaRouter router;
  void open(std::uint32_t n, const SiteId& site) {
    router.handle(media::OpenStream{id(n), site, Endpoint{{1}, static_cast<std::uint16_t>(2000 + 2 * n)}});
  }
  // What SBCs are told, in words.
  static std::vector<std::string> told(const MediaEffects& effects) {
    std::vector<std::string> words;
    for (const auto& effect : effects)
      if (const auto* sbc = std::get_if<ToSbc>(&effect))
        words.push_back(sbc->site.value() + " " + std::to_string(sbc->frame.index()));
    return words;
  }
  static bool has_connect(const MediaEffects& effects) {
    for (const auto& effect : effects)
      if (const auto* sbc = std::get_if<ToSbc>(&effect);
          sbc && std::holds_alternative<tunnel::StreamConnect>(sbc->frame))
        return true;
    return false;
  }
};

TEST_F(Router, AStreamOfTheCoresOwnNetworkConcernsNoSbc) {
  const auto effects = router.handle(media::OpenStream{id(1), local_site(), {{1}, 2000}});
  EXPECT_EQ(effects.size(), 1u);
  EXPECT_TRUE(told(effects).empty());
}

TEST_F(Router, TwoPhonesOfOneBranchAreBridgedAtHome) {
  open(1, branch);
  open(2, branch);
  EXPECT_TRUE(has_connect(router.handle(media::Connect{id(1), id(2)})));
  EXPECT_TRUE(router.bridged_at_home(id(1)));
}

TEST_F(Router, TwoBranchesMeetInTheCore) {
  open(1, branch);
  open(2, other);
  EXPECT_FALSE(has_connect(router.handle(media::Connect{id(1), id(2)})));
  EXPECT_FALSE(router.bridged_at_home(id(1)));
}

TEST_F(Router, APromptBringsABridgeToTheCoreAndBack) {
  open(1, branch);
  open(2, branch);
  router.handle(media::Connect{id(1), id(2)});
  router.handle(media::Play{id(1), {"hold"}, false, media::PlayId{7}});
  EXPECT_FALSE(router.bridged_at_home(id(2)));
  router.handle_play_ended({id(1), media::PlayId{6}});  // of an earlier one
  EXPECT_FALSE(router.bridged_at_home(id(2)));
  EXPECT_TRUE(has_connect(router.handle_play_ended({id(1), media::PlayId{7}})));
  EXPECT_TRUE(router.bridged_at_home(id(2)));
}

TEST_F(Router, ARecordingBringsABridgeToTheCoreAndBack) {
  open(1, branch);
  open(2, branch);
  router.handle(media::Connect{id(1), id(2)});
  const auto effects = router.handle(media::Record{id(2), media::RecordingId{7}});
  EXPECT_FALSE(router.bridged_at_home(id(1)));
  EXPECT_EQ(told(effects).size(), 2u) << "the SBC is told to part them, and of no recording";
  router.handle(media::StopRecording{id(2)});
  EXPECT_FALSE(router.bridged_at_home(id(1))) << "until it has ended";
  router.handle_recording_ended({id(2), media::RecordingId{6}});  // of an earlier one
  EXPECT_FALSE(router.bridged_at_home(id(1)));
  EXPECT_TRUE(has_connect(router.handle_recording_ended({id(2), media::RecordingId{7}})));
}

TEST_F(Router, ARecordingOfAStreamThatIsNotThereIsTheEnginesToRefuse) {
  const auto effects = router.handle(media::Record{id(9), media::RecordingId{7}});
  ASSERT_EQ(effects.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<media::Record>(std::get<ToEngine>(effects[0]).order));
}

TEST_F(Router, ListeningForDigitsKeepsACallInTheCore) {
  open(1, branch);
  open(2, branch);
  router.handle(media::Collect{id(1), true, true});
  EXPECT_FALSE(has_connect(router.handle(media::Connect{id(1), id(2)})));
  EXPECT_TRUE(has_connect(router.handle(media::Collect{id(1), false, true})));
}

TEST_F(Router, AnSbcSendsAtOnceToWhomTheCoreSaysAndToNobodyElse) {
  open(1, branch);
  sbc::LanConfig lan;
  lan.address = IpAddress{0xc0a80105};
  lan.rtp = {20000, 20100};
  sbc::BranchStreams streams{{lan}};
  tunnel::StreamOpen opened;
  opened.stream = 1;
  opened.local = {lan.address, 20000};
  streams.handle(opened);
  for (const bool send : {true, false})
    for (const bool at_once : {true, false}) {
      media::SetRemote remote;
      remote.stream = id(1);
      remote.rtp = {{5}, 4000};
      remote.send = send;
      remote.at_once = at_once;
      const auto effects = router.handle(remote);
      ASSERT_EQ(told(effects).size(), 1u);
      const auto& frame = std::get<ToSbc>(effects.back()).frame;
      const auto order = std::get<media::SetRemote>(streams.handle(frame).orders.front());
      EXPECT_EQ(order.send, send);
      EXPECT_EQ(order.at_once, at_once);
    }
}

TEST_F(Router, ARestartedSbcIsToldEverythingAgain) {
  open(1, branch);
  open(2, branch);
  open(3, other);
  media::SetRemote remote;
  remote.stream = id(1);
  remote.rtp = {{5}, 4000};
  router.handle(remote);
  router.handle(media::Connect{id(1), id(2)});
  const auto effects = router.handle_site_fresh(branch);
  EXPECT_EQ(effects.size(), 4u) << "two opened, one remote, one connected";
  EXPECT_TRUE(has_connect(effects));
  router.handle(media::CloseStream{id(1)});
  EXPECT_EQ(router.handle_site_fresh(branch).size(), 1u);
}

// The engine of the core hears a branch's phones open out of the tunnel.
TEST_F(Router, KeysGoToTheMediaPlaneOfThePhoneAndToNoOther) {
  open(1, branch);
  open(3, local_site());
  const media::Sealing keys{SrtpSuite::aead_aes_128_gcm, Secret{std::string(28, 'o')}, Secret{std::string(28, 't')}};
  const auto srtp_at_engine = [](const MediaEffects& effects) {
    for (const auto& effect : effects)
      if (const auto* to = std::get_if<ToEngine>(&effect)) return std::get<media::SetRemote>(to->order).srtp;
    return std::optional<media::Sealing>{};
  };
  const auto sealed_at = [](const MediaEffects& effects) -> const tunnel::StreamSealed* {
    for (const auto& effect : effects)
      if (const auto* to = std::get_if<ToSbc>(&effect))
        if (const auto* sealed = std::get_if<tunnel::StreamSealed>(&to->frame)) return sealed;
    return nullptr;
  };
  const auto at_branch = router.handle(media::SetRemote{.stream = id(1), .rtp = {{5}, 4000}, .srtp = keys});
  EXPECT_EQ(srtp_at_engine(at_branch), std::nullopt);
  ASSERT_NE(sealed_at(at_branch), nullptr);
  EXPECT_EQ(sealed_at(at_branch)->ours, keys.ours);
  EXPECT_EQ(sealed_at(at_branch)->theirs, keys.theirs);
  const auto local = router.handle(media::SetRemote{.stream = id(3), .rtp = {{5}, 4000}, .srtp = keys});
  EXPECT_EQ(srtp_at_engine(local), keys);
  EXPECT_EQ(local.size(), 1u);
}

// How far its keys were used has died with it, so none of them seals anything again, whatever came before and after.
TEST_F(Router, ARestartedSbcIsToldNoKeyThatAnSbcHadBefore) {
  open(1, branch);
  open(2, branch);
  open(3, other);
  char fill = 'a';
  const auto fresh = [&](SrtpSuite suite) {
    const Secret ours{std::string(srtp_key_size(suite), fill++)};
    return media::Sealing{suite, ours, Secret{std::string(srtp_key_size(suite), '.')}};
  };
  std::set<std::string> used;
  const auto told_keys = [&](const MediaEffects& effects) {
    std::vector<std::string> keys;
    for (const auto& effect : effects)
      if (const auto* to = std::get_if<ToSbc>(&effect))
        if (const auto* sealed = std::get_if<tunnel::StreamSealed>(&to->frame))
          keys.emplace_back(sealed->ours.reveal());
    return keys;
  };
  const auto lost = [](const MediaEffects& effects) {
    std::vector<std::uint32_t> streams;
    for (const auto& effect : effects)
      if (const auto* to = std::get_if<ToSignalling>(&effect))
        streams.push_back(std::get<media::SealLost>(to->event).stream.value());
    return streams;
  };
  const auto seal = [&](std::uint32_t n, SrtpSuite suite) {
    for (auto& key :
         told_keys(router.handle(media::SetRemote{.stream = id(n), .rtp = {{5}, 4000}, .srtp = fresh(suite)})))
      EXPECT_TRUE(used.insert(std::move(key)).second);
  };
  seal(1, SrtpSuite::aead_aes_128_gcm);
  seal(1, SrtpSuite::aes_cm_128_hmac_sha1_80);
  seal(3, SrtpSuite::aes_cm_128_hmac_sha1_80);
  router.handle(media::SetRemote{.stream = id(2), .rtp = {{6}, 4000}});  // RTP
  router.handle(media::Connect{id(1), id(2)});
  const auto first = router.handle_site_fresh(branch);
  EXPECT_EQ(told_keys(first), std::vector<std::string>{});
  EXPECT_EQ(lost(first), std::vector{1u});
  EXPECT_EQ(told(first).size(), 4u) << "two opened, one remote of RTP, one connected";
  EXPECT_EQ(lost(router.handle_site_fresh(branch)), std::vector<std::uint32_t>{}) << "it has none to lose";
  seal(1, SrtpSuite::aes_cm_128_hmac_sha1_80);
  const auto second = router.handle_site_fresh(branch);
  EXPECT_EQ(told_keys(second), std::vector<std::string>{});
  EXPECT_EQ(lost(second), std::vector{1u});
  EXPECT_EQ(lost(router.handle_site_fresh(other)), std::vector{3u});
}

}  // namespace
}  // namespace roamdesk::door
