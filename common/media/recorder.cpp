#include "common/media/recorder.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::media {

Recorder::Recorder(std::shared_ptr<Recordings> recordings, std::size_t most_waiting, std::function<void()> ready)
    : recordings_(std::move(recordings)),
      most_waiting_(most_waiting),
      ready_(std::move(ready)),
      thread_([this] { run(); }) {}

Recorder::~Recorder() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

Recorder::Serial Recorder::open(StreamId stream, RecordingId id, bool alaw) {
  const Serial serial{++last_};
  post(Open{serial, stream, id, alaw});
  return serial;
}

bool Recorder::append(Serial serial, const Track::Piece& piece) {
  std::unique_ptr<Buffer> buffer;
  {
    const std::lock_guard lock{mutex_};
    if (waiting_ >= most_waiting_) return false;
    ++waiting_;
    if (!free_.empty()) {
      buffer = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (!buffer) buffer = std::make_unique<Buffer>();
  buffer->silence = piece.silence;
  buffer->size = piece.audio.size();
  std::copy(piece.audio.begin(), piece.audio.end(), buffer->audio.begin());
  post(Append{serial, std::move(buffer)});
  return true;
}

void Recorder::close(Serial serial, RecordingEnd why) { post(Close{serial, why}); }

std::vector<Recorder::Done> Recorder::take_done() {
  const std::lock_guard lock{mutex_};
  return std::exchange(done_, {});
}

void Recorder::post(Job job) {
  {
    const std::lock_guard lock{mutex_};
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void Recorder::run() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    std::visit([this](auto& its) { perform(its); }, job);
    lock.lock();
    if (auto* append = std::get_if<Append>(&job)) {
      free_.push_back(std::move(append->piece));
      --waiting_;
    }
  }
}

void Recorder::perform(Open& job) {
  auto file = recordings_->create(job.id, job.alaw);
  if (file)
    files_.emplace(job.serial, File{std::move(file), job.stream, job.id, job.alaw});
  else
    done({job.serial, {job.stream, job.id, {}, RecordingEnd::refused}});
}

void Recorder::perform(Append& job) {
  const auto found = files_.find(job.serial);
  if (found != files_.end() && !write(found->second, *job.piece)) end(found, RecordingEnd::failed);
}

void Recorder::perform(Close& job) {
  const auto found = files_.find(job.serial);
  if (found != files_.end()) end(found, job.why);
}

bool Recorder::write(File& file, const Buffer& piece) {
  const auto append = [&](std::span<const std::uint8_t> audio) {
    if (!file.file->append(audio)) return false;
    file.samples += audio.size();
    return true;
  };
  std::array<std::uint8_t, Track::piece> silence;
  silence.fill(file.alaw ? 0xd5 : 0xff);
  for (auto left = piece.silence; left > 0;) {
    const auto size = std::min<std::uint64_t>(left, silence.size());
    if (!append(std::span{silence}.first(static_cast<std::size_t>(size)))) return false;
    left -= size;
  }
  return append(std::span{piece.audio}.first(piece.size));
}

void Recorder::end(Files::iterator at, RecordingEnd why) {
  const File file = std::move(at->second);
  const auto serial = at->first;
  files_.erase(at);
  if (!file.file->finish()) why = RecordingEnd::failed;
  done({serial, {file.stream, file.id, std::chrono::milliseconds{file.samples / 8}, why}});
}

void Recorder::done(Done done) {
  {
    const std::lock_guard lock{mutex_};
    done_.push_back(done);
  }
  ready_();
}

}  // namespace roamdesk::media
