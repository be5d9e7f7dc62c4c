#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exchange/calls/book.hpp"
#include "exchange/calls/context.hpp"

namespace roamdesk::calls {

// The media of legs: one stream for each, and a port of its site, both from the leg's first day to its end. Does
// nothing for a leg without a stream.
class Streams {
 public:
  Streams(Context& context, Book& book) : context_(context), book_(book) {}

  // False: there is no port. `beside`: the leg that it will be connected with, if there is one.
  bool open(Leg& leg, const Leg* beside = nullptr);
  void close(Leg& leg);
  // The stream of a leg of the last process, at the port that is its own already: as it was, but for keys. Where it has
  // any it says and hears nothing before its peer has taken other ones.
  void adopt(Leg& leg, const Leg& beside);
  // What holds with a peer that signals by `flow`. nullopt: SRTP is required, and its keys would travel in the open.
  std::optional<Srtp> srtp_for(const std::optional<PeerId>& peer, const sip::Flow& flow) const;
  // A leg's keys, before its first description.
  void seal(Leg& leg, Srtp srtp);
  // Other keys in the place of lost ones: in force with the next description of the peer.
  void reseal(Leg& leg);
  // Whether a description of the leg's peer has audio that it may have.
  bool takes(const Leg& leg, std::string_view sdp) const;
  // What the peer's description says of where media goes; nothing if it can't be read.
  void set_remote(Leg& leg, std::string_view sdp);
  // An ACK or PRACK came: over UDP anyone can call in a trunk's name, but only the trunk's own address hears our tag.
  void reached(Leg& leg);
  void connect(Leg& one, Leg& other);
  // Another leg's session description in this leg's name; `offer`: what it answers, "" if it is an offer itself.
  std::string word(Leg& leg, std::string_view sdp, std::string_view offer = {});
  void play(Leg& leg, std::vector<std::string> prompts, bool repeat = false);
  void hush(Leg& leg);
  void collect(const Leg& leg, bool on);

  Leg* leg_of(media::StreamId stream);
  bool empty() const { return by_stream_.empty(); }
  std::string inconsistency() const;

 private:
  Context& context_;
  Book& book_;
  std::uint32_t last_stream_ = 0, last_play_ = 0;
  std::unordered_map<media::StreamId, LegId> by_stream_;
};

}  // namespace roamdesk::calls
