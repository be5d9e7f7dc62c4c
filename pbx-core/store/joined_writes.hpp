#pragma once
#include <string>

namespace roamdesk::store {

// The name of a SQLite VFS over `vfs` ("" for the system's) that writes to the write-ahead log in one piece what SQLite
// appends in many: a frame's head and its page, each by a system call, of some ten pages a transaction. The piece
// leaves before the log is synced, read, or asked anything, so before a commit is told to anybody. Only for a
// connection with synchronous=FULL, where each commit syncs the log: without it others would look for frames that
// aren't there yet. Where the write fails (the disk is full), it is the sync that says so, and SQLite takes the
// transaction back.
std::string joined_writes_over(const std::string& vfs);

}  // namespace roamdesk::store
