import { t, tx } from "~/i18n";
import { calls } from "~/live/store";
import { Notice } from "~/parts/Notice";
import { Who } from "~/parts/who";

const callsOf = (number: string) => calls.all.value.filter((c) => c.from === number || c.to === number);

// Said before somebody is taken off a desk: what becomes of a call that is up.
export function CallWarning({ number }: { number: string }) {
  const up = callsOf(number);
  if (!up.length) return <p class="muted">{t("desks.no_call")}</p>;
  return (
    <Notice tone="warn" icon="calls">
      {up.map((c) => (
        <p key={c.id}>
          {tx("desks.in_call", {
            who: <Who number={number} />,
            other: <Who number={c.from === number ? c.to : c.from} />,
          })}
        </p>
      ))}
      <p>{t("desks.call_goes_on")}</p>
    </Notice>
  );
}

// Said before somebody takes the desk of another.
export function EndsSession({ of: number }: { of: string }) {
  return (
    <>
      <Notice tone="warn" icon="logout">
        <p>{tx("desks.log_in_ends", { who: <Who strong number={number} /> })}</p>
      </Notice>
      <CallWarning number={number} />
    </>
  );
}
