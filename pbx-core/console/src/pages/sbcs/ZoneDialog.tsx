import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Sbc } from "~/api/types";
import { t } from "~/i18n";
import { sbcs } from "~/live/store";
import { FormDialog } from "~/parts/FormDialog";
import { TimeZone } from "~/parts/TimeZone";

export function ZoneDialog({ sbc, onClose }: { sbc: Sbc; onClose: () => void }) {
  const [zone, setZone] = useState(sbc.time_zone);
  return (
    <FormDialog
      title={t("sbcs.time_zone_title", { name: sbc.name })}
      onClose={onClose}
      submit={t("action.save")}
      disabled={!zone}
      send={async () =>
        sbcs.put(
          await ask(api.PATCH("/sbcs/{name}", { params: { path: { name: sbc.name } }, body: { time_zone: zone } })),
        )
      }
    >
      <TimeZone label={t("sbcs.time_zone")} value={zone} onValue={setZone} hint={t("sbcs.time_zone_hint")} />
    </FormDialog>
  );
}
