import { useMemo, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { UpstreamAccount } from "~/api/types";
import { language, t, tcode } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { extensions, trunks, upstreamAccounts } from "~/live/store";
import { Badge, type Tone } from "~/parts/Badge";
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
import { AccountForm } from "./AccountForm";

const tones: Record<string, Tone> = {
  off: "neutral",
  logged_out: "neutral",
  waiting: "info",
  registering: "info",
  registered: "good",
  refused: "bad",
};

function State({ of: { state } }: { of: UpstreamAccount }) {
  if (!state) return <Badge>{t("upstream.unknown")}</Badge>;
  return (
    <Badge tone={tones[state.condition] ?? "neutral"} dot title={state.reason ?? ""}>
      {tcode("upstream.is", state.condition)}
    </Badge>
  );
}

const columnsOf = (): Column<UpstreamAccount>[] => [
  {
    id: "extension",
    header: t("upstream.extension"),
    width: "22%",
    card: "title",
    cell: (a) => `${a.extension} ${extensions.find(a.extension)?.name ?? ""}`,
    sort: (a, b) => a.extension.localeCompare(b.extension, undefined, { numeric: true }),
  },
  {
    id: "state",
    header: t("upstream.state"),
    width: "10rem",
    card: "side",
    cell: (a) => <State of={a} />,
    sort: (a, b) => (a.state?.condition ?? "").localeCompare(b.state?.condition ?? ""),
  },
  { id: "reason", header: t("upstream.reason"), cell: (a) => a.state?.reason },
  { id: "trunk", header: t("upstream.trunk"), width: "16%", cell: (a) => a.trunk },
  { id: "user", header: t("upstream.user"), width: "14%", cell: (a) => a.user },
];

function remove({ extension }: UpstreamAccount): void {
  confirmDelete({
    title: t("upstream.delete_title", { extension }),
    text: t("upstream.delete_text"),
    then: async () => {
      await ask(api.DELETE("/upstream-accounts/{extension}", { params: { path: { extension } } }));
      upstreamAccounts.remove(extension);
    },
  });
}

export default function UpstreamAccounts() {
  const [query, setQuery] = useKept("search");
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<UpstreamAccount | null>(null);
  const all = upstreamAccounts.all.value;
  const rows = useMemo(
    () => all.filter((a) => matches(query, a.extension, a.user, a.trunk, extensions.find(a.extension)?.name ?? "")),
    [all, query],
  );
  const columns = useMemo(columnsOf, [language.value]);
  const add = () => setAdding(true);
  const menu = (a: UpstreamAccount) => (
    <RowMenu
      of={a.extension}
      actions={[
        { label: t("action.edit"), icon: "edit", run: () => setEditing(a) },
        { label: t("action.delete"), icon: "trash", danger: true, run: () => remove(a) },
      ]}
    />
  );
  return (
    <Page
      title={t("nav.upstream_accounts")}
      count={upstreamAccounts.loaded.value ? all.length : undefined}
      actions={isAdministrator.value && <NewButton onClick={add}>{t("upstream.add")}</NewButton>}
    >
      <Loaded of={[upstreamAccounts, extensions, trunks]}>
        {() => (
          <>
            {all.length > 0 && (
              <div class="toolbar">
                <SearchBox value={query} onValue={setQuery} label={t("upstream.search")} />
              </div>
            )}
            <Table
              label={t("nav.upstream_accounts")}
              rows={rows}
              columns={columns}
              rowKey={(a) => a.extension}
              {...(isAdministrator.value ? { onOpen: setEditing, actions: menu } : {})}
              empty={
                <EmptyList
                  filtered={all.length > 0}
                  icon="people"
                  title={t("upstream.none")}
                  text={t("upstream.none_text")}
                >
                  {isAdministrator.value && (
                    <Button kind="primary" icon="plus" onClick={add}>
                      {t("upstream.add")}
                    </Button>
                  )}
                </EmptyList>
              }
            />
            {adding && <AccountForm onClose={() => setAdding(false)} />}
            {editing && <AccountForm account={editing} onClose={() => setEditing(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
