import { useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { api, ask, askVersioned } from "~/api/client";
import type { Sbc } from "~/api/types";
import { language, t } from "~/i18n";
import { isAdministrator, isSiteAdministrator } from "~/live/session";
import { sbcs, updates } from "~/live/store";
import { Button } from "~/parts/Button";
import { Gone } from "~/parts/Gone";
import { useDrawer } from "~/parts/drawer";
import { EmptyList } from "~/parts/EmptyList";
import { NewButton } from "~/parts/NewButton";
import { Loaded, Page } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { SearchBox } from "~/parts/SearchBox";
import { Table } from "~/parts/Table";
import { useKept } from "~/parts/kept";
import { matches } from "~/parts/search";
import { WordDialog, type Scheme, type Srtp } from "~/parts/WordSelect";
import { actionsOf, type NewKey } from "./actions";
import { columnsOf } from "./columns";
import { Enrolment } from "./Enrolment";
import { LocationDialog } from "./LocationDialog";
import { NewSbc } from "./NewSbc";
import { isFree } from "./rollout";
import { RestartDialog } from "./RestartDialog";
import { RolloutCard } from "./RolloutCard";
import { SbcDrawer } from "./SbcDrawer";
import { SettingsDialog } from "./SettingsDialog";
import { UpdateDialog } from "./UpdateDialog";
import { ZoneDialog } from "./ZoneDialog";

// One word of an SBC, as a dialog changes it.
const keptWord = <W,>(name: string, body: (word: W) => { srtp?: Srtp | null; provisioning?: Scheme | null }) => {
  const path = { params: { path: { name } } };
  return {
    list: sbcs,
    read: () => askVersioned(api.GET("/sbcs/{name}", path)),
    send: (word: W, headers: { "If-Match": string }) =>
      ask(api.PATCH("/sbcs/{name}", { ...path, headers, body: body(word) })),
  };
};

export default function Sbcs() {
  const [location] = useLocation();
  const drawer = useDrawer("/sbcs");
  const [query, setQuery] = useKept("search");
  const [adding, setAdding] = useState(false);
  const [updating, setUpdating] = useState(false);
  const [zoneOf, setZoneOf] = useState<Sbc | null>(null);
  const [locationOf, setLocationOf] = useState<Sbc | null>(null);
  const [srtpOf, setSrtpOf] = useState<Sbc | null>(null);
  const [schemeOf, setSchemeOf] = useState<Sbc | null>(null);
  const [settingsOf, setSettingsOf] = useState<Sbc | null>(null);
  const [restartOf, setRestartOf] = useState<Sbc | null>(null);
  const [key, setKey] = useState<NewKey | null>(null);
  const all = sbcs.all.value;
  const update = updates.find("updates");
  const open = sbcs.find(location.slice("/sbcs/".length));
  const rows = useMemo(
    () => all.filter((s) => matches(query, s.name, s.lan.join(" "), s.version ?? "", s.time_zone)),
    [all, query],
  );
  const columns = useMemo(columnsOf, [language.value]);
  const actions = (s: Sbc) =>
    actionsOf(s, setKey, setZoneOf, setLocationOf, setSrtpOf, setSchemeOf, setSettingsOf, setRestartOf);
  const add = () => setAdding(true);
  return (
    <Page
      title={t("nav.sbcs")}
      count={sbcs.loaded.value ? all.length : undefined}
      actions={
        isAdministrator.value && (
          <>
            {update && update.served.length > 0 && isFree(update) && all.length > 0 && (
              <Button icon="refresh" onClick={() => setUpdating(true)}>
                {t("rollout.update")}
              </Button>
            )}
            <NewButton onClick={add}>{t("sbcs.add")}</NewButton>
          </>
        )
      }
    >
      <Loaded of={[sbcs, updates]}>
        {() => (
          <>
            <Gone path="/sbcs" location={location} open={open} />
            {update?.rollout && <RolloutCard of={update.rollout} />}
            {all.length > 0 && (
              <div class="toolbar">
                <SearchBox value={query} onValue={setQuery} label={t("sbcs.search")} />
              </div>
            )}
            <Table
              label={t("nav.sbcs")}
              rows={rows}
              columns={columns}
              rowKey={(s) => s.name}
              onOpen={(s) => drawer.open(s.name)}
              actions={isSiteAdministrator.value ? (s) => <RowMenu of={s.name} actions={actions(s)} /> : undefined}
              empty={
                <EmptyList filtered={all.length > 0} icon="branch" title={t("sbcs.none")} text={t("sbcs.none_text")}>
                  {isAdministrator.value && (
                    <Button kind="primary" icon="plus" onClick={add}>
                      {t("sbcs.add")}
                    </Button>
                  )}
                </EmptyList>
              }
            />
            {open && <SbcDrawer sbc={open} actions={actions(open)} onClose={drawer.close} />}
            {adding && <NewSbc onClose={() => setAdding(false)} onKey={setKey} />}
            {updating && update && <UpdateDialog of={update} onClose={() => setUpdating(false)} />}
            {zoneOf && <ZoneDialog sbc={zoneOf} onClose={() => setZoneOf(null)} />}
            {locationOf && <LocationDialog sbc={locationOf} onClose={() => setLocationOf(null)} />}
            {srtpOf && (
              <WordDialog
                of="srtp"
                title={t("srtp.sbc_title", { name: srtpOf.name })}
                none={t("srtp.of_setting")}
                about={srtpOf.name}
                record={sbcs.find(srtpOf.name) ?? srtpOf}
                wordOf={(s) => s.srtp}
                kept={keptWord<Srtp | null>(srtpOf.name, (srtp) => ({ srtp }))}
                onClose={() => setSrtpOf(null)}
              />
            )}
            {schemeOf && (
              <WordDialog
                of="https"
                title={t("https.sbc_title", { name: schemeOf.name })}
                none={t("srtp.of_setting")}
                about={schemeOf.name}
                record={sbcs.find(schemeOf.name) ?? schemeOf}
                wordOf={(s) => s.provisioning}
                kept={keptWord<Scheme | null>(schemeOf.name, (provisioning) => ({ provisioning }))}
                onClose={() => setSchemeOf(null)}
              />
            )}
            {settingsOf && <SettingsDialog sbc={settingsOf} onClose={() => setSettingsOf(null)} />}
            {restartOf && <RestartDialog sbc={restartOf} onClose={() => setRestartOf(null)} />}
            {key && <Enrolment name={key.name} enrolmentKey={key.key} onClose={() => setKey(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
