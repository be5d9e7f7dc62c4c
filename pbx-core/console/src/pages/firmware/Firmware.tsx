import { useMemo, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Firmware as File, FirmwarePin } from "~/api/types";
import { language, t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { firmwareFiles, firmwarePins, models } from "~/live/store";
import { Button } from "~/parts/Button";
import { confirmDelete } from "~/parts/Confirmation";
import { EmptyList } from "~/parts/EmptyList";
import { Loaded, Page } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { Table } from "~/parts/Table";
import { Tabs } from "~/parts/Tabs";
import { attempt, say } from "~/parts/Toast";
import { fileColumns, pinColumns } from "./columns";
import { FileForm } from "./FileForm";
import { PinForm } from "./PinForm";

function removePin({ model }: FirmwarePin): void {
  confirmDelete({
    title: t("firmware.unpin_title", { model }),
    text: t("firmware.unpin_text"),
    then: async () => {
      await ask(api.DELETE("/firmware-pins/{model}", { params: { path: { model } } }));
      firmwarePins.remove(model);
    },
  });
}

function removeFile({ sha256, name }: File): void {
  confirmDelete({
    title: t("firmware.delete_title", { name }),
    text: t("firmware.delete_text"),
    then: async () => {
      await ask(api.DELETE("/firmware/{sha256}", { params: { path: { sha256 } } }));
      firmwareFiles.remove(sha256);
    },
  });
}

async function retry({ model }: FirmwarePin): Promise<void> {
  await ask(api.POST("/firmware-pins/{model}/retry", { params: { path: { model } } }));
  say(t("firmware.retried", { model }));
}

function Pins() {
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<FirmwarePin | null>(null);
  const columns = useMemo(pinColumns, [language.value]);
  const add = isAdministrator.value && firmwareFiles.all.value.length > 0 && (
    <Button icon="plus" onClick={() => setAdding(true)}>
      {t("firmware.pin")}
    </Button>
  );
  const menu = (p: FirmwarePin) => (
    <RowMenu
      of={p.model}
      actions={[
        { label: t("action.edit"), icon: "edit", run: () => setEditing(p) },
        ...(p.state.failed.length > 0
          ? [{ label: t("firmware.retry"), icon: "refresh" as const, run: () => void attempt(() => retry(p)) }]
          : []),
        { label: t("action.delete"), icon: "trash", danger: true, run: () => removePin(p) },
      ]}
    />
  );
  return (
    <>
      <p class="hint">{t("firmware.pins_intro")}</p>
      {firmwarePins.all.value.length > 0 && <div class="toolbar">{add}</div>}
      <Table
        label={t("firmware.pins")}
        rows={firmwarePins.all.value}
        columns={columns}
        rowKey={(p) => p.model}
        onOpen={isAdministrator.value ? setEditing : undefined}
        actions={isAdministrator.value ? menu : undefined}
        empty={
          <EmptyList filtered={false} icon="phone" title={t("firmware.no_pins")} text={t("firmware.no_pins_text")}>
            {add}
          </EmptyList>
        }
      />
      {adding && <PinForm onClose={() => setAdding(false)} />}
      {editing && <PinForm pin={editing} onClose={() => setEditing(null)} />}
    </>
  );
}

function Files() {
  const [adding, setAdding] = useState(false);
  const columns = useMemo(fileColumns, [language.value]);
  const add = isAdministrator.value && (
    <Button icon="upload" onClick={() => setAdding(true)}>
      {t("firmware.add")}
    </Button>
  );
  const menu = (f: File) => (
    <RowMenu
      of={f.name}
      actions={[{ label: t("action.delete"), icon: "trash", danger: true, run: () => removeFile(f) }]}
    />
  );
  return (
    <>
      {firmwareFiles.all.value.length > 0 && <div class="toolbar">{add}</div>}
      <Table
        label={t("firmware.files")}
        rows={firmwareFiles.all.value}
        columns={columns}
        rowKey={(f) => f.sha256}
        actions={isAdministrator.value ? menu : undefined}
        empty={
          <EmptyList filtered={false} icon="upload" title={t("firmware.no_files")} text={t("firmware.no_files_text")}>
            {add}
          </EmptyList>
        }
      />
      {adding && <FileForm onClose={() => setAdding(false)} />}
    </>
  );
}

export default function Firmware() {
  const [tab, setTab] = useState("pins");
  const tabs = [
    { id: "pins", label: t("firmware.pins"), content: () => <Pins /> },
    { id: "files", label: t("firmware.files"), content: () => <Files /> },
  ];
  return (
    <Page title={t("nav.firmware")}>
      <Loaded of={[firmwarePins, firmwareFiles, models]}>
        {() => <Tabs label={t("nav.firmware")} tabs={tabs} selected={tab} onSelect={setTab} />}
      </Loaded>
    </Page>
  );
}
