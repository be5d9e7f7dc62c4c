#include "common/media/prompts.hpp"

#include <cstring>
#include <fstream>
#include <stdexcept>

#include "common/media/g711.hpp"

namespace roamdesk::media {
namespace {

constexpr std::uintmax_t longest_file = 60 * 8000 * 2 + 4096;

template <class T>
T little(const std::string& bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);  // x86 and ARM Linux are little-endian, as WAV is
  return value;
}

}  // namespace

std::vector<std::int16_t> read_wav(const std::filesystem::path& file) {
  const auto wrong = [&](const std::string& what) {
    return std::runtime_error(file.string() + ": " + what +
                              "; expected a WAV file of 8 kHz, mono, 16 bits, 60 s at most");
  };
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) throw wrong(error.message());
  if (size > longest_file) throw wrong("too long");
  std::ifstream in{file, std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  if (bytes.size() < 12 || bytes.compare(0, 4, "RIFF") != 0 || bytes.compare(8, 4, "WAVE") != 0)
    throw wrong("not a WAV file");
  bool described = false;
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const auto name = bytes.substr(at, 4);
    std::size_t length = little<std::uint32_t>(bytes, at + 4);
    at += 8;
    length = std::min(length, bytes.size() - at);  // a streamed file says more than there is
    if (name == "fmt ") {
      if (length < 16 || little<std::uint16_t>(bytes, at) != 1 || little<std::uint16_t>(bytes, at + 2) != 1 ||
          little<std::uint32_t>(bytes, at + 4) != 8000 || little<std::uint16_t>(bytes, at + 14) != 16)
        throw wrong("another format");
      described = true;
    } else if (name == "data") {
      if (!described) throw wrong("no format before the samples");
      std::vector<std::int16_t> samples(length / 2);
      std::memcpy(samples.data(), bytes.data() + at, samples.size() * 2);
      if (samples.empty()) throw wrong("no samples");
      return samples;
    }
    at += length + (length & 1);
  }
  throw wrong("no samples");
}

PromptLibrary::PromptLibrary(const std::filesystem::path& directory, const std::filesystem::path& overrides) {
  load(directory);
  load(overrides);
}

void PromptLibrary::load(const std::filesystem::path& directory) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error))
    if (entry.path().extension() == ".wav") add(entry.path().stem().string(), read_wav(entry.path()));
}

void PromptLibrary::add(std::string name, const std::vector<std::int16_t>& samples) {
  Prompt prompt;
  for (const auto sample : samples) {
    prompt.alaw.push_back(to_alaw(sample));
    prompt.ulaw.push_back(to_ulaw(sample));
  }
  prompts_.insert_or_assign(std::move(name), std::move(prompt));
}

const Prompt* PromptLibrary::find(std::string_view name) const {
  const auto found = prompts_.find(name);
  return found == prompts_.end() ? nullptr : &found->second;
}

}  // namespace roamdesk::media
