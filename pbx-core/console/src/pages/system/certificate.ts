import type { TextKey } from "~/i18n";
import type { Tone } from "~/parts/Badge";

export const daysLeft = (until: string, now: number): number =>
  Math.floor((new Date(until).getTime() - now) / 86_400_000);

// The core makes its own anew a month before its end: what has less left is somebody's to renew.
export const toneOf = (days: number): Tone => (days < 7 ? "bad" : days < 28 ? "warn" : "good");

// Where the program is installed.
export const documents: { path: string; key: TextKey }[] = [
  { path: "/usr/share/doc/roamdesk", key: "system.doc_folder" },
  { path: "/etc/roamdesk/pbx-core.yaml", key: "system.doc_config" },
];
