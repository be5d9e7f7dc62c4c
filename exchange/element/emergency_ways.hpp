#pragma once
#include <optional>
#include <string>
#include <vector>

#include "exchange/element/trunk_calls.hpp"
#include "exchange/emergency/pidf_lo.hpp"
#include "exchange/model/location.hpp"

namespace roamdesk::element {

// By which trunks a call for help leaves, and what each of them is told.
class EmergencyWays {
 public:
  EmergencyWays(Context& context, Outside& outside, const TrunkCalls& trunk_calls)
      : context_(context), outside_(outside), trunk_calls_(trunk_calls) {}

  struct Open {
    trunks::TrunkNumber number;
    const Trunk* trunk;
    std::vector<trunks::Server> servers;
  };
  // Those of the location that can carry a call now, in its order.
  std::vector<Open> open(const Location& location);

  struct Told {
    // The user part of Request-URI and To: what was dialled, whatever the trunk wants numbers to be.
    std::string number;
    // Who is shown, E.164; "" for the trunk's main number.
    std::string callback;
    emergency::Whereabouts whereabouts;
    // What providers know the place by.
    std::vector<LocationReference> references{};
  };
  // One server after the other: the first, with the others in its `then`.
  std::vector<calls::Target> targets(const std::vector<Open>& open, const Told& told) const;

 private:
  calls::Manner manner_of(const Trunk& trunk, const Told& told) const;
  // How the trunk is told of the place: by what its provider knows it by, else, where it takes that, by value; nullopt
  // where by neither, and the number shown has to say it.
  std::optional<calls::Attachment> place_for(const Trunk& trunk, const LocationReference* reference,
                                             const Told& told) const;

  Context& context_;
  Outside& outside_;
  const TrunkCalls& trunk_calls_;
};

}  // namespace roamdesk::element
