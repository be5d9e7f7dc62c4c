import { api, ask, askVersioned } from "~/api/client";
import type { Location } from "~/api/types";
import { t } from "~/i18n";
import { extensions, locations, trunks } from "~/live/store";
import { Button } from "~/parts/Button";
import { Conflict, useDraft } from "~/parts/draft";
import { Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { Pick } from "~/parts/Pick";
import { Several } from "~/parts/Several";
import { personChoice, Who } from "~/parts/who";
import { AddressFields } from "./AddressFields";
import { bodyOf, changesOf, draftOf, type Draft } from "./draft";
import { References } from "./References";

export function LocationForm({ location, onClose }: { location?: Location | undefined; onClose: () => void }) {
  const now = location && (locations.find(location.name) ?? location);
  const edited = useDraft(draftOf(now), false);
  const draft = edited.value;
  const set =
    <K extends keyof Draft>(key: K) =>
    (value: Draft[K]) =>
      edited.set({ [key]: value } as Partial<Draft>);
  const text = (key: "callbacks" | "numbers" | "test_numbers" | "mails" | "web_hook" | "note", hint: string) => (
    <Text label={t(`locations.${key}`)} value={draft[key]} onValue={set(key)} hint={hint} />
  );
  return (
    <FormDialog
      drawer
      title={location ? t("locations.edit_title", { name: location.name }) : t("locations.add")}
      onClose={onClose}
      submit={t(location ? "action.save" : "locations.add")}
      disabled={!draft.name || !draft.address.country || edited.conflicts.length > 0}
      send={async () => {
        const { name } = draft;
        const path = { params: { path: { name } } };
        if (!now) return locations.put(await ask(api.POST("/locations", { body: { name, ...bodyOf(draft) } })));
        const saved = await edited.save({
          list: locations,
          of: draftOf,
          read: () => askVersioned(api.GET("/locations/{name}", path)),
          send: (changes, headers) =>
            ask(api.PATCH("/locations/{name}", { ...path, headers, body: changesOf(changes, now) })),
        });
        return saved && undefined;
      }}
    >
      {!location && (
        <Text
          label={t("locations.name")}
          value={draft.name}
          onValue={set("name")}
          hint={t("locations.name_hint")}
          maxLength={40}
          autoCapitalize="none"
          autoFocus
        />
      )}
      <AddressFields value={draft.address} onValue={set("address")} />
      <Several
        label={t("locations.trunks")}
        hint={trunks.all.value.length ? t("locations.trunks_hint") : t("rules.no_trunks")}
        of={trunks.all.value.map((x) => ({ id: x.name, label: x.name }))}
        value={draft.trunks}
        onValue={set("trunks")}
      />
      {draft.trunks.length > 0 && (
        <References trunks={draft.trunks} value={draft.references} onValue={set("references")} />
      )}
      <div class="pair">
        {text("callbacks", t("locations.callbacks_hint"))}
        <Text
          label={t("locations.minutes")}
          type="number"
          min={10}
          max={1440}
          value={String(draft.minutes)}
          onValue={(v) => set("minutes")(Number(v) || 0)}
          hint={t("locations.minutes_hint")}
        />
        {text("numbers", t("locations.numbers_hint"))}
        {text("test_numbers", t("locations.test_numbers_hint"))}
      </div>
      <Told value={draft.told} onValue={set("told")} />
      <div class="pair">
        {text("mails", t("locations.mails_hint"))}
        {text("web_hook", t("locations.web_hook_hint"))}
      </div>
      {text("note", t("locations.note_hint"))}
      <Conflict
        draft={edited}
        name={(key) => t(key === "name" ? "locations.name" : `locations.${key}`)}
        about={draft.name}
      />
    </FormDialog>
  );
}

// Who rings when somebody calls for help.
function Told({ value, onValue }: { value: string[]; onValue: (v: string[]) => void }) {
  return (
    <fieldset class="stack">
      <legend>{t("locations.told")}</legend>
      {value.map((number) => (
        <div key={number} class="row">
          <Who number={number} />
          <Button small kind="quiet" icon="close" onClick={() => onValue(value.filter((n) => n !== number))}>
            {t("locations.tell_no_more")}
          </Button>
        </div>
      ))}
      <Pick
        key={value.join()}
        label={t("locations.tell")}
        items={extensions.all.value.filter((e) => !value.includes(e.number)).map((e) => personChoice(e))}
        value=""
        onPick={(number) => onValue([...value, number])}
        hint={t("locations.told_hint")}
      />
    </fieldset>
  );
}
