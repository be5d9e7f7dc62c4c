#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <fstream>
#include <future>

#include "common/rtp/track.hpp"
#include "tests/unit/media/plane.hpp"
#include "tests/unit/rtp/typist.hpp"

namespace roamdesk::media {
namespace {

using Audio = std::vector<std::uint8_t>;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// The samples of packets `first` to `end` of a 440 Hz tone, as a reader of the file has them.
std::vector<std::int16_t> samples(std::uint16_t first, std::uint16_t end) {
  std::vector<std::int16_t> out;
  for (auto i = first; i < end; ++i)
    for (const auto code : tone(440, i)) out.push_back(from_alaw(code));
  return out;
}

// A disk that the test holds up, or that is full.
class Disk : public Recordings {
 public:
  std::unique_ptr<RecordingFile> create(RecordingId, bool) override { return std::make_unique<File>(*this); }
  void let_go() { go_.set_value(); }

  bool stalled = false;
  std::size_t room = SIZE_MAX;

 private:
  struct File : RecordingFile {
    explicit File(Disk& its) : disk(its) {}
    bool append(std::span<const std::uint8_t> audio) override {
      if (disk.stalled) disk.gone_.wait();
      written += audio.size();
      return written <= disk.room;
    }
    bool finish() override { return written <= disk.room; }
    Disk& disk;
    std::size_t written = 0;
  };
  std::promise<void> go_;
  std::shared_future<void> gone_ = go_.get_future().share();
};

class Recorded : public testing::Test {
 protected:
  explicit Recorded(std::shared_ptr<Recordings> recordings = nullptr, std::size_t waiting = 512)
      : plane{prompts,
              {.recordings = recordings ? std::move(recordings) : std::make_shared<RecordingDirectory>(directory),
               .recorded_waiting = waiting}} {
    open(Codec::pcma);
    plane.post(OpenStream{StreamId{2}, local_site(), {loopback(1), 24002}});
    plane.post(SetRemote{.stream = StreamId{2},
                         .rtp = neighbour.local(),
                         .signalling = neighbour.local().address,
                         .codec = Codec::pcma,
                         .codec_payload = 8});
    plane.post(Connect{stream, StreamId{2}});
  }
  ~Recorded() override { std::filesystem::remove_all(directory); }

  void open(Codec codec) {
    plane.post(OpenStream{stream, local_site(), at});
    plane.post(SetRemote{.stream = stream,
                         .rtp = phone.local(),
                         .signalling = phone.local().address,
                         .codec = codec,
                         .event_payload = event_payload,
                         .codec_payload = 8});
  }
  void record(RecordingId id = recording, std::chrono::seconds longest = 60s, std::uint64_t most = 1'000'000) {
    plane.post(Record{stream, id, longest, most});
    plane.settle();
  }
  // Sends packets and waits until each has been relayed, so that the engine has seen it.
  void talk(std::uint16_t first, std::uint16_t end) {
    for (auto i = first; i < end; ++i) {
      phone.send(at, rtp(i, tone(440, i)));
      ASSERT_FALSE(neighbour.receive().empty()) << i;
    }
  }
  RecordingEnded ended(RecordingEnd why, RecordingId id = recording) {
    const auto event = plane.heard.next<RecordingEnded>();
    EXPECT_EQ(event.stream, stream);
    EXPECT_EQ(event.id, id);
    EXPECT_EQ(event.why, why) << static_cast<int>(event.why);
    return event;
  }
  std::filesystem::path file(RecordingId id = recording) const { return RecordingDirectory{directory}.path_of(id); }

  static std::filesystem::path make_directory() {
    auto path = std::filesystem::path{testing::TempDir()} / ("roamdesk_recordings_" + std::to_string(getpid()));
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
    return path;
  }

