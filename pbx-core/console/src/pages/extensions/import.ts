import { api, ask } from "~/api/client";
import type { ImportPreview, Job } from "~/api/types";

const post = (csv: string, dry_run: boolean) =>
  ask(
    api.POST("/extensions/import", {
      params: { query: { dry_run } },
      body: csv,
      bodySerializer: (text) => text,
      headers: { "Content-Type": "text/csv" },
    }),
  );

// What the core answers depends on dry_run alone, which its document can't say.
export const previewImport = (csv: string) => post(csv, true) as Promise<ImportPreview>;
export const runImport = (csv: string) => post(csv, false) as Promise<Job>;
