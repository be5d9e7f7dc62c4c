#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <cerrno>

#include "pbx-core/api/control.hpp"
#include "pbx-core/api/control_line.hpp"

namespace roamdesk::api {

std::string to_string(ControlFault fault) {
  switch (fault) {
    case ControlFault::not_running:
      return "pbx-core isn't running with this configuration (nobody answers on control.sock in its state_dir)";
    case ControlFault::refused:
      return "control.sock may not be used by this user; run it as the user of pbx-core";
    case ControlFault::broken:
      return "pbx-core doesn't answer on control.sock as expected";
  }
  return "unknown";
}

Result<ControlReply, ControlFault> control(const std::filesystem::path& socket, const ControlRequest& request) {
  namespace json = boost::json;
  const auto connected = control_line::connect(socket);
  if (!connected.fd.valid())
    return connected.error == EACCES || connected.error == EPERM ? ControlFault::refused : ControlFault::not_running;
  json::object object;
  for (const auto& [name, value] : request.arguments) object[name] = value;
  object["command"] = request.command;
  if (!control_line::write_line(connected.fd, json::serialize(object))) return ControlFault::broken;
  const auto line = control_line::read_line(connected.fd, std::chrono::seconds(10));
  if (!line) return ControlFault::broken;
  boost::system::error_code ec;
  const json::value value = json::parse(*line, ec);
  const json::object* answer = ec ? nullptr : value.if_object();
  const json::value* ok = answer ? answer->if_contains("ok") : nullptr;
  const json::value* text = answer ? answer->if_contains("text") : nullptr;
  if (!ok || !ok->if_bool() || !text || !text->if_string()) return ControlFault::broken;
  return ControlReply{*ok->if_bool(), std::string(text->if_string()->data(), text->if_string()->size())};
}

}  // namespace roamdesk::api
