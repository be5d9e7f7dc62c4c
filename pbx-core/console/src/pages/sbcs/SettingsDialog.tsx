import { api, ask, askVersioned } from "~/api/client";
import type { Sbc } from "~/api/types";
import { t, tcode } from "~/i18n";
import { sbcs } from "~/live/store";
import { Conflict, useDraft } from "~/parts/draft";
import { Select, Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { isDscp, patchOf, settingsOf, type SbcSettings } from "./settings";

const levels = ["debug", "info", "warning", "error"] as const;

export function SettingsDialog({ sbc, onClose }: { sbc: Sbc; onClose: () => void }) {
  const edited = useDraft(settingsOf(sbcs.find(sbc.name) ?? sbc), false);
  const { log_level, sip_dscp, rtp_dscp } = edited.value;
  const path = { params: { path: { name: sbc.name } } };
  const dscp = (field: "sip_dscp" | "rtp_dscp", value: string) => (
    <Text
      label={t(`sbcs.${field}`)}
      value={value}
      onValue={(text) => edited.set({ [field]: text })}
      inputMode="numeric"
      placeholder={t("sbcs.as_file")}
      hint={t("sbcs.dscp_hint")}
      fault={isDscp(value) ? undefined : t("sbcs.dscp_fault")}
    />
  );
  return (
    <FormDialog
      title={t("sbcs.settings_title", { name: sbc.name })}
      onClose={onClose}
      submit={t("action.save")}
      disabled={!isDscp(sip_dscp) || !isDscp(rtp_dscp) || edited.conflicts.length > 0}
      send={async () => {
        const saved = await edited.save<Sbc>({
          list: sbcs,
          of: settingsOf,
          read: () => askVersioned(api.GET("/sbcs/{name}", path)),
          send: (changes, headers) =>
            ask(api.PATCH("/sbcs/{name}", { ...path, headers, body: patchOf(edited.dirty ? changes : edited.value) })),
        });
        return saved && undefined;
      }}
    >
      <p>{t("sbcs.settings_text")}</p>
      <Select
        label={t("sbcs.log_level")}
        value={log_level}
        onValue={(value) => edited.set({ log_level: value as SbcSettings["log_level"] })}
        choices={[
          { value: "", label: t("sbcs.as_file") },
          ...levels.map((value) => ({ value, label: tcode("sbcs.level", value) })),
        ]}
      />
      {dscp("sip_dscp", sip_dscp)}
      {dscp("rtp_dscp", rtp_dscp)}
      <Conflict draft={edited} name={(field) => t(`sbcs.${field}`)} about={sbc.name} />
    </FormDialog>
  );
}
