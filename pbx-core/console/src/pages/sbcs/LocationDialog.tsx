import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Sbc } from "~/api/types";
import { t } from "~/i18n";
import { sbcs } from "~/live/store";
import { LocationSelect } from "~/parts/Emergency";
import { FormDialog } from "~/parts/FormDialog";

export function LocationDialog({ sbc, onClose }: { sbc: Sbc; onClose: () => void }) {
  const [name, setName] = useState(sbc.emergency_location ?? "");
  return (
    <FormDialog
      title={t("locations.of_site", { name: sbc.name })}
      onClose={onClose}
      submit={t("action.save")}
      send={async () => {
        const body = { emergency_location: name || null };
        sbcs.put(await ask(api.PATCH("/sbcs/{name}", { params: { path: { name: sbc.name } }, body })));
      }}
    >
      <LocationSelect value={name} onValue={setName} none={t("locations.as_default")} />
    </FormDialog>
  );
}
