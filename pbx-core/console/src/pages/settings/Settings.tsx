import { api, ask, askVersioned } from "~/api/client";
import type { Settings as Values } from "~/api/types";
import { t, type TextKey } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { settings } from "~/live/store";
import { Button } from "~/parts/Button";
import { Fault } from "~/parts/Notice";
import { Radios, Switch } from "~/parts/Choices";
import { LocationSelect } from "~/parts/Emergency";
import { Conflict, useDraft } from "~/parts/draft";
import { Text } from "~/parts/Field";
import { Card, Loaded, Page } from "~/parts/Page";
import { say } from "~/parts/Toast";
import { useWork } from "~/parts/work";
import { WordSelect } from "~/parts/WordSelect";
import { limitsOf, typedOf } from "./limits";
import { NoticeTest } from "./NoticeTest";
import { numbersOf } from "./numbers";
import { OutsideLimits } from "./OutsideLimits";

export default function Settings() {
  return (
    <Page title={t("nav.settings")} narrow>
      <Loaded of={[settings]}>{() => <Form values={settings.all.value[0]!} />}</Loaded>
      {isAdministrator.value && <NoticeTest />}
    </Page>
  );
}

// What is edited, part by part as it is sent: what isn't changed here isn't sent.
const partsOf = ({ codes, hot_desk, emergency, outside, media, provisioning }: Values) => ({
  codes,
  hotDesk: hot_desk,
  emergency: emergency.numbers.join(" "),
  places: { local_location: emergency.local_location, location: emergency.location },
  outside: typedOf(outside),
  media,
  provisioning,
});
type Parts = ReturnType<typeof partsOf>;
const names: Record<keyof Parts, TextKey> = {
  codes: "settings.codes",
  hotDesk: "settings.policy",
  emergency: "settings.numbers",
  places: "locations.emergency_location",
  outside: "settings.outside",
  media: "settings.media",
  provisioning: "https.card",
};

