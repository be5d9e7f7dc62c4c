import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { t } from "~/i18n";
import { sbcs } from "~/live/store";
import { FormDialog } from "~/parts/Dialog";
import { Text } from "~/parts/Field";
import { TimeZone } from "~/parts/TimeZone";

const example = "branch-1";

export function sbcNameFault(name: string): string | undefined {
  if (!name) return undefined;
  if (sbcs.find(name)) return t("sbcs.name_taken");
  return name !== "local" && /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name) ? undefined : t("sbcs.name_fault");
}

// Makes it, and gives its one-time key to whoever shows it.
export async function createSbc(name: string, zone: string): Promise<string> {
  const made = await ask(api.POST("/sbcs", { body: { name, time_zone: zone } }));
  await sbcs.refresh();
  return made.enrolment_key;
}

export function NewSbc({
  onClose,
  onKey,
}: {
  onClose: () => void;
  onKey: (made: { name: string; key: string }) => void;
}) {
  const [name, setName] = useState("");
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const fault = sbcNameFault(name);
  return (
    <FormDialog
      title={t("sbcs.add")}
      onClose={onClose}
      submit={t("sbcs.add")}
      disabled={!name || !!fault || !zone}
      send={async () => onKey({ name, key: await createSbc(name, zone) })}
    >
      <Text
        label={t("sbcs.name")}
        value={name}
        onValue={setName}
        fault={fault}
        hint={t("sbcs.name_hint")}
        placeholder={example}
        autoFocus
        autoCapitalize="none"
      />
      <TimeZone label={t("sbcs.time_zone")} value={zone} onValue={setZone} hint={t("sbcs.time_zone_hint")} />
    </FormDialog>
  );
}
