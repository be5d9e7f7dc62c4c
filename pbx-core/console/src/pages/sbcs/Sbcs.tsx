import { useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { api, ask } from "~/api/client";
import type { Sbc } from "~/api/types";
import { language, t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { sbcs } from "~/live/store";
import { Button } from "~/parts/Button";
import { Gone } from "~/parts/Gone";
import { EmptyList } from "~/parts/EmptyList";
import { NewButton } from "~/parts/NewButton";
import { Loaded, Page } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { SearchBox } from "~/parts/SearchBox";
import { Table } from "~/parts/Table";
import { useKept } from "~/parts/kept";
import { matches } from "~/parts/search";
import { WordDialog } from "~/parts/WordSelect";
import { actionsOf, type NewKey } from "./actions";
import { columnsOf } from "./columns";
import { Enrolment } from "./Enrolment";
import { LocationDialog } from "./LocationDialog";
import { NewSbc } from "./NewSbc";
import { SbcDrawer } from "./SbcDrawer";
import { ZoneDialog } from "./ZoneDialog";

export default function Sbcs() {
  const [location, go] = useLocation();
  const [query, setQuery] = useKept("search");
  const [adding, setAdding] = useState(false);
  const [zoneOf, setZoneOf] = useState<Sbc | null>(null);
  const [locationOf, setLocationOf] = useState<Sbc | null>(null);
  const [srtpOf, setSrtpOf] = useState<Sbc | null>(null);
  const [schemeOf, setSchemeOf] = useState<Sbc | null>(null);
  const [key, setKey] = useState<NewKey | null>(null);
  const all = sbcs.all.value;
  const open = sbcs.find(location.slice("/sbcs/".length));
  const rows = useMemo(
    () => all.filter((s) => matches(query, s.name, s.lan.join(" "), s.version ?? "", s.time_zone)),
    [all, query],
  );
  const columns = useMemo(columnsOf, [language.value]);
  const actions = (s: Sbc) => actionsOf(s, setKey, setZoneOf, setLocationOf, setSrtpOf, setSchemeOf);
  const add = () => setAdding(true);
  return (
    <Page
      title={t("nav.sbcs")}
      count={sbcs.loaded.value ? all.length : undefined}
      actions={isAdministrator.value && <NewButton onClick={add}>{t("sbcs.add")}</NewButton>}
    >
      <Loaded of={[sbcs]}>
        {() => (
          <>
            <Gone path="/sbcs" location={location} open={open} />
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
              onOpen={(s) => go(`/sbcs/${s.name}`)}
              actions={isAdministrator.value ? (s) => <RowMenu of={s.name} actions={actions(s)} /> : undefined}
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
            {open && <SbcDrawer sbc={open} actions={actions(open)} onClose={() => go("/sbcs")} />}
            {adding && <NewSbc onClose={() => setAdding(false)} onKey={setKey} />}
            {zoneOf && <ZoneDialog sbc={zoneOf} onClose={() => setZoneOf(null)} />}
            {locationOf && <LocationDialog sbc={locationOf} onClose={() => setLocationOf(null)} />}
            {srtpOf && (
              <WordDialog
                of="srtp"
                title={t("srtp.sbc_title", { name: srtpOf.name })}
                value={srtpOf.srtp}
                none={t("srtp.of_setting")}
                onClose={() => setSrtpOf(null)}
                save={async (srtp) =>
                  sbcs.put(
                    await ask(api.PATCH("/sbcs/{name}", { params: { path: { name: srtpOf.name } }, body: { srtp } })),
                  )
                }
              />
            )}
            {schemeOf && (
              <WordDialog
                of="https"
                title={t("https.sbc_title", { name: schemeOf.name })}
                value={schemeOf.provisioning}
                none={t("srtp.of_setting")}
                onClose={() => setSchemeOf(null)}
                save={async (provisioning) =>
                  sbcs.put(
                    await ask(
                      api.PATCH("/sbcs/{name}", { params: { path: { name: schemeOf.name } }, body: { provisioning } }),
                    ),
                  )
                }
              />
            )}
            {key && <Enrolment name={key.name} enrolmentKey={key.key} onClose={() => setKey(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