function Form({ values }: { values: Values }) {
  const draft = useDraft(partsOf(values));
  const { codes, hotDesk, emergency, places, outside, media, provisioning } = draft.value;
  const setCodes = (to: Parts["codes"]) => draft.set({ codes: to });
  const setHotDesk = (to: Parts["hotDesk"]) => draft.set({ hotDesk: to });
  const setPlaces = (to: Parts["places"]) => draft.set({ places: to });
  const { busy, problem, forget, onSubmit } = useWork();
  const fixed = !isAdministrator.value;
  const numbers = numbersOf(emergency);
  const limits = limitsOf(outside);
  const clockFault =
    hotDesk.automatic_logout != null && !/^([01]\d|2[0-3]):[0-5]\d$/.test(hotDesk.automatic_logout)
      ? t("settings.clock_fault")
      : undefined;
  const lengthFault =
    hotDesk.max_session != null && !/^[1-9]\d*[hm]$/.test(hotDesk.max_session) ? t("settings.length_fault") : undefined;

  const save = async () => {
    const saved = await draft.save({
      list: settings,
      of: partsOf,
      read: () => askVersioned(api.GET("/settings")),
      send: (changed, headers) => {
        const body = {
          ...(changed.codes ? { codes } : {}),
          ...(changed.hotDesk ? { hot_desk: hotDesk } : {}),
          ...(changed.emergency !== undefined || changed.places
            ? {
                emergency: {
                  ...(changed.emergency !== undefined ? { numbers: numbers ?? [] } : {}),
                  ...(changed.places ? places : {}),
                },
              }
            : {}),
          ...(changed.outside && limits ? { outside: limits } : {}),
          ...(changed.media ? { media } : {}),
          ...(changed.provisioning ? { provisioning } : {}),
        };
        return ask(api.PATCH("/settings", { headers, body }));
      },
    });
    if (saved) say(t("settings.saved"));
  };
  return (
    <form class="stack" onSubmit={onSubmit(save)} onInput={forget}>
      <Fault problem={problem} />
      <Card title={t("settings.codes")}>
        <div class="form pair">
          <Text
            label={t("settings.hot_desk_code")}
            value={codes.hot_desk}
            onValue={(v) => setCodes({ ...codes, hot_desk: v })}
            disabled={fixed}
            class="mono"
            hint={
              codes.hot_desk === values.codes.hot_desk ? t("settings.hot_desk_code_hint") : t("settings.code_fetch")
            }
          />
          <Text
            label={t("settings.logout_code")}
            value={codes.logout}
            onValue={(v) => setCodes({ ...codes, logout: v })}
            disabled={fixed}
            class="mono"
            hint={codes.logout === values.codes.logout ? t("settings.logout_code_hint") : t("settings.code_fetch")}
          />
          <Text
            label={t("settings.hide_code")}
            value={codes.hide_number}
            onValue={(v) => setCodes({ ...codes, hide_number: v })}
            disabled={fixed}
            class="mono"
            hint={t("settings.hide_code_hint")}
          />
        </div>
      </Card>
      <Card title={t("settings.policy")}>
        <Radios
          label={t("settings.second_login")}
          value={hotDesk.when_already_logged_in}
          onValue={(v) => !fixed && setHotDesk({ ...hotDesk, when_already_logged_in: v as "move" | "refuse" })}
          choices={[
            { value: "move", label: t("settings.move"), detail: t("settings.move_hint"), disabled: fixed },
            { value: "refuse", label: t("settings.refuse"), detail: t("settings.refuse_hint"), disabled: fixed },
          ]}
        />
        <Switch
          label={t("settings.automatic")}
          hint={t("settings.automatic_hint")}
          on={hotDesk.automatic_logout != null}
          disabled={fixed}
          onChange={(on) => setHotDesk({ ...hotDesk, automatic_logout: on ? "18:30" : null })}
        />
        {hotDesk.automatic_logout != null && (
          <Text
            label={t("settings.clock")}
            type="time"
            value={hotDesk.automatic_logout}
            onValue={(v) => setHotDesk({ ...hotDesk, automatic_logout: v })}
            fault={clockFault}
            disabled={fixed}
          />
        )}
        <Switch
          label={t("settings.longest")}
          hint={t("settings.longest_hint")}
          on={hotDesk.max_session != null}
          disabled={fixed}
          onChange={(on) => setHotDesk({ ...hotDesk, max_session: on ? "10h" : null })}
        />
        {hotDesk.max_session != null && (
          <Text
            label={t("settings.length")}
            value={hotDesk.max_session}
            onValue={(v) => setHotDesk({ ...hotDesk, max_session: v })}
            fault={lengthFault}
            hint={t("settings.length_hint")}
            disabled={fixed}
          />
        )}
      </Card>
      <Card title={t("settings.emergency")}>
        <Text
          label={t("settings.numbers")}
          value={emergency}
          onValue={(v) => draft.set({ emergency: v })}
          disabled={fixed}
          fault={numbers ? undefined : t("settings.numbers_fault")}
          hint={t("settings.numbers_hint")}
        />
        <div class="form pair">
          <LocationSelect
            label={t("settings.local_location")}
            value={places.local_location}
            onValue={(v) => setPlaces({ ...places, local_location: v })}
            none={t("locations.as_default")}
            disabled={fixed}
          />
          <LocationSelect
            label={t("settings.location")}
            value={places.location}
            onValue={(v) => setPlaces({ ...places, location: v })}
            none={t("locations.none_given")}
            hint={t("settings.location_hint")}
            disabled={fixed}
          />
        </div>
      </Card>
      <OutsideLimits typed={outside} onTyped={(to) => draft.set({ outside: to })} disabled={fixed} />
      <Card title={t("settings.media")}>
        <WordSelect
          of="srtp"
          value={media.srtp}
          onValue={(v) => v && draft.set({ media: { srtp: v } })}
          hint={t("srtp.setting_hint")}
          disabled={fixed}
        />
      </Card>
      <Card title={t("https.card")}>
        <WordSelect
          of="https"
          value={provisioning.scheme}
          onValue={(v) => v && draft.set({ provisioning: { scheme: v } })}
          hint={t("https.setting_hint")}
          disabled={fixed}
        />
      </Card>
      <Conflict draft={draft} name={(key) => t(names[key])} about="" />
      {!fixed && (
        <div class="row">
          <Button
            kind="primary"
            type="submit"
            busy={busy}
            disabled={
              !numbers || !limits || !!clockFault || !!lengthFault || !draft.dirty || draft.conflicts.length > 0
            }
          >
            {t("action.save")}
          </Button>
        </div>
      )}
    </form>
  );
}
