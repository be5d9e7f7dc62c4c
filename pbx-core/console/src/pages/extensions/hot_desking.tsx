import { api, ask } from "~/api/client";
import type { Extension } from "~/api/types";
import { t, tn, tx } from "~/i18n";
import { calls, desks, desksOf, extensions } from "~/live/store";
import { confirm } from "~/parts/Confirmation";
import { firstOf } from "~/parts/first_of";
import { changeRowsSeen } from "~/parts/many_changes";
import { Notice } from "~/parts/Notice";
import { attempt } from "~/parts/Toast";
import { Who } from "~/parts/who";

const named = 8;

const set = (seen: Extension[], on: boolean) => {
  const numbers = seen.map((e) => e.number);
  return attempt(
    () =>
      changeRowsSeen(seen, {
        key: (e) => e.number,
        name: (e) => `${e.number} ${e.name}`.trim(),
        of: ({ hot_desking }) => ({ hot_desking }),
        read: async () => {
          await extensions.refresh();
          return extensions.all.value;
        },
        send: async (versions) => {
          for (const now of await ask(api.PATCH("/extensions", { body: { numbers, hot_desking: on, versions } })))
            extensions.put(now);
        },
      }),
    tn(on ? "extensions.authorised" : "extensions.revoked", numbers.length, { who: firstOf(numbers) }),
  );
};

function Seated({ numbers }: { numbers: string[] }) {
  const talking = numbers.filter((n) => calls.all.value.some((c) => c.from === n || c.to === n));
  return (
    <>
      <p>{tn("extensions.withdraw_text", numbers.length)}</p>
      <ul>
        {numbers.slice(0, named).map((number) => (
          <li key={number}>
            {tx("extensions.withdraw_who", {
              who: <Who strong number={number} />,
              desks: (desksOf.value.get(number) ?? []).map((d) => d.id).join(", "),
            })}
          </li>
        ))}
        {numbers.length > named && <li>{t("emergency.more", { n: numbers.length - named })}</li>}
      </ul>
      {talking.length > 0 && (
        <Notice tone="warn" icon="calls">
          {tn("extensions.withdraw_calls", talking.length)}
        </Notice>
      )}
    </>
  );
}

// Those who are logged in are logged out when it is withdrawn: then it asks, and says who. `done` is called when it is
// done. It is a change of the rows as they are when it is asked for: who has gone since isn't among them.
export async function setHotDesking(numbers: string[], on: boolean, done: () => void = () => {}): Promise<void> {
  const seen = numbers.flatMap((number) => extensions.find(number) ?? []);
  const go = async () => {
    if (await set(seen, on)) done();
  };
  if (on) return go();
  for (const list of [calls, desks]) list.want();
  await Promise.all([calls.refresh(), desks.refresh()]);
  const seated = numbers.filter((n) => desksOf.value.has(n));
  if (!seated.length) return go();
  confirm({
    title: tn("extensions.withdraw_title", seated.length),
    text: <Seated numbers={seated} />,
    yes: t("extensions.revoke"),
    danger: true,
    then: go,
  });
}
