#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "common/base/result.hpp"

// How `pbx-core sbc add` and `pbx-core user reset-password` ask the running core: a UNIX socket in state_dir, 0600, so
// a user who may write there may ask. One JSON object a line each way, one exchange a connection:
// {"command":"sbc.add","name":"branch-1"} is answered
// {"ok":true,"text":"…"} or {"ok":false,"text":"what is wrong"}.
namespace roamdesk::api {

struct ControlRequest {
  std::string command;                           // "sbc.add"
  std::map<std::string, std::string> arguments;  // the object's other members, strings only
};
struct ControlReply {
  bool ok = false;
  std::string text;
};

// Listens in a thread of its own. `handler` is called on that thread; the reply may be given from any thread, once.
class ControlServer {
 public:
  using Handler = std::function<void(ControlRequest, std::function<void(ControlReply)>)>;
  // Replaces a stale socket file; throws std::runtime_error where another core answers on it or it can't be made.
  ControlServer(std::filesystem::path socket, Handler handler);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

enum class ControlFault {
  not_running,  // no socket, or no process answers on it
  refused,      // no permission
  broken,       // something answered that isn't us, or nothing within 10 s
};
std::string to_string(ControlFault fault);

// For the command line: blocks.
Result<ControlReply, ControlFault> control(const std::filesystem::path& socket, const ControlRequest& request);

}  // namespace roamdesk::api
