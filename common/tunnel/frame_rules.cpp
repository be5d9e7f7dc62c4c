#include "common/tunnel/frame_codec.hpp"

namespace roamdesk::tunnel {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

// Which sides, which class, what it is called in logs.
struct Rule {
  bool sbc, core;
  FrameClass cls;
  std::string_view name;
};
constexpr auto connection = FrameClass::connection;
constexpr auto signalling = FrameClass::signalling;

Rule rule(const Frame& frame) {
  return std::visit(Overloaded{
                        [](const Hello&) {
                          return Rule{true, false, connection, "hello"};
                        },
                        [](const Welcome&) {
                          return Rule{false, true, connection, "welcome"};
                        },
                        [](const Goodbye&) {
                          return Rule{true, true, connection, "goodbye"};
                        },
                        [](const Ping&) {
                          return Rule{true, true, connection, "ping"};
                        },
                        [](const Pong&) {
                          return Rule{true, true, connection, "pong"};
                        },
                        [](const Ack&) {
                          return Rule{true, true, connection, "ack"};
                        },
                        [](const Enrol&) {
                          return Rule{true, false, connection, "enrol"};
                        },
                        [](const Issued&) {
                          return Rule{false, true, connection, "issued"};
                        },
                        [](const Renew&) {
                          return Rule{true, false, connection, "renew"};
                        },
                        [](const NextEpoch&) {
                          return Rule{false, true, connection, "next_epoch"};
                        },
                        [](const WantEpoch&) {
                          return Rule{true, false, connection, "want_epoch"};
                        },
                        [](const LinkReport&) {
                          return Rule{true, true, connection, "link_report"};
                        },
                        [](const Media&) {
                          return Rule{true, true, FrameClass::media, "media"};
                        },
                        [](const FlowOpen&) {
                          return Rule{true, true, signalling, "flow_open"};
                        },
                        [](const FlowClose&) {
                          return Rule{true, true, signalling, "flow_close"};
                        },
                        [](const FlowStanding&) {
                          return Rule{false, true, signalling, "flow_standing"};
                        },
                        [](const Sip&) {
                          return Rule{true, true, signalling, "sip"};
                        },
                        [](const HttpRequest&) {
                          return Rule{true, false, FrameClass::bulk, "http_request"};
                        },
                        [](const HttpHead&) {
                          return Rule{false, true, FrameClass::bulk, "http_head"};
                        },
                        [](const HttpBody&) {
                          return Rule{false, true, FrameClass::bulk, "http_body"};
                        },
                        [](const HttpCancel&) {
                          return Rule{true, true, FrameClass::bulk, "http_cancel"};
                        },
                        [](const StreamOpen&) {
                          return Rule{false, true, signalling, "stream_open"};
                        },
                        [](const StreamRemote&) {
                          return Rule{false, true, signalling, "stream_remote"};
                        },
                        [](const StreamConnect&) {
                          return Rule{false, true, signalling, "stream_connect"};
                        },
                        [](const StreamDisconnect&) {
                          return Rule{false, true, signalling, "stream_disconnect"};
                        },
                        [](const StreamClose&) {
                          return Rule{false, true, signalling, "stream_close"};
                        },
                        [](const StreamFailed&) {
                          return Rule{true, false, signalling, "stream_failed"};
                        },
                        [](const StreamQuality&) {
                          return Rule{true, false, signalling, "stream_quality"};
                        },
                    },
                    frame);
}

}  // namespace

FrameClass class_of(const Frame& frame) { return rule(frame).cls; }
bool may_send(Side side, const Frame& frame) { return side == Side::sbc ? rule(frame).sbc : rule(frame).core; }
std::string_view name_of(const Frame& frame) { return rule(frame).name; }

}  // namespace roamdesk::tunnel
