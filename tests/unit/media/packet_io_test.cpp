#include "common/media/packet_io.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include <map>

#include "common/media/epoll_io.hpp"
#include "common/media/uring_io.hpp"
#include "tests/unit/media/plane.hpp"

// What both ways to the kernel promise.
namespace roamdesk::media {
namespace {

std::unique_ptr<PacketIo> make(LoopKind kind) {
  if (kind == LoopKind::epoll) return std::make_unique<EpollIo>();
  return std::make_unique<UringIo>();
}

// io_uring too, where this machine has and allows it.
std::vector<LoopKind> kinds() {
  try {
    make(LoopKind::io_uring);
    return {LoopKind::epoll, LoopKind::io_uring};
  } catch (const std::runtime_error&) {
    return {LoopKind::epoll};
  }
}

using Bytes = std::vector<std::uint8_t>;

class Io : public testing::TestWithParam<LoopKind>, public PacketTaker {
 protected:
  Io() : io(make(GetParam())) {}
  ~Io() override {
    for (auto& [tag, fd] : sockets) io->close(fd, tag);
  }
  void on_datagram(std::uint64_t tag, std::span<std::uint8_t> bytes, bool whole, const net::SocketAddress& source,
                   TimePoint) override {
    given[tag].emplace_back(bytes.begin(), bytes.end());
    cut += !whole;
    from = source.endpoint();
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0xdd});  // they are ours until we return
  }
  void on_error(std::uint64_t tag, TimePoint) override {
    while (const auto target = take_unreachable(socket_of(tag))) unreachable.push_back(*target);
  }
  void on_ready(std::uint64_t tag, TimePoint) override { ++ready[tag]; }
  int socket_of(std::uint64_t tag) override {
    const auto found = sockets.find(tag);
    return found == sockets.end() ? -1 : found->second;
  }

  void open(std::uint64_t tag, Endpoint local) {
    std::string why;
    const int fd = open_udp(local, 0, why);
    ASSERT_GE(fd, 0) << why;
    sockets[tag] = fd;
    io->add(fd, tag);
  }
  void close(std::uint64_t tag) {
    io->close(sockets.at(tag), tag);
    sockets.erase(tag);
  }
  void turn(std::chrono::milliseconds patience = 5s) {
    io->wait({}, std::chrono::steady_clock::now() + patience);
    io->dispatch(*this, std::chrono::steady_clock::now());
  }
  std::size_t count(std::uint64_t tag) { return given[tag].size(); }
  // Turns until the sockets from `first` to `last` have had that many datagrams each.
  void turns_until(std::uint64_t first, std::uint64_t last, std::size_t each) {
    const auto done = [&] {
      for (auto tag = first; tag <= last; ++tag)
        if (count(tag) < each) return false;
      return true;
    };
    for (int i = 0; i < 1000 && !done(); ++i) turn();
    for (auto tag = first; tag <= last; ++tag) EXPECT_EQ(count(tag), each) << tag;
  }

  const Endpoint face{loopback(1), 20000};
  Socket phone{{loopback(2), 4000}}, other{{loopback(3), 4000}};
  std::map<std::uint64_t, int> sockets;
  std::map<std::uint64_t, std::vector<Bytes>> given;
  std::map<std::uint64_t, int> ready;
  std::vector<Endpoint> unreachable;
  Endpoint from;
  int cut = 0;
  std::unique_ptr<PacketIo> io;
};

TEST_P(Io, GivesDatagramsAsTheyCameAndCutsThoseThatAreTooLong) {
  open(2, face);
  const Bytes longest(PacketIo::most_bytes, 7), too_long(PacketIo::most_bytes + 1, 8);
  for (const auto& bytes : {Bytes{1, 2, 3}, Bytes{}, longest, too_long, Bytes{4}}) phone.send(face, bytes);
  turns_until(2, 2, 5);
  EXPECT_EQ(given[2], (std::vector<Bytes>{{1, 2, 3}, {}, longest, Bytes(PacketIo::most_bytes, 8), {4}}));
  EXPECT_EQ(cut, 1);
  EXPECT_EQ(from, phone.local());
}

TEST_P(Io, GivesNothingASecondTimeAndNothingOfAnother) {
  open(2, face);
  open(3, {face.address, 20001});
  for (std::uint8_t i = 0; i < 200; ++i) {
    phone.send(face, {i, 2});
    phone.send({face.address, 20001}, {i, 3});
  }
  turns_until(2, 3, 200);
  for (const std::uint8_t tag : {std::uint8_t{2}, std::uint8_t{3}})
    for (std::uint8_t i = 0; i < 200; ++i) EXPECT_EQ(given[tag][i], (Bytes{i, tag}));
  turn(0ms);
  EXPECT_EQ(count(2) + count(3), 400u);
}

