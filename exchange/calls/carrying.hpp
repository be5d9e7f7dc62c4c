#pragma once
#include <vector>

#include "exchange/calls/carried.hpp"

namespace roamdesk::calls {

struct Call;
struct Leg;
struct Rooms;

// Calls that outlive this process: how they are handed over, and how the next process goes on with them.
class Carrying {
 public:
  explicit Carrying(Rooms& rooms) : rooms_(rooms) {}

  // The calls that can go on, the oldest first. All others end with us (Survival).
  std::vector<CarriedCall> carried() const;
  // Something is on its way in a call that could go on without it: a moment later it may be over.
  bool is_settling() const;
  // Goes on with a call of the last process. False: it doesn't fit (a name or a port of it is taken, a description
  // can't be read), and nothing of it is here.
  bool adopt(CarriedCall carried);
  // Whether the peer knows its dialog still: it may have hung up while nobody listened.
  void probe(Leg& leg);

 private:
  bool goes_on(const Call& call) const;
  bool is_sound(const CarriedCall& carried) const;
  bool is_sound(const CarriedLeg& carried) const;
  LegId add(CarriedLeg carried);
  void wind_up(Leg& leg);

  Rooms& rooms_;
};

}  // namespace roamdesk::calls
