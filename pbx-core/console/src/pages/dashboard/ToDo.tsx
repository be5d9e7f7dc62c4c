import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { api, ask } from "~/api/client";
import { t, tn } from "~/i18n";
import { isAdministrator, isOperator, isSiteAdministrator, me } from "~/live/session";
import { stats } from "~/live/store";
import { Icon } from "~/parts/Icon";

// What waits to be done by somebody, though nothing is broken. Nothing where all is done.
export function useToDo(): { text: string; to: string }[] {
  const [backedUp, setBackedUp] = useState(true);
  useEffect(() => {
    if (isAdministrator.value)
      ask(api.GET("/audit", { params: { query: { action: "backup.made", limit: 1 } } })).then(
        ({ records }) => setBackedUp(records.length > 0),
        () => {},
      );
  }, []);
  const now = stats.all.value[0]?.now;
  const waiting = now?.phones_unassigned ?? 0;
  const empty = now?.desks_without_phone ?? 0;
  const unenrolled = now?.sbcs_not_enrolled ?? 0;
  return [
    isOperator.value && waiting > 0 && { text: tn("todo.phones", waiting), to: "/phones" },
    empty > 0 && { text: tn("todo.desks", empty), to: "/hot-desks" },
    isSiteAdministrator.value && unenrolled > 0 && { text: tn("todo.sbcs", unenrolled), to: "/sbcs" },
    isAdministrator.value && !backedUp && { text: t("todo.backup"), to: "/backup" },
    isSiteAdministrator.value && me.value?.totp === false && { text: t("todo.second_factor"), to: "/profile" },
  ].filter((x) => !!x);
}

export function ToDo({ list }: { list: { text: string; to: string }[] }) {
  return (
    <ul class="to-do">
      {list.map(({ text, to }) => (
        <li key={to}>
          <Icon name="right" size={16} />
          <Link href={to}>{text}</Link>
        </li>
      ))}
    </ul>
  );
}
