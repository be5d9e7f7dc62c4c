#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <thread>

#include "tests/unit/media/plane.hpp"

// Which loop an engine has, and what it does where io_uring isn't to be had.
namespace roamdesk::media {
namespace {

struct Denial {
  const char* name;
  unsigned call;
  int error;
  // Of the call's second argument; nullopt: whatever it is.
  std::optional<unsigned> argument;
};

// This thread, and those that it starts, are denied a system call from now on.
void deny(const Denial& denial) {
  const auto argument = denial.argument.value_or(0);
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, denial.call, 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[1])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, argument, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JA, denial.argument ? 1u : 0u, 0, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(denial.error)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{static_cast<unsigned short>(std::size(program)), program};
  ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

// What is said in both directions between two phones of an engine with these settings.
void carries(const Engine::Settings& settings, Engine::Loops& loops) {
  const PromptLibrary prompts;
  Heard heard;
  Engine engine{settings, prompts, nullptr, heard.report()};
  loops = engine.loops();
  const Endpoint a{loopback(1), 20000}, b{loopback(1), 20002};
  Socket alice{{loopback(2), 4000}}, bob{{loopback(3), 4000}};
  for (const auto& [id, at, phone] : {std::tuple{StreamId{1}, a, &alice}, {StreamId{2}, b, &bob}}) {
    engine.post(OpenStream{id, local_site(), at});
    engine.post(SetRemote{.stream = id, .rtp = phone->local(), .signalling = phone->local().address});
  }
  engine.post(Connect{StreamId{1}, StreamId{2}});
  engine.post(Play{StreamId{1}, {"none"}});
  heard.next<PlayEnded>();
  EXPECT_GT(share_of(440, talk(alice, a, bob, 440, 1)), 0.9);
  EXPECT_GT(share_of(1000, talk(bob, b, alice, 1000, 1)), 0.9);
}

TEST(Loops, AreIoUringUnlessSomethingIsSaidAgainstIt) {
  Engine::Loops loops;
  carries({}, loops);
  EXPECT_EQ(loops.kind == LoopKind::io_uring, loops.why_not.empty());
  EXPECT_NE(loops.kind, LoopKind::automatic);
  EXPECT_EQ(loops.text() == "io_uring", loops.why_not.empty());
}

TEST(Loops, AreEpollWhereThatIsOrdered) {
  Engine::Loops loops;
  carries({.loop = LoopKind::epoll}, loops);
  EXPECT_EQ(loops.kind, LoopKind::epoll);
  EXPECT_EQ(loops.text(), "epoll");
}

class Fallback : public testing::TestWithParam<Denial> {};

TEST_P(Fallback, IsEpollThatCarriesEverythingAndSaysWhy) {
  for (const auto wanted : {LoopKind::automatic, LoopKind::io_uring}) {
    Engine::Loops loops;
    std::thread{[&] {
      deny(GetParam());
      carries({.loop = wanted}, loops);
    }}.join();
    EXPECT_EQ(loops.kind, LoopKind::epoll);
    EXPECT_FALSE(loops.why_not.empty());
    EXPECT_EQ(loops.text(), "epoll: " + loops.why_not);
  }
}

INSTANTIATE_TEST_SUITE_P(Loops, Fallback,
                         testing::Values(Denial{"SwitchedOff", __NR_io_uring_setup, EPERM, {}},
                                         Denial{"NotInThisKernel", __NR_io_uring_setup, ENOSYS, {}},
                                         Denial{"WithoutItsFlags", __NR_io_uring_setup, EINVAL, {}},
                                         Denial{"WithoutBufferRings", __NR_io_uring_register, EINVAL,
                                                IORING_REGISTER_PBUF_RING},
                                         Denial{"MayNotRegister", __NR_io_uring_register, EPERM, {}},
                                         Denial{"MayNotEnter", __NR_io_uring_enter, EPERM, {}}),
                         [](const auto& denial) { return denial.param.name; });

}  // namespace
}  // namespace roamdesk::media
