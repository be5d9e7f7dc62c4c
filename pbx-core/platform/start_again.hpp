#pragma once

namespace roamdesk::core {

// This program anew, in the same process: whoever looks after it sees no end. Nothing that it has opened stays open but
// the standard streams. Comes back only where that fails: with the exit code.
int start_again(char** argv);

}  // namespace roamdesk::core