  static inline const StreamId stream{1};
  static inline const RecordingId recording{4711};
  const std::filesystem::path directory = make_directory();
  const Endpoint at{loopback(1), 24000};
  const PromptLibrary prompts;
  Socket phone{{loopback(2), 4000}}, neighbour{{loopback(3), 4000}};
  Plane plane;
};

TEST_F(Recorded, AudioIsThatOfThePhoneSampleBySample) {
  record();
  talk(1, 41);
  plane.post(StopRecording{stream});
  EXPECT_EQ(ended(RecordingEnd::stopped).duration, 800ms);
  EXPECT_EQ(read_wav(file()), samples(1, 41));
  talk(41, 42);  // the call goes on
  EXPECT_EQ(plane.heard.count<RecordingEnded>(), 0);
}

TEST_F(Recorded, FileHasAWholeHeaderAndIsItsOwnersAlone) {
  record();
  phone.send(at, rtp(1, {1, 2, 3}));
  ASSERT_FALSE(neighbour.receive().empty());
  plane.post(StopRecording{stream});
  ended(RecordingEnd::stopped);
  const std::string header{
      "RIFF\x36\0\0\0WAVEfmt \x12\0\0\0\6\0\1\0\x40\x1f\0\0\x40\x1f\0\0\1\0\x8\0\0\0"
      "fact\4\0\0\0\3\0\0\0data\3\0\0\0\1\2\3\0",
      62};
  EXPECT_EQ(bytes_of(file()), header);
  struct stat about {};
  ASSERT_EQ(stat(file().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
}

TEST_F(Recorded, LossIsSilenceAndWhatIsDoubledOrLateCountsOnce) {
  record();
  for (const auto i : std::to_array<std::uint16_t>({1, 2, 2, 5, 4, 6})) {
    phone.send(at, rtp(i, tone(440, i)));
    ASSERT_FALSE(neighbour.receive().empty());
  }
  plane.post(StopRecording{stream});
  EXPECT_EQ(ended(RecordingEnd::stopped).duration, 120ms);
  auto expected = samples(1, 7);
  std::fill(expected.begin() + 320, expected.begin() + 480, from_alaw(0xd5));
  EXPECT_EQ(read_wav(file()), expected);
}

TEST_F(Recorded, AudioInTheOtherLawIsKeptInTheLegsOwn) {
  record();
  phone.send(at, rtp(1, Audio(160, to_ulaw(5000)), 0));
  ASSERT_FALSE(neighbour.receive().empty());
  plane.post(StopRecording{stream});
  ended(RecordingEnd::stopped);
  EXPECT_EQ(read_wav(file()), std::vector<std::int16_t>(160, from_alaw(to_alaw(from_ulaw(to_ulaw(5000))))));
}

TEST_F(Recorded, AudioOfSecondsIsWrittenWhileItComes) {
  record();
  talk(1, 51);  // 8000 samples
  const auto until = std::chrono::steady_clock::now() + 5s;
  while (bytes_of(file()).size() < 58 + Track::piece && std::chrono::steady_clock::now() < until) phone.receive(1ms);
  EXPECT_EQ(bytes_of(file()).size(), 58 + Track::piece);
  EXPECT_EQ(read_wav(file()).size(), Track::piece) << "a file that isn't finished can be read";
}

TEST_F(Recorded, AudioHasNoMoreThanItsBytes) {
  record(recording, 60s, 1000);
  talk(1, 11);
  EXPECT_EQ(ended(RecordingEnd::too_big).duration, 125ms);
  auto expected = samples(1, 11);
  expected.resize(1000);
  EXPECT_EQ(read_wav(file()), expected);
  plane.post(StopRecording{stream});
  plane.settle();
  EXPECT_EQ(plane.heard.count<RecordingEnded>(), 0) << "it ended once";
}

TEST_F(Recorded, AudioHasNoMoreThanItsTimeThoughThePhoneIsSilent) {
  record(recording, 1s);
  talk(1, 3);
  EXPECT_EQ(ended(RecordingEnd::too_long).duration, 40ms);
  EXPECT_EQ(read_wav(file()), samples(1, 3));
}

TEST_F(Recorded, StreamThatIsClosedEndsIt) {
  record();
  talk(1, 3);
  plane.post(CloseStream{stream});
  EXPECT_EQ(ended(RecordingEnd::stream_closed).duration, 40ms);
  EXPECT_EQ(read_wav(file()), samples(1, 3));
}

TEST_F(Recorded, StreamIsRecordedAnewUnderAnotherName) {
  record();
  talk(1, 3);
  record(RecordingId{4712});
  ended(RecordingEnd::stopped);
  talk(3, 5);
  plane.post(StopRecording{stream});
  ended(RecordingEnd::stopped, RecordingId{4712});
  EXPECT_EQ(read_wav(file()), samples(1, 3));
  EXPECT_EQ(read_wav(file(RecordingId{4712})), samples(3, 5));
}

TEST_F(Recorded, NameThatIsTakenIsRefusedAndNothingIsOverwritten) {
  std::ofstream{file()} << "somebody's words";
  record();
  EXPECT_EQ(ended(RecordingEnd::refused).duration, 0ms);
  talk(1, 3);
  EXPECT_EQ(bytes_of(file()), "somebody's words");
}

TEST_F(Recorded, StreamThatIsNotThereIsRefused) {
  plane.post(Record{StreamId{77}, recording});
  const auto event = plane.heard.next<RecordingEnded>();
  EXPECT_EQ(event.stream, StreamId{77});
  EXPECT_EQ(event.why, RecordingEnd::refused);
  plane.post(StopRecording{StreamId{77}});
  plane.settle();
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(Recorded, StreamWithoutG711IsRefused) {
  plane.post(
      SetRemote{.stream = stream, .rtp = phone.local(), .signalling = phone.local().address, .codec = Codec::g722});
  record();
  ended(RecordingEnd::refused);
}

TEST_F(Recorded, DirectoryThatIsGoneRefuses) {
  std::filesystem::remove_all(directory);
  record();
  ended(RecordingEnd::refused);
  talk(1, 3);
}

TEST_F(Recorded, DigitsAreHeardMeanwhile) {
  plane.post(Collect{stream});
  record();
  talk(1, 3);
  phone.send(at, rtp(3, {11, 0x0a, 0, 160}, event_payload));
  EXPECT_EQ(plane.heard.next<DigitHeard>().digit, '#');
  plane.post(StopRecording{stream});
  EXPECT_EQ(ended(RecordingEnd::stopped).duration, 40ms);
}

TEST_F(Recorded, EngineThatEndsCompletesItsFile) {
  {
    Plane other{prompts, {.recordings = std::make_shared<RecordingDirectory>(directory)}};
    const Endpoint there{loopback(4), 24000};
    other.post(OpenStream{stream, local_site(), there});
    other.post(SetRemote{.stream = stream,
                         .rtp = phone.local(),
                         .signalling = phone.local().address,
                         .codec = Codec::pcma,
                         .event_payload = event_payload});
    other.post(Collect{stream});
    other.post(Record{stream, recording});
    other.settle();
    phone.send(there, rtp(1, tone(440, 1)));
    phone.send(there, rtp(2, {1, 0x0a, 0, 160}, event_payload));
    other.heard.next<DigitHeard>();
  }
  EXPECT_EQ(read_wav(file()), samples(1, 2));
}

TEST(Unrecorded, EngineWithoutAPlaceRefuses) {
  const PromptLibrary prompts;
  Plane plane{prompts};
  plane.post(Record{StreamId{1}, RecordingId{1}});
  EXPECT_EQ(plane.heard.next<RecordingEnded>().why, RecordingEnd::refused);
}

struct OnADisk : Recorded {
  OnADisk() : OnADisk(std::make_shared<Disk>()) {}
  explicit OnADisk(std::shared_ptr<Disk> its) : Recorded{its, 2}, disk(std::move(its)) {}
  std::shared_ptr<Disk> disk;
};

TEST_F(OnADisk, ThatStandsStillTheRecordingEndsAndNoPacketIsLost) {
  disk->stalled = true;
  record();
  talk(1, 101);  // two may wait; the third piece is one too many
  plane.settle();
  EXPECT_EQ(plane.heard.count<RecordingEnded>(), 0) << "it isn't complete before its file is";
  disk->let_go();
  EXPECT_EQ(ended(RecordingEnd::too_slow).duration, 1s);
  plane.post(CloseStream{stream});
  const auto quality = plane.heard.next<StreamQuality>();
  EXPECT_EQ(quality.received, 100u);
  EXPECT_EQ(quality.dropped, 0u);
}

TEST_F(OnADisk, ThatIsFullTheRecordingEndsAndTheCallGoesOn) {
  disk->room = 4000;
  record();
  talk(1, 101);
  EXPECT_EQ(ended(RecordingEnd::failed).duration, 500ms);
  plane.post(StopRecording{stream});
  talk(101, 103);
  plane.settle();
  EXPECT_EQ(plane.heard.count<RecordingEnded>(), 0) << "it ended once";
}

}  // namespace
}  // namespace roamdesk::media
