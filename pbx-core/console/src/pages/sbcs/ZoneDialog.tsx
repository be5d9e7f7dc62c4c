import { api, ask, askVersioned } from "~/api/client";
import type { Sbc } from "~/api/types";
import { t } from "~/i18n";
import { sbcs } from "~/live/store";
import { Conflict, useDraft } from "~/parts/draft";
import { FormDialog } from "~/parts/FormDialog";
import { TimeZone } from "~/parts/TimeZone";

const draftOf = ({ time_zone }: Sbc) => ({ time_zone });

export function ZoneDialog({ sbc, onClose }: { sbc: Sbc; onClose: () => void }) {
  const edited = useDraft(draftOf(sbcs.find(sbc.name) ?? sbc), false);
  const zone = edited.value.time_zone;
  const path = { params: { path: { name: sbc.name } } };
  return (
    <FormDialog
      title={t("sbcs.time_zone_title", { name: sbc.name })}
      onClose={onClose}
      submit={t("action.save")}
      disabled={!zone || edited.conflicts.length > 0}
      send={async () => {
        const saved = await edited.save({
          list: sbcs,
          of: draftOf,
          read: () => askVersioned(api.GET("/sbcs/{name}", path)),
          send: (_, headers) => ask(api.PATCH("/sbcs/{name}", { ...path, headers, body: { time_zone: zone } })),
        });
        return saved && undefined;
      }}
    >
      <TimeZone
        label={t("sbcs.time_zone")}
        value={zone}
        onValue={(time_zone) => edited.set({ time_zone })}
        hint={t("sbcs.time_zone_hint")}
      />
      <Conflict draft={edited} name={() => t("sbcs.time_zone")} about={sbc.name} />
    </FormDialog>
  );
}