// More than there are buffers for, before the first is looked at.
TEST_P(Io, GivesAllOfAFloodOfManySocketsAndTheQuietOneHasItsTurn) {
  constexpr std::uint64_t sockets_ = 12;
  for (std::uint64_t tag = 2; tag < 2 + sockets_; ++tag)
    open(tag, {face.address, static_cast<std::uint16_t>(20000 + tag)});
  open(100, face);
  for (std::uint8_t i = 0; i < 200; ++i)
    for (std::uint64_t tag = 2; tag < 2 + sockets_; ++tag)
      phone.send({face.address, static_cast<std::uint16_t>(20000 + tag)}, {i});
  phone.send(face, {9});
  int turns = 0;
  for (; count(100) == 0 && turns < 100; ++turns) turn();
  EXPECT_LE(turns, 8);
  turns_until(2, 1 + sockets_, 200);
  for (std::uint64_t tag = 2; tag < 2 + sockets_; ++tag)
    for (std::uint8_t i = 0; i < 200; ++i) EXPECT_EQ(given[tag][i], Bytes{i});
}

TEST_P(Io, SendsMoreAtOnceThanItHasRoomForInTheirOrder) {
  open(2, face);
  std::vector<std::unique_ptr<Socket>> phones;
  for (std::uint8_t i = 0; i < 6; ++i) phones.push_back(std::make_unique<Socket>(Endpoint{loopback(10 + i), 4000}));
  for (std::uint8_t i = 0; i < 200; ++i)
    for (const auto& one : phones) {
      Bytes bytes(100, i);
      io->send(sockets[2], 2, bytes, net::SocketAddress{one->local()});
      std::fill(bytes.begin(), bytes.end(), std::uint8_t{0xee});  // it needn't live
    }
  turn(0ms);
  for (std::uint8_t i = 0; i < 200; ++i)
    for (const auto& one : phones) EXPECT_EQ(one->receive(), Bytes(100, i));
  for (int i = 0; i < 5; ++i) turn(0ms);
  io->send(sockets[2], 2, Bytes{1}, net::SocketAddress{phone.local()});
  turn(0ms);
  EXPECT_EQ(phone.receive(), Bytes{1});
}

// To a broadcast address without leave, and to a port where nobody listens: those are lost, and no other.
TEST_P(Io, WhatCantBeSentCostsNothingElse) {
  open(2, face);
  const Endpoint nobody{loopback(99), 9};
  for (int round = 0; round < 5; ++round) {
    io->send(sockets[2], 2, Bytes{0}, net::SocketAddress{Endpoint{IpAddress{0xffffffff}, 9}});
    io->send(sockets[2], 2, Bytes{0}, net::SocketAddress{nobody});
    io->send(sockets[2], 2, Bytes{static_cast<std::uint8_t>(round)}, net::SocketAddress{phone.local()});
    for (int i = 0; i < 4; ++i) turn(0ms);
    EXPECT_EQ(phone.receive(), Bytes{static_cast<std::uint8_t>(round)});
  }
  phone.send(face, {5});
  turns_until(2, 2, 1);
  ASSERT_FALSE(unreachable.empty());
  for (const auto& target : unreachable) EXPECT_EQ(target, nobody);
}

TEST_P(Io, TellsOfWatchedDescriptorsInEachTurnUntilTheyAreRead) {
  const int event = eventfd(1, EFD_NONBLOCK);
  io->watch(event, 1);
  for (int i = 1; i <= 3; ++i) {
    turn();
    EXPECT_EQ(ready[1], i);
  }
  eventfd_t value = 0;
  eventfd_read(event, &value);
  turn(0ms);
  const int told = ready[1];
  turn(0ms);
  EXPECT_EQ(ready[1], told);
  eventfd_write(event, 1);
  turn();
  EXPECT_EQ(ready[1], told + 1);
  ::close(event);
}

TEST_P(Io, TellsOnceOfAnEventfdThatIsWrittenToAndThatNobodyReads) {
  const int event = eventfd(1, EFD_NONBLOCK);
  io->listen(event, 1);
  turn();
  EXPECT_EQ(ready[1], 1) << "it was written to before";
  for (int i = 2; i <= 4; ++i) {
    turn(0ms);
    turn(5ms);
    EXPECT_EQ(ready[1], i - 1) << "told of what is no news";
    eventfd_write(event, 1);
    eventfd_write(event, 1);
    turn();
    turn(5ms);
    EXPECT_GE(ready[1], i);
    EXPECT_LE(ready[1], i + 1) << "two writes";
    ready[1] = i;
  }
  ::close(event);
}

