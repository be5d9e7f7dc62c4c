import { api, ask, askVersioned } from "~/api/client";
import type { Trunk } from "~/api/types";
import { t, tcode } from "~/i18n";
import { sbcs, trunkPresets, trunks } from "~/live/store";
import { Check, Radios, Switch } from "~/parts/Choices";
import { Conflict, useDraft } from "~/parts/draft";
import { Secret, Select, Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { Notice } from "~/parts/Notice";
import { WordSelect } from "~/parts/WordSelect";
import { bodyOf, draftOf, read, readSome, typedOf, withPreset, type Draft, type Typed } from "./draft";

const coded = (stem: string, codes: readonly string[]) => codes.map((value) => ({ value, label: tcode(stem, value) }));
const forms = ["plus", "double_zero", "bare", "national", "as_dialled"] as const;
const numbers = ["expires_s", "ping_s", "calls", "calls_reserved_in", "calls_per_hour", "minutes_per_hour"] as const;

export function TrunkForm({ trunk, onClose }: { trunk?: Trunk | undefined; onClose: () => void }) {
  const edited = useDraft(typedOf(draftOf(trunk && (trunks.find(trunk.name) ?? trunk))), false);
  const draft = edited.value;
  const set =
    <K extends keyof Typed>(key: K) =>
    (value: Typed[K]) =>
      edited.set({ [key]: value } as Partial<Typed>);
  const text = (
    key:
      "name" | "domain" | "server" | "user" | "auth_user" | "contact_user" | "main_number" | "area_code" | "tls_name",
    hint?: string,
  ) => <Text label={t(`trunks.${key}`)} value={draft[key]} onValue={set(key)} {...(hint ? { hint } : {})} />;
  const preset = trunkPresets.find(draft.preset);
  const choosePreset = (id: string) => edited.set(typedOf(withPreset(read(draft), trunkPresets.find(id))));
  return (
    <FormDialog
      drawer
      title={trunk ? t("trunks.edit_title", { name: trunk.name }) : t("trunks.add")}
      onClose={onClose}
      submit={t(trunk ? "action.save" : "trunks.add")}
      disabled={!draft.name || !draft.domain || edited.conflicts.length > 0}
      send={async () => {
        const path = { params: { path: { name: draft.name } } };
        if (!trunk) return trunks.put(await ask(api.POST("/trunks", { body: bodyOf(read(draft)) })));
        const saved = await edited.save({
          list: trunks,
          of: (x) => typedOf(draftOf(x)),
          read: () => askVersioned(api.GET("/trunks/{name}", path)),
          send: (changes, headers) => ask(api.PATCH("/trunks/{name}", { ...path, headers, body: readSome(changes) })),
        });
        return saved && undefined;
      }}
    >
      {!trunk && (
        <Select
          label={t("trunks.preset")}
          value={draft.preset}
          onValue={choosePreset}
          choices={[
            { value: "", label: t("trunks.no_preset") },
            ...trunkPresets.all.value.map((p) => ({ value: p.id, label: p.name })),
          ]}
        />
      )}
      {preset && (
        <Notice tone="info" icon="info">
          <ul>
            {preset.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Notice>
      )}
      {!trunk && text("name", t("trunks.name_hint"))}
      <Radios
        label={t("trunks.kind")}
        value={draft.kind}
        onValue={(v) => set("kind")(v as Draft["kind"])}
        choices={coded("trunks.kind", ["registration", "address", "accounts"])}
      />
      <div class="pair">
        {text("domain", t("trunks.domain_hint"))}
        {text("server", t("trunks.server_hint"))}
      </div>
      <div class="pair">
        {text("user")}
        <Secret
          label={t("trunks.password")}
          value={draft.password}
          onValue={set("password")}
          hint={trunk?.has_password ? t("trunks.password_stays") : ""}
        />
      </div>
      <div class="pair">
        {text("auth_user", t("trunks.auth_user_hint"))}
        <Select
          label={t("trunks.transport")}
          value={draft.transport ?? ""}
          onValue={(v) => set("transport")((v || null) as Draft["transport"])}
          choices={[
            { value: "", label: t("trunks.transport_dns") },
            ...coded("trunks.transport", ["udp", "tcp", "tls"]),
          ]}
        />
      </div>
      <div class="pair">
        <Text
          label={t("trunks.country")}
          value={draft.country}
          onValue={(v) => set("country")(v.toUpperCase())}
          hint={t("trunks.country_hint")}
          maxLength={2}
        />
        {text("area_code", t("trunks.area_code_hint"))}
      </div>
      {text("main_number", t("trunks.main_number_hint"))}
      <Select
        label={t("trunks.site")}
        value={draft.site}
        onValue={set("site")}
        hint={t("trunks.site_hint")}
        choices={[
          { value: "local", label: t("trunks.site_local") },
          ...sbcs.all.value.map((s) => ({ value: s.name, label: s.name })),
        ]}
      />
      <details>
        <summary>{t("trunks.numbers")}</summary>
        <div class="form">
          <div class="pair">
            <Select
              label={t("trunks.called")}
              value={draft.called}
              onValue={(v) => set("called")(v as Draft["called"])}
              choices={coded("trunks.form", forms)}
            />
            <Select
              label={t("trunks.caller")}
              value={draft.caller}
              onValue={(v) => set("caller")(v as Draft["caller"])}
              choices={coded("trunks.form", forms)}
            />
          </div>
          <div class="pair">
            <Select
              label={t("trunks.shown")}
              value={draft.shown}
              onValue={(v) => set("shown")(v as Draft["shown"])}
              choices={coded("trunks.shown", ["none", "p_asserted", "p_preferred", "remote_party_id"])}
            />
            <Select
              label={t("trunks.forwarded")}
              value={draft.forwarded}
              onValue={(v) => set("forwarded")(v as Draft["forwarded"])}
              choices={coded("trunks.forwarded", ["none", "diversion", "history_info", "replace_caller"])}
            />
          </div>
          <fieldset class="stack">
            <legend>{t("trunks.called_in")}</legend>
            {(["request_uri", "to", "p_called_party_id", "diversion"] as const).map((where) => (
              <Check
                key={where}
                label={tcode("trunks.called_in", where)}
                checked={draft.called_in.includes(where)}
                onChange={(on) =>
                  set("called_in")(on ? [...draft.called_in, where] : draft.called_in.filter((w) => w !== where))
                }
              />
            ))}
          </fieldset>
          <Switch label={t("trunks.from_is_account")} on={draft.from_is_account} onChange={set("from_is_account")} />
          <Switch
            label={t("trunks.any_caller")}
            hint={t("trunks.any_caller_hint")}
            on={draft.any_caller}
            onChange={set("any_caller")}
          />
          <Switch
            label={t("trunks.trusted")}
            hint={t("trunks.trusted_hint")}
            on={draft.trusted}
            onChange={set("trusted")}
          />
        </div>
      </details>
      <details>
        <summary>{t("trunks.limits")}</summary>
        <div class="form">
          <div class="pair">
            {numbers.map((key) => (
              <Text
                key={key}
                label={t(`trunks.${key}`)}
                type="number"
                min={0}
                value={String(draft[key])}
                onValue={(v) => set(key)(Number(v) || 0)}
              />
            ))}
          </div>
          <Text
            label={t("trunks.countries")}
            value={draft.countries}
            onValue={set("countries")}
            hint={t("trunks.countries_hint")}
          />
        </div>
      </details>
      <details>
        <summary>{t("trunks.connection")}</summary>
        <div class="form">
          <Text
            label={t("trunks.sources")}
            value={draft.sources}
            onValue={set("sources")}
            hint={t("trunks.sources_hint")}
          />
          <WordSelect
            of="srtp"
            value={draft.srtp}
            onValue={(v) => set("srtp")(v ?? "off")}
            hint={t("trunks.srtp_hint")}
            disabled={draft.srtp === "off" && draft.transport !== "tls"}
          />
          {text("contact_user", t("trunks.contact_user_hint"))}
          {text("tls_name", t("trunks.tls_name_hint"))}
          <Text
            label={t("trunks.tls_authority")}
            value={draft.tls_authority}
            onValue={set("tls_authority")}
            hint={t("trunks.tls_authority_hint")}
          />
          <Switch label={t("trunks.late_offers")} on={draft.late_offers} onChange={set("late_offers")} />
          <Switch label={t("trunks.reliable")} on={draft.reliable} onChange={set("reliable")} />
          <Switch
            label={t("trunks.geolocation")}
            hint={t("trunks.geolocation_hint")}
            on={draft.geolocation}
            onChange={set("geolocation")}
          />
        </div>
      </details>
      <Conflict
        draft={edited}
        name={(key) => (key === "srtp" ? t("srtp.label") : tcode("trunks", key))}
        about={draft.name}
      />
    </FormDialog>
  );
}
