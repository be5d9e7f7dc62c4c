import { useMemo, useState } from "preact/hooks";
import type { Trunk } from "~/api/types";
import { language, t } from "~/i18n";
import { isAdministrator, isBound, isOperator } from "~/live/session";
import { sbcs, trunkPresets, trunks } from "~/live/store";
import { Button } from "~/parts/Button";
import { EmptyList } from "~/parts/EmptyList";
import { NewButton } from "~/parts/NewButton";
import { Loaded, Page } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { Table } from "~/parts/Table";
import { actionsOf } from "./actions";
import { columnsOf } from "./columns";
import { Registration } from "./Registration";
import { TrunkForm } from "./TrunkForm";
import { TryTrunk } from "./TryTrunk";

export default function Trunks() {
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<Trunk | null>(null);
  const [shown, setShown] = useState<Trunk | null>(null);
  const [trying, setTrying] = useState<Trunk | null>(null);
  const columns = useMemo(columnsOf, [language.value]);
  const add = () => setAdding(true);
  return (
    <Page
      title={t("nav.trunks")}
      count={trunks.loaded.value ? trunks.all.value.length : undefined}
      actions={isAdministrator.value && <NewButton onClick={add}>{t("trunks.add")}</NewButton>}
    >
      <Loaded of={[trunks, trunkPresets, sbcs]}>
        {() => (
          <>
            <Table
              label={t("nav.trunks")}
              rows={trunks.all.value}
              columns={columns}
              rowKey={(x) => x.name}
              {...(isAdministrator.value ? { onOpen: setEditing } : {})}
              {...(isOperator.value && !isBound.value
                ? {
                    actions: (x: Trunk) => (
                      <RowMenu
                        of={x.name}
                        actions={actionsOf(x, { edit: setEditing, registration: setShown, test: setTrying })}
                      />
                    ),
                  }
                : {})}
              empty={
                <EmptyList filtered={false} icon="globe" title={t("trunks.none")} text={t("trunks.none_text")}>
                  {isAdministrator.value && (
                    <Button kind="primary" icon="plus" onClick={add}>
                      {t("trunks.add")}
                    </Button>
                  )}
                </EmptyList>
              }
            />
            {adding && <TrunkForm onClose={() => setAdding(false)} />}
            {trying && <TryTrunk name={trying.name} onClose={() => setTrying(null)} />}
            {shown && <Registration name={shown.name} onClose={() => setShown(null)} />}
            {editing && <TrunkForm trunk={editing} onClose={() => setEditing(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
