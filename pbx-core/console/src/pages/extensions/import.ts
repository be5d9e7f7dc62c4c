import { api, askVersioned, type Versioned } from "~/api/client";
import type { ImportPreview, Job } from "~/api/types";
import { t, tn } from "~/i18n";
import { desks, extensions } from "~/live/store";
import type { NewPin } from "./PinsDialog";

// What the import of a sheet differs in by what it has.
export interface Sheet {
  title: () => string;
  format: () => string;
  example: string;
  key: () => string; // the heading of what a row is found by
  run: (n: number) => string; // what the button says
  post: (csv: string, dry_run: boolean, seen?: string) => Promise<Versioned<unknown>>;
  refresh: () => Promise<void>;
}
const asCsv = (csv: string, dry_run: boolean, seen?: string) => ({
  params: { query: { dry_run } },
  body: csv,
  bodySerializer: (text: string) => text,
  headers: { "Content-Type": "text/csv", ...(seen ? { "If-Match": seen } : {}) },
});

export const people: Sheet = {
  title: () => t("import.title"),
  format: () => t("import.format_text"),
  example: "number,name,hot_desking,voicemail_pin,keys\n101,Anna Berg,yes,4821,\n102,Ben Cole,no,,",
  key: () => t("extensions.number"),
  run: (n) => tn("import.run", n),
  post: (csv, dry, seen) => askVersioned(api.POST("/extensions/import", asCsv(csv, dry, seen))),
  refresh: () => extensions.refresh(),
};
export const hotDesks: Sheet = {
  title: () => t("import.desks_title"),
  format: () => t("import.desks_format"),
  example:
    "mac,model,site,name,location\n001565aabb01,T46U,local,Window 1,Floor 1\n001565aabb02,T46U,branch-1,Door 2,Floor 2",
  key: () => t("phones.mac"),
  run: (n) => tn("import.run_desks", n),
  post: (csv, dry, seen) => askVersioned(api.POST("/hot-desks/import", asCsv(csv, dry, seen))),
  refresh: () => desks.refresh(),
};

// What the core answers depends on dry_run alone, which its document can't say.
export const previewImport = (of: Sheet, csv: string) => of.post(csv, true) as Promise<Versioned<ImportPreview>>;
// It does what the preview of that version has said, or nothing. The PINs that the core made up are told apart from the
// job: they are shown, and kept nowhere.
export async function runImport(of: Sheet, csv: string, seen: string): Promise<{ job: Job; pins: NewPin[] }> {
  const { pins, ...job } = (await of.post(csv, false, seen)).record as Job;
  return { job, pins: pins ?? [] };
}
