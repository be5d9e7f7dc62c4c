import { api, ask } from "~/api/client";
import type { Sbc } from "~/api/types";
import { t, tn } from "~/i18n";
import { isAdministrator, isSiteAdministrator } from "~/live/session";
import { desks, sbcs } from "~/live/store";
import { confirm, confirmDelete } from "~/parts/Confirmation";
import type { Action } from "~/parts/Menu";
import { Told } from "~/parts/problems";
import { fetchFile, stamp } from "~/parts/csv";
import { attempt, complain } from "~/parts/Toast";
import { siteOf } from "~/parts/who";

export interface NewKey {
  name: string; // the SBC's
  key: string;
}

const path = (name: string) => ({ params: { path: { name } } });

export function actionsOf(
  sbc: Sbc,
  onKey: (made: NewKey) => void,
  onZone: (sbc: Sbc) => void,
  onLocation: (sbc: Sbc) => void,
  onSrtp: (sbc: Sbc) => void,
  onScheme: (sbc: Sbc) => void,
  onSettings: (sbc: Sbc) => void,
  onRestart: (sbc: Sbc) => void,
): Action[] {
  if (!isSiteAdministrator.value) return [];
  return [
    { label: t("sbcs.new_key"), icon: "key", run: () => makeKey(sbc, onKey) },
    { label: t("sbcs.change_zone"), icon: "clock", run: () => onZone(sbc) },
    { label: t("locations.emergency_location"), icon: "pin", run: () => onLocation(sbc) },
    { label: t("srtp.label"), icon: "key", run: () => onSrtp(sbc) },
    { label: t("https.label"), icon: "key", run: () => onScheme(sbc) },
    ...(sbc.enrolled
      ? ([
          { label: t("sbcs.settings"), icon: "settings", run: () => onSettings(sbc) },
          { label: t("sbcs.take_log"), icon: "download", run: () => void take(sbc, "log") },
          { label: t("sbcs.take_diagnosis"), icon: "download", run: () => void take(sbc, "diagnosis") },
          { label: t("sbcs.restart"), icon: "refresh", danger: true, run: () => onRestart(sbc) },
        ] satisfies Action[])
      : []),
    ...(isAdministrator.value
      ? [{ label: t("action.delete"), icon: "trash" as const, danger: true, run: () => void remove(sbc) }]
      : []),
  ];
}

// Its log, or all that helps to find out what is wrong there, as a file.
const take = ({ name }: Sbc, kind: "log" | "diagnosis") =>
  attempt(
    () =>
      fetchFile(`/sbcs/${encodeURIComponent(name)}/report`, `${name}-${kind}-${stamp()}.txt`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ kind, lines: kind === "log" ? 2000 : 500 }),
      }),
    t("sbcs.taken"),
  );

function makeKey({ name, enrolled }: Sbc, onKey: (made: NewKey) => void): void {
  confirm({
    title: t("sbcs.new_key_title", { name }),
    text: enrolled ? t("sbcs.new_key_enrolled") : t("sbcs.new_key_text"),
    yes: t("sbcs.new_key"),
    danger: enrolled,
    then: async () => {
      const made = await ask(api.POST("/sbcs/{name}/enrolment-key", path(name)));
      onKey({ name, key: made.enrolment_key });
    },
  });
}

// While desks are there it isn't deleted: that is said beforehand, with how many.
async function remove({ name }: Sbc): Promise<void> {
  desks.want();
  await desks.refresh();
  const there = desks.all.value.filter((d) => siteOf(d.provisioning) === name);
  if (there.length)
    return complain(
      new Told(
        tn("sbcs.delete_desks", there.length, {
          name,
          desks: there
            .slice(0, 8)
            .map((d) => d.id)
            .join(", "),
        }),
      ),
    );
  confirmDelete({
    title: t("sbcs.delete_title", { name }),
    text: t("sbcs.delete_text"),
    then: async () => {
      await ask(api.DELETE("/sbcs/{name}", path(name)));
      sbcs.remove(name);
    },
  });
}
