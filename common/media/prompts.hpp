#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace roamdesk::media {

// One announcement, ready to be sent.
struct Prompt {
  std::vector<std::uint8_t> alaw, ulaw;  // 8 kHz
};

// The announcements by name, read once: *.wav (8 kHz, mono, 16-bit PCM or G.711; 256 at most) of `directory`, then of
// `overrides`, where an administrator puts others under the same names. Constant after that; any thread reads it.
class PromptLibrary {
 public:
  PromptLibrary() = default;
  // Throws std::runtime_error that names the file and what is wrong with it. A directory that doesn't exist is empty.
  PromptLibrary(const std::filesystem::path& directory, const std::filesystem::path& overrides);
  const Prompt* find(std::string_view name) const;
  void add(std::string name, const std::vector<std::int16_t>& samples);
  std::size_t size() const { return prompts_.size(); }

 private:
  void load(const std::filesystem::path& directory);
  std::map<std::string, Prompt, std::less<>> prompts_;
};

// The samples of a WAV file; throws std::runtime_error with the reason. At most 60 s.
std::vector<std::int16_t> read_wav(const std::filesystem::path& file);

}  // namespace roamdesk::media
