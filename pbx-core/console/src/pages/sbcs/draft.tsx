import { useState } from "preact/hooks";
import type { VNode } from "preact";
import { api, ask } from "~/api/client";
import { t } from "~/i18n";
import { sbcs } from "~/live/store";
import { Text } from "~/parts/Field";
import { TimeZone } from "~/parts/TimeZone";
import type { NewKey } from "./actions";

const example = "branch-1";

function nameFault(name: string): string | undefined {
  if (!name) return undefined;
  if (sbcs.find(name)) return t("sbcs.name_taken");
  return name !== "local" && /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name) ? undefined : t("sbcs.name_fault");
}

// An SBC that is being filled in, in a dialog or in the set-up.
export function useSbcDraft(autoFocus = false): { ready: boolean; fields: VNode; create: () => Promise<NewKey> } {
  const [name, setName] = useState("");
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const fault = nameFault(name);
  const create = async () => {
    const made = await ask(api.POST("/sbcs", { body: { name, time_zone: zone } }));
    await sbcs.refresh();
    return { name, key: made.enrolment_key };
  };
  const fields = (
    <>
      <Text
        label={t("sbcs.name")}
        value={name}
        onValue={setName}
        fault={fault}
        hint={t("sbcs.name_hint")}
        placeholder={example}
        autoFocus={autoFocus}
        autoCapitalize="none"
      />
      <TimeZone label={t("sbcs.time_zone")} value={zone} onValue={setZone} hint={t("sbcs.time_zone_hint")} />
    </>
  );
  return { ready: !!name && !fault && !!zone, fields, create };
}
