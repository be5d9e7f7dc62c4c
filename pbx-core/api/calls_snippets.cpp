#include <fmt/format.h>

#include "pbx-core/api/record_calls.hpp"

// Lines of an administrator's own for phones' files, and the finished files.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

struct Snippets {
  using Record = Snippet;
  static constexpr const char *name = "snippet for", *action = "snippet", *path = "snippets", *key = "model";
  static constexpr std::size_t most = 200;

  static Snippet fresh() { return {}; }
  static void complete(Snippet&) {}
  static Snippet placed(Snippet snippet, const Directory&) { return snippet; }
  static void more(json::object&, const Snippet&, const Domain&) {}
};
using SnippetCalls = RecordCalls<Snippets>;

std::optional<std::string> text_in(const json::object& body, std::string_view member) {
  const auto* value = body.if_contains(json::string_view(member.data(), member.size()));
  const auto* text = value ? value->if_string() : nullptr;
  return text ? std::optional{std::string(text->data(), text->size())} : std::nullopt;
}

// Goes on where the lines are ones that the model's phones can be given.
void when_good(Service& service, const CallPtr& call, const std::optional<std::string>& model,
               const std::optional<std::string>& text, std::function<void()> then) {
  // What else is wrong with the body is said by who reads it.
  if (!model || !text) return then();
  const Snippet snippet{*model, *text};
  if (const auto problem = problem_with(snippet)) return call->fail(*problem);
  service.read([snippet](const Domain& domain) { return domain.snippet_problem(snippet); },
               [call, then = std::move(then)](const std::optional<Problem>& problem) {
                 if (problem) return call->fail(*problem);
                 then();
               });
}

void create(Service& service, const CallPtr& call) {
  when_good(service, call, text_in(call->body, "model"), text_in(call->body, "text"),
            [&service, call] { SnippetCalls::create(service, call); });
}

void change(Service& service, const CallPtr& call) {
  when_good(service, call, call->parameters[0], text_in(call->body, "text"),
            [&service, call] { SnippetCalls::change(service, call); });
}

struct Finished {
  bool known = false;
  std::optional<FinishedFile> file;
};

void answer_with_file(Service& service, const CallPtr& call, const Mac& mac, const std::optional<Snippet>& instead) {
  service.read(
      [mac, instead](const Domain& domain) {
        return Finished{domain.phone(mac).has_value(), domain.finished_file(mac, instead)};
      },
      [call, mac](const Finished& finished) {
        if (!finished.known) return call->fail({404, "No phone with the MAC " + mac.text() + " has been seen", "mac"});
        if (!finished.file)
          return call->fail({409, "The phone gets no file: it isn't assigned, or its branch isn't known yet", "mac"});
        json::array own;
        for (const auto line : finished.file->own) own.emplace_back(line);
        call->answer(
            200,
            json::object{{"name", finished.file->name}, {"text", finished.file->text}, {"own_lines", std::move(own)}});
      });
}

std::optional<Mac> mac_in_path(const CallPtr& call) {
  if (const Fault fault = check_mac(call->parameters[0])) {
    call->fail({422, "mac in the path " + *fault, "mac"});
    return std::nullopt;
  }
  return Mac::parse(call->parameters[0]);
}

void show_file(Service& service, const CallPtr& call) {
  if (const auto mac = mac_in_path(call)) answer_with_file(service, call, *mac, std::nullopt);
}

// With lines that aren't stored.
void preview_file(Service& service, const CallPtr& call) {
  const auto mac = mac_in_path(call);
  if (!mac) return;
  Reader reader(call->body, {"model", "text"});
  const Snippet snippet{reader.required("model", "yealink:T46U"), reader.text("text").value_or("")};
  if (!snippet_place(snippet.model))
    reader.refuse("model", Fault{"is neither a vendor whose phones are configured nor a model of one"});
  if (call->failed(reader)) return;
  when_good(service, call, snippet.model, snippet.text,
            [&service, call, mac, snippet] { answer_with_file(service, call, *mac, snippet); });
}

}  // namespace

std::vector<Route> snippet_routes() {
  constexpr Role administrator = Role::administrator;
  return {
      {"GET", "/snippets", administrator, SnippetCalls::list},
      {"POST", "/snippets", administrator, create},
      {"GET", "/snippets/{model}", administrator, SnippetCalls::show, false, false, false, SnippetCalls::version},
      {"PATCH", "/snippets/{model}", administrator, change, false, false, false, SnippetCalls::version},
      {"DELETE", "/snippets/{model}", administrator, SnippetCalls::remove, false, false, false, SnippetCalls::version},
      {"GET", "/phones/{mac}/configuration", administrator, show_file},
      {"POST", "/phones/{mac}/configuration", administrator, preview_file}};
}

}  // namespace roamdesk::api
