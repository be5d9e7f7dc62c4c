import { api, ask, askVersioned } from "~/api/client";
import type { OutboundRule } from "~/api/types";
import { t, tcode } from "~/i18n";
import { outboundRules, sbcs, trunks } from "~/live/store";
import { Radios, Switch } from "~/parts/Choices";
import { Conflict, useDraft } from "~/parts/draft";
import { Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { Several } from "~/parts/Several";

type Draft = Omit<OutboundRule, "position">;
const fresh: Draft = {
  name: "",
  enabled: true,
  pattern: "",
  sites: [],
  classes: [],
  trunks: [],
  order: "preference",
  strip: 0,
  prepend: "",
};
const classes = ["national", "mobile", "shared_cost", "premium", "international", "unknown"] as const;

const draftOf = (rule: OutboundRule): Draft =>
  Object.fromEntries(Object.keys(fresh).map((key) => [key, rule[key as keyof Draft]])) as unknown as Draft;

export function RuleForm({ rule, onClose }: { rule?: OutboundRule | undefined; onClose: () => void }) {
  const edited = useDraft<Draft>(rule ? draftOf(outboundRules.find(rule.name) ?? rule) : fresh, false);
  const draft = edited.value;
  const set =
    <K extends keyof Draft>(key: K) =>
    (value: Draft[K]) =>
      edited.set({ [key]: value } as Partial<Draft>);
  return (
    <FormDialog
      drawer
      title={rule ? t("rules.edit_title", { name: rule.name }) : t("rules.add")}
      onClose={onClose}
      submit={t(rule ? "action.save" : "rules.add")}
      disabled={!draft.name || !draft.pattern || !draft.trunks.length || edited.conflicts.length > 0}
      send={async () => {
        if (!rule) return outboundRules.put(await ask(api.POST("/outbound-rules", { body: draft })));
        const path = { params: { path: { name: rule.name } } };
        const saved = await edited.save({
          list: outboundRules,
          of: draftOf,
          read: () => askVersioned(api.GET("/outbound-rules/{name}", path)),
          send: (body, headers) => ask(api.PATCH("/outbound-rules/{name}", { ...path, headers, body })),
        });
        return saved && undefined;
      }}
    >
      {!rule && <Text label={t("rules.name")} value={draft.name} onValue={set("name")} maxLength={64} autoFocus />}
      <Text
        label={t("rules.pattern")}
        value={draft.pattern}
        onValue={set("pattern")}
        hint={t("rules.pattern_hint")}
        class="mono"
      />
      <div class="pair">
        <Text
          label={t("rules.strip")}
          type="number"
          min={0}
          max={20}
          value={String(draft.strip)}
          onValue={(v) => set("strip")(Number(v) || 0)}
          hint={t("rules.strip_hint")}
        />
        <Text label={t("rules.prepend")} value={draft.prepend} onValue={set("prepend")} class="mono" />
      </div>
      <Several
        label={t("rules.trunks")}
        hint={trunks.all.value.length ? t("rules.trunks_hint") : t("rules.no_trunks")}
        of={trunks.all.value.map((x) => ({ id: x.name, label: x.name }))}
        value={draft.trunks}
        onValue={set("trunks")}
      />
      {draft.trunks.length > 1 && (
        <Radios
          label={t("rules.order")}
          value={draft.order}
          onValue={(v) => set("order")(v as Draft["order"])}
          choices={(["preference", "share"] as const).map((value) => ({ value, label: tcode("rules.order", value) }))}
        />
      )}
      <Several
        label={t("rules.classes")}
        hint={t("rules.all_hint")}
        of={classes.map((id) => ({ id, label: tcode("class", id) }))}
        value={draft.classes}
        onValue={set("classes")}
      />
      {sbcs.all.value.length > 0 && (
        <Several
          label={t("rules.sites")}
          hint={t("rules.all_hint")}
          of={[
            { id: "local", label: t("trunks.site_local") },
            ...sbcs.all.value.map((s) => ({ id: s.name, label: s.name })),
          ]}
          value={draft.sites}
          onValue={set("sites")}
        />
      )}
      <Switch label={t("rules.enabled")} on={draft.enabled} onChange={set("enabled")} />
      <Conflict draft={edited} name={(key) => t(`rules.${key}`)} about={draft.name} />
    </FormDialog>
  );
}
