import { useMemo, useState } from "preact/hooks";
import type { OutboundRule } from "~/api/types";
import { language, t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { extensions, outboundRules, sbcs, trunks } from "~/live/store";
import { Button } from "~/parts/Button";
import { EmptyList } from "~/parts/EmptyList";
import { NewButton } from "~/parts/NewButton";
import { Loaded, Page } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { Table } from "~/parts/Table";
import { actionsOf } from "./actions";
import { columnsOf } from "./columns";
import { Explain } from "./Explain";
import { RuleForm } from "./RuleForm";

export default function OutboundRules() {
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<OutboundRule | null>(null);
  const columns = useMemo(columnsOf, [language.value]);
  const add = () => setAdding(true);
  return (
    <Page
      title={t("nav.outbound_rules")}
      count={outboundRules.loaded.value ? outboundRules.all.value.length : undefined}
      actions={isAdministrator.value && <NewButton onClick={add}>{t("rules.add")}</NewButton>}
    >
      <Loaded of={[outboundRules, trunks, sbcs, extensions]}>
        {() => (
          <div class="stack">
            <p class="hint">{t("rules.first_fits")}</p>
            <Table
              label={t("nav.outbound_rules")}
              rows={outboundRules.all.value}
              columns={columns}
              rowKey={(r) => r.name}
              {...(isAdministrator.value
                ? {
                    onOpen: setEditing,
                    actions: (r: OutboundRule) => <RowMenu of={r.name} actions={actionsOf(r, setEditing)} />,
                  }
                : {})}
              empty={
                <EmptyList filtered={false} icon="move" title={t("rules.none")} text={t("rules.none_text")}>
                  {isAdministrator.value && (
                    <Button kind="primary" icon="plus" onClick={add}>
                      {t("rules.add")}
                    </Button>
                  )}
                </EmptyList>
              }
            />
            <Explain />
            {adding && <RuleForm onClose={() => setAdding(false)} />}
            {editing && <RuleForm rule={editing} onClose={() => setEditing(null)} />}
          </div>
        )}
      </Loaded>
    </Page>
  );
}
