#include "pbx-core/operations/past_logins.hpp"

#include <memory>
#include <utility>

namespace roamdesk::core {
namespace {

struct Recall {
  store::Store& store;
  WallTime oldest;
  std::function<void(std::function<void()>)> post;
  std::function<void(WallTime)> count;
};

void ask(const std::shared_ptr<const Recall>& recall, store::AuditQuery query, int pages) {
  recall->store.audit(query, [recall, query, pages](store::AuditPage page) {
    recall->post([recall, query, pages, page = std::move(page)]() mutable {
      for (const AuditRecord& record : page.records)
        if (record.at > recall->oldest && !record.again) recall->count(record.at);
      query.before = page.next;
      if (page.next && pages > 1 && page.records.back().at > recall->oldest) ask(recall, std::move(query), pages - 1);
    });
  });
}

}  // namespace

void recall_logins(store::Store& store, WallTime now, std::function<void(std::function<void()>)> post,
                   std::function<void(WallTime at)> count) {
  store::AuditQuery query;
  query.limit = 1000;
  query.action = "login";
  ask(std::make_shared<Recall>(Recall{store, now - std::chrono::hours{25}, std::move(post), std::move(count)}),
      std::move(query), 20);
}

}  // namespace roamdesk::core
