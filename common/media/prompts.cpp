#include "common/media/prompts.hpp"

#include <cstring>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "common/rtp/g711.hpp"

namespace roamdesk::media {
namespace {

constexpr std::uintmax_t longest_file = 60 * 8000 * 2 + 4096;
constexpr std::size_t most_prompts = 256;

template <class T>
T little(const std::string& bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);  // x86 and ARM Linux are little-endian, as WAV is
  return value;
}

enum class Format : std::uint16_t { pcm = 1, alaw = 6, ulaw = 7 };  // as WAVE numbers them

// Of the `fmt ` chunk at `at`; nullopt for a format that we don't take.
std::optional<Format> format_of(const std::string& bytes, std::size_t at) {
  const auto tag = little<std::uint16_t>(bytes, at);
  const auto bits = little<std::uint16_t>(bytes, at + 14);
  if (little<std::uint16_t>(bytes, at + 2) != 1 || little<std::uint32_t>(bytes, at + 4) != 8000) return std::nullopt;
  if (tag == 1 && bits == 16) return Format::pcm;
  if ((tag == 6 || tag == 7) && bits == 8) return static_cast<Format>(tag);
  return std::nullopt;
}

std::vector<std::int16_t> decode(Format format, std::string_view data) {
  if (format == Format::pcm) {
    std::vector<std::int16_t> samples(data.size() / 2);
    if (!samples.empty()) std::memcpy(samples.data(), data.data(), samples.size() * 2);
    return samples;
  }
  std::vector<std::int16_t> samples;
  samples.reserve(data.size());
  for (const char c : data) {
    const auto code = static_cast<std::uint8_t>(c);
    samples.push_back(format == Format::alaw ? from_alaw(code) : from_ulaw(code));
  }
  return samples;
}

}  // namespace

std::vector<std::int16_t> read_wav(const std::filesystem::path& file) {
  const auto wrong = [&](const std::string& what) {
    return std::runtime_error(file.string() + ": " + what +
                              "; expected a WAV file of 8 kHz, mono, 16-bit PCM or G.711, 60 s at most");
  };
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) throw wrong(error.message());
  if (size > longest_file) throw wrong("too long");
  std::ifstream in{file, std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  if (bytes.size() < 12 || bytes.compare(0, 4, "RIFF") != 0 || bytes.compare(8, 4, "WAVE") != 0)
    throw wrong("not a WAV file");
  std::optional<Format> format;
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const auto name = bytes.substr(at, 4);
    std::size_t length = little<std::uint32_t>(bytes, at + 4);
    at += 8;
    length = std::min(length, bytes.size() - at);  // a streamed file says more than there is
    if (name == "fmt ") {
      if (length >= 16) format = format_of(bytes, at);
      if (!format) throw wrong("another format");
    } else if (name == "data") {
      if (!format) throw wrong("no format before the samples");
      auto samples = decode(*format, std::string_view{bytes}.substr(at, length));
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
    if (entry.path().extension() == ".wav") {
      if (prompts_.size() >= most_prompts) throw std::runtime_error(directory.string() + ": more than 256 prompts");
      add(entry.path().stem().string(), read_wav(entry.path()));
    }
}

void PromptLibrary::add(std::string name, const std::vector<std::int16_t>& samples) {
  Prompt prompt;
  prompt.alaw.reserve(samples.size());
  prompt.ulaw.reserve(samples.size());
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
