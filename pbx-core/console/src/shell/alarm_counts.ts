import type { Alarm } from "~/api/types";

export interface Counts {
  open: number;
  worst: Alarm["severity"];
  unseen: { critical: number; warning: number; notice: number }; // that nobody has acknowledged
}

export function alarmCounts(all: readonly Alarm[]): Counts {
  const counts: Counts = { open: 0, worst: "notice", unseen: { critical: 0, warning: 0, notice: 0 } };
  const open = all.filter((a) => a.cleared === null);
  counts.open = open.length;
  for (const severity of ["warning", "critical"] as const)
    if (open.some((a) => a.severity === severity)) counts.worst = severity;
  for (const alarm of open) if (!alarm.acknowledged) ++counts.unseen[alarm.severity];
  return counts;
}
