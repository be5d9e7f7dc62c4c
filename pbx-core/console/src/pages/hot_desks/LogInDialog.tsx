import { useState } from "preact/hooks";
import type { HotDesk } from "~/api/types";
import { t } from "~/i18n";
import { desks, desksOf, extensions, settings } from "~/live/store";
import { FormDialog } from "~/parts/FormDialog";
import { Notice } from "~/parts/Notice";
import { Pick } from "~/parts/Pick";
import { say } from "~/parts/Toast";
import { deskTitle, personChoice } from "~/parts/who";
import { startSession } from "./actions";
import { EndsSession } from "./warnings";

export function LogInDialog({ desk: given, onClose }: { desk: HotDesk; onClose: () => void }) {
  const [number, setNumber] = useState("");
  const desk = desks.find(given.mac) ?? given;
  const elsewhere = (desksOf.value.get(number) ?? []).filter((d) => d.mac !== desk.mac);
  const moves = settings.all.value[0]?.hot_desk.when_already_logged_in !== "refuse";
  return (
    <FormDialog
      title={t("desks.log_in_title", { desk: deskTitle(desk) })}
      onClose={onClose}
      submit={t("desks.log_in")}
      disabled={!number}
      send={async () => {
        await startSession(desk, number);
        say(
          desk.registered
            ? t("desks.logged_in", { number, desk: desk.id })
            : t("desks.logged_in_later", { number, desk: desk.id }),
        );
      }}
    >
      <Pick
        label={t("desks.person")}
        value={number}
        onPick={setNumber}
        autoFocus
        hint={t("desks.only_authorised")}
        items={extensions.all.value
          .filter((e) => e.hot_desking && e.number !== desk.extension)
          .map((e) => personChoice(e, desksOf.value.get(e.number)))}
      />
      {!desk.registered && <Notice tone="info">{t("desks.not_there")}</Notice>}
      {desk.extension && <EndsSession of={desk.extension} />}
      {elsewhere.length > 0 && (
        <Notice tone={moves ? "info" : "warn"}>
          <p>
            {t(moves ? "desks.is_elsewhere_moves" : "desks.is_elsewhere_refused", {
              desks: elsewhere.map((d) => d.id).join(", "),
            })}
          </p>
        </Notice>
      )}
    </FormDialog>
  );
}
