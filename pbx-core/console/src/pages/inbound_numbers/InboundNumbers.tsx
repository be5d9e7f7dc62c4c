import { useMemo, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { InboundNumber } from "~/api/types";
import { language, t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { extensions, inboundNumbers } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { confirmDelete } from "~/parts/Confirmation";
import { EmptyList } from "~/parts/EmptyList";
import { useKept } from "~/parts/kept";
import { NewButton } from "~/parts/NewButton";
import { Loaded, Page } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { SearchBox } from "~/parts/SearchBox";
import { Table, type Column } from "~/parts/Table";
import { matches } from "~/parts/search";
import { NumberForm } from "./NumberForm";

const isRange = (n: InboundNumber) => n.last !== n.first;

function Target({ of: n }: { of: InboundNumber }) {
  if (n.last_digits) return <>{t("inbound.its_digits", { n: n.last_digits })}</>;
  const person = extensions.find(n.extension);
  if (!person && !isRange(n)) return <Badge tone="bad">{t("inbound.gone", { number: n.extension })}</Badge>;
  return <>{isRange(n) ? t("inbound.from", { number: n.extension }) : `${n.extension} ${person?.name ?? ""}`}</>;
}

const columnsOf = (): Column<InboundNumber>[] => [
  { id: "first", header: t("inbound.first"), width: "25%", card: "title", cell: (n) => n.first },
  { id: "last", header: t("inbound.last"), width: "25%", cell: (n) => (isRange(n) ? n.last : null) },
  { id: "target", header: t("inbound.leads_to"), cell: (n) => <Target of={n} /> },
];

function remove({ first }: InboundNumber): void {
  confirmDelete({
    title: t("inbound.delete_title", { number: first }),
    text: t("inbound.delete_text"),
    then: async () => {
      await ask(api.DELETE("/inbound-numbers/{number}", { params: { path: { number: first } } }));
      inboundNumbers.remove(first);
    },
  });
}

export default function InboundNumbers() {
  const [query, setQuery] = useKept("search");
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<InboundNumber | null>(null);
  const all = inboundNumbers.all.value;
  const rows = useMemo(() => all.filter((n) => matches(query, n.first, n.last, n.extension)), [all, query]);
  const columns = useMemo(columnsOf, [language.value]);
  const add = () => setAdding(true);
  const menu = (n: InboundNumber) => (
    <RowMenu
      of={n.first}
      actions={[
        { label: t("action.edit"), icon: "edit", run: () => setEditing(n) },
        { label: t("action.delete"), icon: "trash", danger: true, run: () => remove(n) },
      ]}
    />
  );
  return (
    <Page
      title={t("nav.inbound_numbers")}
      count={inboundNumbers.loaded.value ? all.length : undefined}
      actions={isAdministrator.value && <NewButton onClick={add}>{t("inbound.add")}</NewButton>}
    >
      <Loaded of={[inboundNumbers, extensions]}>
        {() => (
          <>
            {all.length > 0 && (
              <div class="toolbar">
                <SearchBox value={query} onValue={setQuery} label={t("inbound.search")} />
              </div>
            )}
            <Table
              label={t("nav.inbound_numbers")}
              rows={rows}
              columns={columns}
              rowKey={(n) => n.first}
              {...(isAdministrator.value ? { onOpen: setEditing, actions: menu } : {})}
              empty={
                <EmptyList
                  filtered={all.length > 0}
                  icon="calls"
                  title={t("inbound.none")}
                  text={t("inbound.none_text")}
                >
                  {isAdministrator.value && (
                    <Button kind="primary" icon="plus" onClick={add}>
                      {t("inbound.add")}
                    </Button>
                  )}
                </EmptyList>
              }
            />
            {adding && <NumberForm onClose={() => setAdding(false)} />}
            {editing && <NumberForm entry={editing} onClose={() => setEditing(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
