import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { api, ask } from "~/api/client";
import { t, tn } from "~/i18n";
import { isAdministrator, isOperator, me } from "~/live/session";
import { desks, phones, sbcs } from "~/live/store";
import { Icon } from "~/parts/Icon";
import { isAwaited } from "~/parts/who";

// What waits to be done by somebody, though nothing is broken. Nothing where all is done.
export function useToDo(): { text: string; to: string }[] {
  const [backedUp, setBackedUp] = useState(true);
  useEffect(() => {
    for (const list of [phones, desks, sbcs]) list.want();
    if (isAdministrator.value)
      ask(api.GET("/audit", { params: { query: { action: "backup.made", limit: 1 } } })).then(
        ({ records }) => setBackedUp(records.length > 0),
        () => {},
      );
  }, []);
  const waiting = phones.all.value.filter((p) => !p.assigned_to).length;
  const empty = desks.all.value.filter(isAwaited).length;
  const unenrolled = sbcs.all.value.filter((s) => !s.enrolled).length;
  return [
    isOperator.value && waiting > 0 && { text: tn("todo.phones", waiting), to: "/phones" },
    phones.loaded.value && empty > 0 && { text: tn("todo.desks", empty), to: "/hot-desks" },
    isAdministrator.value && unenrolled > 0 && { text: tn("todo.sbcs", unenrolled), to: "/sbcs" },
    isAdministrator.value && !backedUp && { text: t("todo.backup"), to: "/backup" },
    isAdministrator.value && me.value?.totp === false && { text: t("todo.second_factor"), to: "/profile" },
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
