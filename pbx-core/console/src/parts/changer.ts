import { useEffect, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { moment } from "~/i18n";
import { isOperator } from "~/live/session";

// Who has changed last what the log calls `subject`, and when: asked for once `wanted`; null as long as it isn't known.
export function useChanger(subject: string, wanted: boolean): { who: string; at: string } | null {
  const [changer, setChanger] = useState<{ who: string; at: string } | null>(null);
  useEffect(() => {
    if (!wanted || !isOperator.value) return setChanger(null);
    let over = false;
    const query = subject ? { subject, limit: 20 } : { action: "settings", limit: 20 };
    ask(api.GET("/audit", { params: { query } })).then(
      ({ records }) => {
        const last = records.find((r) => /\.(changed|created|imported)$/.test(r.action));
        if (last && !over) setChanger({ who: last.actor, at: moment(last.at) });
      },
      () => {}, // then it is said without a name
    );
    return () => {
      over = true;
    };
  }, [subject, wanted]);
  return changer;
}
