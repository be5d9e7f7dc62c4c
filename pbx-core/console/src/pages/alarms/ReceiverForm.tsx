import { api, ask, askVersioned } from "~/api/client";
import type { AlarmReceiver } from "~/api/types";
import { t, tcode } from "~/i18n";
import { alarmReceivers } from "~/live/store";
import { Button } from "~/parts/Button";
import { Radios, Switch } from "~/parts/Choices";
import { Conflict, useDraft } from "~/parts/draft";
import { Secret, Select, Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { bodyOf, draftOf, faultOf, newKey, severities, type Draft, type Severity } from "./alarms";

const ways = ["mail", "web_hook", "syslog"] as const;

export function ReceiverForm({ receiver, onClose }: { receiver?: AlarmReceiver | undefined; onClose: () => void }) {
  const edited = useDraft(draftOf(receiver && (alarmReceivers.find(receiver.name) ?? receiver)), false);
  const draft = edited.value;
  const fault = faultOf(draft, !receiver || receiver.way !== "web_hook");
  return (
    <FormDialog
      title={receiver ? t("alarms.edit_title", { name: receiver.name }) : t("alarms.add")}
      onClose={onClose}
      submit={t(receiver ? "action.save" : "alarms.add")}
      disabled={!draft.name || !draft.to || !!fault || edited.conflicts.length > 0}
      send={async () => {
        const { name } = draft;
        if (!receiver)
          return alarmReceivers.put(await ask(api.POST("/alarm-receivers", { body: { name, ...bodyOf(draft) } })));
        const path = { params: { path: { name: receiver.name } } };
        const saved = await edited.save({
          list: alarmReceivers,
          of: draftOf,
          read: () => askVersioned(api.GET("/alarm-receivers/{name}", path)),
          send: (_, headers) => ask(api.PATCH("/alarm-receivers/{name}", { ...path, headers, body: bodyOf(draft) })),
        });
        return saved && undefined;
      }}
    >
      {!receiver && (
        <Text
          label={t("alarms.name")}
          value={draft.name}
          onValue={(name) => edited.set({ name })}
          hint={t("alarms.name_hint")}
          maxLength={40}
          autoCapitalize="none"
          autoFocus
        />
      )}
      <Radios
        label={t("alarms.way")}
        value={draft.way}
        onValue={(way) => edited.set({ way: way as Draft["way"] })}
        choices={ways.map((way) => ({
          value: way,
          label: tcode("alarms.way", way),
          detail: tcode("alarms.way_hint", way),
        }))}
      />
      <Text
        label={t("alarms.to")}
        value={draft.to}
        onValue={(to) => edited.set({ to })}
        hint={tcode("alarms.to_hint", draft.way)}
        autoCapitalize="none"
      />
      {draft.way === "web_hook" && (
        <div class="stack">
          <Secret
            label={t("alarms.key")}
            value={draft.key}
            onValue={(key) => edited.set({ key })}
            hint={t(receiver ? "alarms.key_stays" : "alarms.key_hint")}
            maxLength={200}
          />
          <div class="row">
            <Button small icon="key" onClick={() => edited.set({ key: newKey() })}>
              {t("alarms.key_new")}
            </Button>
          </div>
        </div>
      )}
      <Select
        label={t("alarms.least")}
        value={draft.least}
        onValue={(least) => edited.set({ least: least as Severity })}
        choices={severities.map((value) => ({ value, label: tcode("alarms.from", value) }))}
      />
      <Switch
        label={t("alarms.enabled")}
        hint={t("alarms.enabled_hint")}
        on={draft.enabled}
        onChange={(enabled) => edited.set({ enabled })}
      />
      {fault && draft.to && <p class="fault">{fault}</p>}
      <Conflict draft={edited} name={(key) => t(`alarms.${key}`)} about={draft.name} />
    </FormDialog>
  );
}
