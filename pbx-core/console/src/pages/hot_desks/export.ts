import type { HotDesk } from "~/api/types";
import { extensions } from "~/live/store";
import { download, stamp, toCsv } from "~/parts/csv";
import { siteOf } from "~/parts/who";

// The desks as they are shown, for a spreadsheet.
export function exportDesks(desks: HotDesk[]): void {
  const rows = desks.map((d) => [
    d.id,
    d.mac,
    d.vendor,
    d.model,
    siteOf(d.provisioning),
    d.options?.name,
    d.options?.location,
    d.emergency_location,
    d.extension,
    d.extension && extensions.find(d.extension)?.name,
    d.since,
  ]);
  const head = "id,mac,vendor,model,site,name,location,emergency_location,extension,person,since".split(",");
  download(`roamdesk-hot-desks-${stamp()}.csv`, toCsv([head, ...rows]), "text/csv;charset=utf-8");
}
