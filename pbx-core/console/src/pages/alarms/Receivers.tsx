import { useMemo, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { AlarmReceiver } from "~/api/types";
import { coreSays, language, t } from "~/i18n";
import { alarmReceivers } from "~/live/store";
import { Button } from "~/parts/Button";
import { confirmDelete } from "~/parts/Confirmation";
import { EmptyList } from "~/parts/EmptyList";
import { Loaded } from "~/parts/Page";
import { Told } from "~/parts/problems";
import { RowMenu } from "~/parts/RowMenu";
import { Table } from "~/parts/Table";
import { attempt, complain, say } from "~/parts/Toast";
import { receiverColumns } from "./columns";
import { ReceiverForm } from "./ReceiverForm";

function remove({ name }: AlarmReceiver): void {
  confirmDelete({
    title: t("alarms.delete_title", { name }),
    text: t("alarms.delete_text"),
    then: async () => {
      await ask(api.DELETE("/alarm-receivers/{name}", { params: { path: { name } } }));
      alarmReceivers.remove(name);
    },
  });
}

async function test({ name }: AlarmReceiver): Promise<void> {
  const result = await ask(api.POST("/alarm-receivers/{name}/test", { params: { path: { name } } }));
  if (result.delivered) say(t("alarms.tested", { name }));
  else complain(new Told(t("alarms.not_tested", { name, reason: coreSays(result.reason ?? "").text })));
}

// Who is told, outside of the console.
export function Receivers() {
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<AlarmReceiver | null>(null);
  const columns = useMemo(receiverColumns, [language.value]);
  const add = (
    <Button icon="plus" onClick={() => setAdding(true)}>
      {t("alarms.add")}
    </Button>
  );
  const menu = (r: AlarmReceiver) => (
    <RowMenu
      of={r.name}
      actions={[
        { label: t("alarms.test"), icon: "move", run: () => void attempt(() => test(r)) },
        { label: t("action.edit"), icon: "edit", run: () => setEditing(r) },
        { label: t("action.delete"), icon: "trash", danger: true, run: () => remove(r) },
      ]}
    />
  );
  return (
    <Loaded of={[alarmReceivers]}>
      {() => (
        <>
          <p class="hint">{t("alarms.receivers_intro")}</p>
          {alarmReceivers.all.value.length > 0 && <div class="toolbar">{add}</div>}
          <Table
            label={t("alarms.receivers")}
            rows={alarmReceivers.all.value}
            columns={columns}
            rowKey={(r) => r.name}
            onOpen={setEditing}
            actions={menu}
            empty={
              <EmptyList
                filtered={false}
                icon="people"
                title={t("alarms.no_receivers")}
                text={t("alarms.no_receivers_text")}
              >
                {add}
              </EmptyList>
            }
          />
          {adding && <ReceiverForm onClose={() => setAdding(false)} />}
          {editing && <ReceiverForm receiver={editing} onClose={() => setEditing(null)} />}
        </>
      )}
    </Loaded>
  );
}
