import { useState } from "preact/hooks";
import type { HotDesk } from "~/api/types";
import { t, tx } from "~/i18n";
import { desks, extensions, settings } from "~/live/store";
import { FormDialog } from "~/parts/FormDialog";
import { Notice } from "~/parts/Notice";
import { Pick } from "~/parts/Pick";
import { say } from "~/parts/Toast";
import { Who, deskTitle, siteName, siteOf } from "~/parts/who";
import { endSession, startSession } from "./actions";
import { CallWarning, EndsSession } from "./warnings";

export function MoveDialog({ from: given, onClose }: { from: HotDesk; onClose: () => void }) {
  const [mac, setMac] = useState("");
  const from = desks.find(given.mac) ?? given;
  const number = given.extension!;
  const to = desks.find(mac);
  const send = async () => {
    if (!to) return;
    // The policy that refuses a second login is about people at phones; moving is what is asked for here.
    if (settings.all.value[0]?.hot_desk.when_already_logged_in === "refuse" && from.extension === number)
      await endSession(from);
    await startSession(to, number);
    say(t("desks.moved", { number, desk: to.id }));
  };
  return (
    <FormDialog
      title={t("desks.move_title", { number, name: extensions.find(number)?.name ?? "" })}
      onClose={onClose}
      submit={t("desks.move_do")}
      disabled={!to}
      send={send}
    >
      <Pick
        label={t("desks.move_to")}
        value={mac}
        onPick={setMac}
        autoFocus
        items={desks.all.value
          .filter((d) => d.mac !== from.mac)
          .map((d) => ({
            id: d.mac,
            label: deskTitle(d),
            detail: d.extension ? t("desks.used_by", { who: d.extension }) : siteName(siteOf(d.provisioning)),
          }))}
      />
      <p>{tx("desks.move_text", { who: <Who strong number={number} />, from: <strong>{from.id}</strong> })}</p>
      <CallWarning number={number} />
      {to && !to.registered && <Notice tone="info">{t("desks.not_there")}</Notice>}
      {to?.extension && <EndsSession of={to.extension} />}
    </FormDialog>
  );
}
