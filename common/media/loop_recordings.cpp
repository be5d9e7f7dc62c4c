#include "common/media/loop.hpp"

// What is kept of what phones say. The writer's thread does all that may wait.
namespace roamdesk::media {

void Engine::Loop::perform(const Record& order, TimePoint now) {
  Stream* const stream = find(order.stream);
  if (stream) end_recording(*stream, RecordingEnd::stopped);
  if (!stream || !recorder_ || !is_g711(stream->remote.codec))
    return tell(RecordingEnded{order.stream, order.id, {}, RecordingEnd::refused});
  const bool alaw = stream->remote.codec == Codec::pcma;
  const auto serial = recorder_->open(order.stream, order.id, alaw);
  stream->recording = std::make_unique<Recording>(serial, now + order.longest, Track{alaw, order.most_bytes});
  recording_.push_back(stream);
}

void Engine::Loop::perform(const StopRecording& order, TimePoint) {
  if (Stream* const stream = find(order.stream)) end_recording(*stream, RecordingEnd::stopped);
}

// One packet of a stream that is recorded.
void Engine::Loop::record(Stream& stream, const RtpView& rtp, TimePoint now) {
  auto& recording = *stream.recording;
  bool taken = true;
  recording.track.received(
      rtp, now, [&](const Track::Piece& piece) { taken = taken && recorder_->append(recording.serial, piece); });
  if (!taken)
    abandon_recording(stream);
  else if (recording.track.full())
    end_recording(stream, RecordingEnd::too_big);
}

void Engine::Loop::end_recording(Stream& stream, RecordingEnd why) {
  if (!stream.recording) return;
  const auto& recording = *stream.recording;
  if (!recorder_->append(recording.serial, recording.track.rest())) return abandon_recording(stream);
  recorder_->close(recording.serial, why);
  forget_recording(stream);
}

// The disk is too far behind.
void Engine::Loop::abandon_recording(Stream& stream) {
  recorder_->close(stream.recording->serial, RecordingEnd::too_slow);
  forget_recording(stream);
}

void Engine::Loop::forget_recording(Stream& stream) {
  stream.recording.reset();
  std::erase(recording_, &stream);
}

void Engine::Loop::record_due(TimePoint now) {
  for (std::size_t i = recording_.size(); i-- > 0;)
    if (recording_[i]->recording->until <= now) end_recording(*recording_[i], RecordingEnd::too_long);
}

// What the writer has to say: recordings that are complete, or that it gave up.
void Engine::Loop::take_recorded() {
  if (!recorder_) return;
  for (const auto& done : recorder_->take_done()) {
    Stream* const stream = find(done.ended.stream);
    if (stream && stream->recording && stream->recording->serial == done.serial) forget_recording(*stream);
    tell(done.ended);
  }
}

}  // namespace roamdesk::media
