#pragma once
#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include "common/media/recordings.hpp"
#include "common/rtp/track.hpp"

namespace roamdesk::media {

// Writes recordings by a thread of its own, so that the media thread never waits for a disk: it hands pieces over, and
// where the disk is that far behind that no more may wait, it is told so.
class Recorder {
 public:
  // One recording, as long as it lasts.
  using Serial = Strong<struct SerialTag, std::uint64_t>;
  struct Done {
    Serial serial;
    RecordingEnded ended;
  };

  // `most_waiting`: pieces, of all recordings. `ready`: there is something to take; called on the writer's thread.
  // Throws std::system_error.
  Recorder(std::shared_ptr<Recordings> recordings, std::size_t most_waiting, std::function<void()> ready);
  // Writes all that waits, and ends.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  Serial open(StreamId stream, RecordingId id, bool alaw);
  // False: too much waits; nothing was taken.
  bool append(Serial serial, const Track::Piece& piece);
  // Each recording has one Done: this, or a failure before it.
  void close(Serial serial, RecordingEnd why);
  std::vector<Done> take_done();

 private:
  struct Buffer {
    std::uint64_t silence = 0;
    std::size_t size = 0;
    std::array<std::uint8_t, Track::longest_piece> audio;
  };
  struct Open {
    Serial serial;
    StreamId stream;
    RecordingId id;
    bool alaw = false;
  };
  struct Append {
    Serial serial;
    std::unique_ptr<Buffer> piece;
  };
  struct Close {
    Serial serial;
    RecordingEnd why{};
  };
  using Job = std::variant<Open, Append, Close>;
  struct File {
    std::unique_ptr<RecordingFile> file;
    StreamId stream;
    RecordingId id;
    bool alaw = false;
    std::uint64_t samples = 0;
  };
  using Files = std::map<Serial, File>;

  void post(Job job);
  void run();
  // The writer's thread, without the lock.
  void perform(Open& job);
  void perform(Append& job);
  void perform(Close& job);
  static bool write(File& file, const Buffer& piece);
  void end(Files::iterator at, RecordingEnd why);
  void done(Done done);

  std::shared_ptr<Recordings> recordings_;
  std::size_t most_waiting_;
  std::function<void()> ready_;
  Files files_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::vector<std::unique_ptr<Buffer>> free_;
  std::size_t waiting_ = 0;
  std::vector<Done> done_;
  std::uint64_t last_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace roamdesk::media
