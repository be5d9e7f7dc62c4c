import { useMemo, useState } from "preact/hooks";
import { language, t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { alarms } from "~/live/store";
import { EmptyList } from "~/parts/EmptyList";
import { Loaded, Page } from "~/parts/Page";
import { Table } from "~/parts/Table";
import { Tabs } from "~/parts/Tabs";
import { isOpen } from "./alarms";
import { openColumns, pastColumns } from "./columns";
import { LimitsForm } from "./LimitsForm";
import { Receivers } from "./Receivers";

function Open() {
  const columns = useMemo(openColumns, [language.value]);
  return (
    <Table
      label={t("alarms.open")}
      rows={alarms.all.value.filter(isOpen)}
      columns={columns}
      rowKey={(a) => a.id}
      empty={<EmptyList filtered={false} icon="check" title={t("alarms.none")} text={t("alarms.none_text")} />}
    />
  );
}

function Past() {
  const columns = useMemo(pastColumns, [language.value]);
  const rows = alarms.all.value.filter((a) => !isOpen(a)).sort((a, b) => (a.cleared! < b.cleared! ? 1 : -1));
  return (
    <Table
      label={t("alarms.past")}
      rows={rows}
      columns={columns}
      rowKey={(a) => a.id}
      empty={
        <EmptyList filtered={false} icon="records" title={t("alarms.none_past")} text={t("alarms.none_past_text")} />
      }
    />
  );
}

export default function Alarms() {
  const [tab, setTab] = useState("open");
  const tabs = [
    { id: "open", label: t("alarms.open"), content: () => <Open /> },
    { id: "past", label: t("alarms.past"), content: () => <Past /> },
    ...(isAdministrator.value ? [{ id: "receivers", label: t("alarms.receivers"), content: () => <Receivers /> }] : []),
    { id: "limits", label: t("alarms.limits"), content: () => <LimitsForm /> },
  ];
  return (
    <Page title={t("nav.alarms")} count={alarms.loaded.value ? alarms.all.value.filter(isOpen).length : undefined}>
      <Loaded of={[alarms]}>
        {() => <Tabs label={t("nav.alarms")} tabs={tabs} selected={tab} onSelect={setTab} />}
      </Loaded>
    </Page>
  );
}
