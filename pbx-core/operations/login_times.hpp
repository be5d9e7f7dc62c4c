#pragma once
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>

#include "exchange/element/world.hpp"

namespace roamdesk::core {

// How long people wait at a desk: from the digit that completed a PIN to its answer, by how it ended.
class LoginTimes {
 public:
  explicit LoginTimes(prometheus::Registry& registry)
      : family_(prometheus::BuildHistogram()
                    .Name("roamdesk_login_seconds")
                    .Help("From the last PIN digit's arrival to the answer; `ok`: to the desk being the person's")
                    .Register(registry)),
        ok_(family_.Add({{"result", "ok"}}, buckets())),
        refused_(family_.Add({{"result", "refused"}}, buckets())) {}

  void answered(const element::LoginTimed& login) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - login.since;
    (login.ok ? ok_ : refused_).Observe(took.count());
  }

 private:
  static prometheus::Histogram::BucketBoundaries buckets() {
    return {0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 5};
  }
  prometheus::Family<prometheus::Histogram>& family_;
  prometheus::Histogram& ok_;
  prometheus::Histogram& refused_;
};

}  // namespace roamdesk::core