TEST_P(Io, WaitsNoLongerThanToItsDeadline) {
  const auto now = std::chrono::steady_clock::now();
  io->wait({}, now);
  io->wait(now + 1h, now);
  io->wait(now + 1h, now + 5ms);
  EXPECT_GE(std::chrono::steady_clock::now(), now + 5ms);
  EXPECT_LT(std::chrono::steady_clock::now(), now + 1min);
}

// A second descriptor of the socket shows what is left in it: all of it, if nothing takes from it any more.
void expect_left(int fd, int datagrams) {
  Bytes bytes(16);
  for (int i = 0; i < datagrams; ++i) EXPECT_EQ(recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT), 1) << i;
  ::close(fd);
}

TEST_P(Io, TakesNothingFromASocketThatWasClosed) {
  open(2, face);
  open(3, {face.address, 20001});
  const int same = dup(sockets[2]);
  for (int i = 0; i < 50; ++i) phone.send(face, {1});
  io->wait({}, std::chrono::steady_clock::now() + 5s);  // what has come isn't looked at yet
  close(2);
  const auto before = count(2);
  turn(0ms);
  while (true) {  // what wasn't taken yet is of no concern here
    std::uint8_t byte = 0;
    if (recv(same, &byte, 1, MSG_DONTWAIT) < 0) break;
  }
  EXPECT_LE(count(2) - before, 50u);
  const auto taken = count(2);
  for (int i = 0; i < 50; ++i) phone.send(face, {1});
  phone.send({face.address, 20001}, {3});
  turns_until(3, 3, 1);
  turn(0ms);
  EXPECT_EQ(count(2), taken);
  expect_left(same, 50);
}

TEST_P(Io, TakesNothingAfterItsEnd) {
  open(2, face);
  const int same = dup(sockets[2]);
  for (int i = 0; i < 50; ++i) phone.send(face, {1});
  turns_until(2, 2, 50);
  for (int i = 0; i < 50; ++i) io->send(sockets[2], 2, Bytes{1}, net::SocketAddress{other.local()});
  auto ended = std::move(io);
  ended.reset();  // sends are queued, a receive is under way
  io = std::make_unique<EpollIo>();
  for (int i = 0; i < 50; ++i) phone.send(face, {1});
  expect_left(same, 50);
}

TEST_P(Io, ThePortOfAClosedSocketIsFreeWhateverIsUnderWay) {
  for (std::uint64_t tag = 2; tag < 300; ++tag) {
    open(tag, face);
    for (int i = 0; i < 5; ++i) phone.send(face, {1});
    if (tag % 3 == 0) turn(0ms);
    if (tag % 3 == 1) io->wait({}, std::chrono::steady_clock::now());
    io->send(sockets[tag], tag, Bytes{1}, net::SocketAddress{Endpoint{loopback(99), 9}});
    close(tag);
  }
  open(1000, face);
  phone.send(face, {7});
  turns_until(1000, 1000, 1);
  EXPECT_EQ(given[1000], std::vector<Bytes>{{7}});
}

// The kernel works off a few completions a call (20, since Linux 6.14): with hundreds under way, one call isn't enough.
TEST_P(Io, PortsAreFreeWhereHundredsOfSocketsHaveDatagrams) {
  constexpr std::uint64_t count = 300;
  const auto at = [&](std::uint64_t i) { return Endpoint{face.address, static_cast<std::uint16_t>(20000 + i)}; };
  for (std::uint64_t i = 0; i < count; ++i) open(2 + i, at(i));
  io->wait({}, std::chrono::steady_clock::now());
  for (std::uint64_t i = 0; i < count; ++i)
    for (int k = 0; k < 3; ++k) phone.send(at(i), {1});
  for (std::uint64_t i = 0; i < count; ++i) {
    close(2 + i);
    open(1000 + i, at(i));
  }
  auto ended = std::move(io);
  ended.reset();
  io = std::make_unique<EpollIo>();
  for (std::uint64_t i = 0; i < count; ++i) close(1000 + i);
  for (std::uint64_t i = 0; i < count; ++i) open(2000 + i, at(i));
}

INSTANTIATE_TEST_SUITE_P(Packet, Io, testing::ValuesIn(kinds()),
                         [](const auto& kind) { return std::string{word_of(kind.param)}; });

}  // namespace
}  // namespace roamdesk::media
