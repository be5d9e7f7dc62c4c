#pragma once
#include <concepts>
#include <variant>

#include "common/base/overloaded.hpp"
#include "exchange/ivr/announcement.hpp"
#include "exchange/ivr/login_dialogue.hpp"
#include "exchange/ivr/logout_dialogue.hpp"

namespace roamdesk::ivr {

// The shape of what runs a voice dialogue: pure, made of its Purpose, it takes events and the time and gives effects.
template <class M>
concept Machine = std::constructible_from<M, const typename M::Purpose&> &&
    requires(M machine, const M& constant, const Event& event, TimePoint now) {
  { machine.handle(event, now) } -> std::same_as<Effects>;
  { machine.handle_timeout(now) } -> std::same_as<Effects>;
  { constant.deadline() } -> std::same_as<std::optional<TimePoint>>;
  { constant.over() } -> std::same_as<bool>;
  { constant.consistent() } -> std::same_as<bool>;
};

// One call with a voice dialogue, of any kind. Owned by the call, dies with it.
template <Machine... Kinds>
class AnyOf {
 public:
  // What the call is for; routing has decided it.
  using Purpose = std::variant<typename Kinds::Purpose...>;

  explicit AnyOf(const Purpose& purpose)
      : machine_(std::visit(Overloaded{[](const typename Kinds::Purpose& its) {
                              return Any{std::in_place_type<Kinds>, its};
                            }...},
                            purpose)) {}

  Effects handle(const Event& event, TimePoint now) {
    return std::visit([&](auto& machine) { return machine.handle(event, now); }, machine_);
  }
  // Spurious calls do nothing.
  Effects handle_timeout(TimePoint now) {
    return std::visit([&](auto& machine) { return machine.handle_timeout(now); }, machine_);
  }
  std::optional<TimePoint> deadline() const {
    return std::visit([](const auto& machine) { return machine.deadline(); }, machine_);
  }
  // HangUp was said, or the caller went.
  bool over() const {
    return std::visit([](const auto& machine) { return machine.over(); }, machine_);
  }
  bool consistent() const {
    return std::visit([](const auto& machine) { return machine.consistent(); }, machine_);
  }

 private:
  using Any = std::variant<Kinds...>;
  Any machine_;
};

// All kinds there are. A new one: its machine, and its line here.
using Dialogue = AnyOf<LoginDialogue,   //
                       LogoutDialogue,  //
                       Announcement>;
using Purpose = Dialogue::Purpose;

}  // namespace roamdesk::ivr
