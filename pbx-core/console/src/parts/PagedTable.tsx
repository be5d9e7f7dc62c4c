import { t } from "~/i18n";
import type { TableProps } from "./columns";
import { Fault } from "./Notice";
import { Loading } from "./Page";
import type { Paged } from "./paged";
import { Table } from "./Table";
import { WorkButton } from "./WorkButton";

export function PagedTable<T>({ list, ...table }: { list: Paged<T> } & Omit<TableProps<T>, "rows">) {
  return (
    <>
      <Fault problem={list.problem} />
      {!list.records && list.problem == null ? <Loading /> : <Table {...table} rows={list.records ?? []} />}
      {list.more && (
        <div class="more">
          <WorkButton work={list.more}>{t("log.older")}</WorkButton>
        </div>
      )}
    </>
  );
}
