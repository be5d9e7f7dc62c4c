import { api, ask, askVersioned } from "~/api/client";
import type { Sbc } from "~/api/types";
import { t } from "~/i18n";
import { sbcs } from "~/live/store";
import { Conflict, useDraft } from "~/parts/draft";
import { LocationSelect } from "~/parts/Emergency";
import { FormDialog } from "~/parts/FormDialog";

const draftOf = (sbc: Sbc) => ({ name: sbc.emergency_location ?? "" });

export function LocationDialog({ sbc, onClose }: { sbc: Sbc; onClose: () => void }) {
  const edited = useDraft(draftOf(sbcs.find(sbc.name) ?? sbc), false);
  const path = { params: { path: { name: sbc.name } } };
  return (
    <FormDialog
      title={t("locations.of_site", { name: sbc.name })}
      onClose={onClose}
      submit={t("action.save")}
      disabled={edited.conflicts.length > 0}
      send={async () => {
        const saved = await edited.save({
          list: sbcs,
          of: draftOf,
          read: () => askVersioned(api.GET("/sbcs/{name}", path)),
          send: ({ name }, headers) =>
            ask(api.PATCH("/sbcs/{name}", { ...path, headers, body: { emergency_location: name || null } })),
        });
        return saved && undefined;
      }}
    >
      <LocationSelect
        value={edited.value.name}
        onValue={(name) => edited.set({ name })}
        none={t("locations.as_default")}
      />
      <Conflict draft={edited} name={() => t("locations.emergency_location")} about={sbc.name} />
    </FormDialog>
  );
}
