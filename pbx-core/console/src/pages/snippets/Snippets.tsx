import { useMemo, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Snippet } from "~/api/types";
import { language, t } from "~/i18n";
import { models, phones, snippets } from "~/live/store";
import { Button } from "~/parts/Button";
import { confirmDelete } from "~/parts/Confirmation";
import { EmptyList } from "~/parts/EmptyList";
import { Loaded, Page } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { Table, type Column } from "~/parts/Table";
import { SnippetForm } from "./SnippetForm";
import { linesIn, modelOf, phonesOf } from "./snippets";

function remove({ model }: Snippet): void {
  confirmDelete({
    title: t("snippets.delete_title", { model }),
    text: t("snippets.delete_text"),
    then: async () => {
      await ask(api.DELETE("/snippets/{model}", { params: { path: { model } } }));
      snippets.remove(model);
    },
  });
}

const columns = (): Column<Snippet>[] => [
  {
    id: "model",
    header: t("snippets.for"),
    card: "title",
    width: "30%",
    cell: (s) => (modelOf(s.model) ? s.model : t("snippets.all_models", { vendor: s.model })),
  },
  { id: "lines", header: t("snippets.lines"), width: "8rem", cell: (s) => String(linesIn(s.text)) },
  {
    id: "phones",
    header: t("snippets.phones"),
    cell: (s) => String(phonesOf(s.model, phones.all.value).length),
  },
];

export default function Snippets() {
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<Snippet | null>(null);
  const shown = useMemo(columns, [language.value]);
  const add = (
    <Button icon="plus" onClick={() => setAdding(true)}>
      {t("snippets.add")}
    </Button>
  );
  return (
    <Page title={t("nav.snippets")}>
      <Loaded of={[snippets, models, phones]}>
        {() => (
          <>
            <p class="hint">{t("snippets.page_intro")}</p>
            {snippets.all.value.length > 0 && <div class="toolbar">{add}</div>}
            <Table
              label={t("nav.snippets")}
              rows={snippets.all.value}
              columns={shown}
              rowKey={(s) => s.model}
              onOpen={setEditing}
              actions={(s) => (
                <RowMenu
                  of={s.model}
                  actions={[
                    { label: t("action.edit"), icon: "edit", run: () => setEditing(s) },
                    { label: t("action.delete"), icon: "trash", danger: true, run: () => remove(s) },
                  ]}
                />
              )}
              empty={
                <EmptyList filtered={false} icon="edit" title={t("snippets.none")} text={t("snippets.none_text")}>
                  {add}
                </EmptyList>
              }
            />
            {adding && <SnippetForm onClose={() => setAdding(false)} />}
            {editing && <SnippetForm snippet={editing} onClose={() => setEditing(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
