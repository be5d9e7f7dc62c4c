import { api, ask, askVersioned } from "~/api/client";
import type { FirmwarePin } from "~/api/types";
import { t } from "~/i18n";
import { firmwareFiles, firmwarePins, models } from "~/live/store";
import { Switch } from "~/parts/Choices";
import { Conflict, useDraft } from "~/parts/draft";
import { Select, Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { bodyOf, draftOf, keyOf, pinnable } from "./firmware";

export function PinForm({ pin, onClose }: { pin?: FirmwarePin | undefined; onClose: () => void }) {
  const edited = useDraft(draftOf(pin && (firmwarePins.find(pin.model) ?? pin)), false);
  const draft = edited.value;
  const known = pinnable(firmwareFiles.all.value);
  const free = [...known.keys()].filter((key) => key === draft.model || !firmwarePins.find(key)).sort();
  const versions = known.get(draft.model) ?? [];
  const current = models.all.value.find((m) => keyOf(m.vendor, m.model) === draft.model)?.current_firmware;
  return (
    <FormDialog
      title={pin ? t("firmware.pin_title", { model: pin.model }) : t("firmware.pin")}
      onClose={onClose}
      submit={t(pin ? "action.save" : "firmware.pin")}
      disabled={!draft.model || !draft.version || edited.conflicts.length > 0}
      send={async () => {
        if (!pin)
          return firmwarePins.put(
            await ask(api.POST("/firmware-pins", { body: { model: draft.model, ...bodyOf(draft) } })),
          );
        const path = { params: { path: { model: pin.model } } };
        const saved = await edited.save({
          list: firmwarePins,
          of: draftOf,
          read: () => askVersioned(api.GET("/firmware-pins/{model}", path)),
          send: (_, headers) => ask(api.PATCH("/firmware-pins/{model}", { ...path, headers, body: bodyOf(draft) })),
        });
        return saved && undefined;
      }}
    >
      <p class="hint">{t("firmware.pin_intro")}</p>
      {!pin && (
        <Select
          label={t("firmware.model")}
          value={draft.model}
          onValue={(model) => edited.set({ model, version: known.get(model)?.[0] ?? "" })}
          choices={[{ value: "", label: t("firmware.choose") }, ...free.map((key) => ({ value: key, label: key }))]}
        />
      )}
      <Select
        label={t("firmware.version")}
        value={draft.version}
        onValue={(version) => edited.set({ version })}
        hint={current ? t("firmware.current", { version: current }) : t("firmware.no_current")}
        choices={versions.map((value) => ({ value, label: value }))}
      />
      <Text
        label={t("firmware.from")}
        type="time"
        value={draft.from}
        onValue={(from) => edited.set({ from })}
        hint={t("firmware.window_hint")}
      />
      <Text label={t("firmware.until")} type="time" value={draft.until} onValue={(until) => edited.set({ until })} />
      <Switch
        label={t("firmware.also_in_use")}
        hint={t("firmware.also_in_use_hint")}
        on={draft.also_in_use}
        onChange={(also_in_use) => edited.set({ also_in_use })}
      />
      <Switch
        label={t("firmware.pause")}
        hint={t("firmware.pause_hint")}
        on={draft.paused}
        onChange={(paused) => edited.set({ paused })}
      />
      <Conflict draft={edited} name={(key) => t(`firmware.${key === "paused" ? "pause" : key}`)} about={draft.model} />
    </FormDialog>
  );
}
