#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace roamdesk::http {

// A body that isn't held in memory: its bytes are had piece by piece, on the server's thread.
class BodySource {
 public:
  enum class State {
    some,     // appended to `into`, at least one
    not_yet,  // later: they are on their way
    failed,   // never
  };
  virtual ~BodySource() = default;
  // At most `most` bytes, from `offset` on. Must not block for longer than a disk takes.
  virtual State read(std::uint64_t offset, std::size_t most, std::string& into) = 0;
};

// `bytes` of the source, from `offset` on.
struct LongBody {
  std::shared_ptr<BodySource> source;
  std::uint64_t offset = 0, bytes = 0;
  // Kept until the body is out, or can't be.
  std::shared_ptr<void> ticket{};
};

}  // namespace roamdesk::http
