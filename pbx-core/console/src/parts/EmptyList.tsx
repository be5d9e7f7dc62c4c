import type { ComponentChildren } from "preact";
import { t } from "~/i18n";
import type { IconName } from "./Icon";
import { Empty } from "./Page";

interface Props {
  filtered: boolean; // there are some, and none of them fits what is searched for
  icon: IconName;
  title: string;
  text: string;
  children?: ComponentChildren; // what makes the first one
}

// What stands in place of a list's table where it has no rows.
export function EmptyList({ filtered, ...none }: Props) {
  return filtered ? <Empty icon="search" title={t("table.nothing_fits")} /> : <Empty {...none} />;
}
