import { t } from "~/i18n";
import { Menu, type Action } from "./Menu";

// What can be done with a row of a table, or with what a drawer shows.
export function RowMenu({ of: row, actions }: { of: string; actions: (Action | null)[] }) {
  return <Menu label={t("table.more", { row })} actions={actions} />;
}
