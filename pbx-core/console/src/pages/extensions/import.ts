import { api, ask } from "~/api/client";
import type { ImportPreview, Job } from "~/api/types";
import type { NewPin } from "./PinsDialog";

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
// The PINs that the core made up are told apart from the job: they are shown, and kept nowhere.
export async function runImport(csv: string): Promise<{ job: Job; pins: NewPin[] }> {
  const { pins, ...job } = (await post(csv, false)) as Job;
  return { job, pins: pins ?? [] };
}
