#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace roamdesk::sbc {

// What has been done of write_whole().
enum class WriteStep : std::uint8_t { drafted, on_the_disk, named };

// `path` holds `text`, or is gone where that is empty, when true is given, whatever happens to the power afterwards;
// where it is cut midway, what was there or what was to come, whole. Mode 0600. Blocks for the disk. `told` is called
// after each step, for tests.
bool write_whole(const std::filesystem::path& path, std::string_view text,
                 const std::function<void(WriteStep)>& told = {});

}  // namespace roamdesk::sbc
