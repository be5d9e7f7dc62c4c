import type { OutboundRule } from "~/api/types";
import { t, tcode } from "~/i18n";
import { Badge } from "~/parts/Badge";
import type { Column } from "~/parts/Table";

export const columnsOf = (): Column<OutboundRule>[] => [
  { id: "name", header: t("rules.name"), width: "20%", card: "title", cell: (r) => r.name },
  { id: "pattern", header: t("rules.pattern"), width: "16%", cell: (r) => <span class="mono">{r.pattern}</span> },
  {
    id: "rewrite",
    header: t("rules.rewrite"),
    width: "14%",
    cell: (r) => [r.strip && `−${r.strip}`, r.prepend && `+ ${r.prepend}`].filter(Boolean).join(", "),
  },
  { id: "classes", header: t("rules.classes"), cell: (r) => r.classes.map((c) => tcode("class", c)).join(", ") },
  { id: "sites", header: t("rules.sites"), width: "14%", cell: (r) => r.sites.join(", ") },
  { id: "trunks", header: t("rules.trunks"), cell: (r) => r.trunks.join(", ") },
  {
    id: "state",
    header: t("rules.state"),
    width: "6.5rem",
    card: "side",
    cell: (r) => (r.enabled ? <Badge tone="good">{t("rules.on")}</Badge> : <Badge>{t("rules.off")}</Badge>),
  },
];
