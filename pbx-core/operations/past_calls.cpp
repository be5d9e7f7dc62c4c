#include "pbx-core/operations/past_calls.hpp"

#include <memory>
#include <utility>

namespace roamdesk::core {
namespace {

struct CallRecall {
  store::Store& store;
  WallTime oldest;
  std::function<void(std::function<void()>)> post;
  std::function<void(const CallRecord&)> count;
};

// A record gets its id as its call ends.
void ask_for(const std::shared_ptr<const CallRecall>& recall, store::CallQuery query, int pages) {
  recall->store.call_records(query, [recall, query, pages](store::CallPage page) {
    recall->post([recall, query, pages, page = std::move(page)]() mutable {
      for (const CallRecord& record : page.records)
        if (record.ended > recall->oldest && !record.trunk.empty()) recall->count(record);
      query.before = page.next;
      if (page.next && pages > 1 && page.records.back().ended > recall->oldest)
        ask_for(recall, std::move(query), pages - 1);
    });
  });
}

}  // namespace

void recall_outside_calls(store::Store& store, WallTime now, std::function<void(std::function<void()>)> post,
                          std::function<void(const CallRecord&)> count) {
  store::CallQuery query;
  query.limit = 1000;
  ask_for(
      std::make_shared<CallRecall>(CallRecall{store, now - std::chrono::hours{1}, std::move(post), std::move(count)}),
      std::move(query), 50);
}

}  // namespace roamdesk::core
