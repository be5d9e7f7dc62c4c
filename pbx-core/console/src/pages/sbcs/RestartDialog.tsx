import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Sbc } from "~/api/types";
import { t } from "~/i18n";
import { Check, Radios } from "~/parts/Choices";
import { FormDialog } from "~/parts/FormDialog";
import { say } from "~/parts/Toast";

type What = "program" | "machine";

export function RestartDialog({ sbc, onClose }: { sbc: Sbc; onClose: () => void }) {
  const [what, setWhat] = useState<What>("program");
  const [duringCalls, setDuringCalls] = useState(false);
  return (
    <FormDialog
      title={t("sbcs.restart_title", { name: sbc.name })}
      onClose={onClose}
      submit={t("sbcs.restart")}
      danger
      send={async () => {
        const body = { what, during_calls: duringCalls };
        await ask(api.POST("/sbcs/{name}/restart", { params: { path: { name: sbc.name } }, body }));
        say(t("sbcs.restarting", { name: sbc.name }));
      }}
    >
      <Radios
        label={t("sbcs.restart_what")}
        value={what}
        onValue={(v) => setWhat(v as What)}
        choices={[
          { value: "program", label: t("sbcs.restart_program"), detail: t("sbcs.restart_program_detail") },
          { value: "machine", label: t("sbcs.restart_machine"), detail: t("sbcs.restart_machine_detail") },
        ]}
      />
      <p>{t("sbcs.restart_text")}</p>
      <Check label={t("sbcs.restart_calls")} checked={duringCalls} onChange={setDuringCalls} />
    </FormDialog>
  );
}
