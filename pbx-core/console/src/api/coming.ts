import { Problem } from "./problem";
import { heard } from "./client";

// Routes that aren't in the OpenAPI document yet, by hand. This file goes when they are.
export interface LadderMessage {
  at: string;
  from: string;
  to: string;
  kind: "request" | "response";
  method: string;
  status: number | null;
  reason: string | null;
  summary: string;
  text: string;
}
export interface Ladder {
  id: string;
  state: string;
  parties: { id: string; label: string; site: string }[];
  messages: LadderMessage[];
  dropped: number;
}
export interface Job {
  id: string;
  kind: string;
  state: "running" | "done" | "cancelled" | "failed";
  done: number;
  total: number;
  problems: unknown[];
  started: string;
  ended: string | null;
}
export interface ImportRow {
  line: number;
  number: string;
  action: "create" | "update" | "unchanged" | "error";
  changes: { field: string; from?: unknown; to?: unknown }[];
  problem?: string;
}
export interface ImportPreview {
  rows: ImportRow[];
  create: number;
  update: number;
  unchanged: number;
  errors: number;
}
async function call<T>(method: string, path: string, body?: BodyInit, type?: string): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}`, { method, credentials: "same-origin", ...(body !== undefined ? { body, headers: { "Content-Type": type! } } : {}) });
  } catch {
    throw new Problem(0, "");
  }
  const content = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  if (answer.ok) return content as T;
  throw heard(Problem.of(answer.status, content, answer.headers));
}

export const readLadder = (id: string) => call<Ladder>("GET", `/calls/${encodeURIComponent(id)}/ladder`);
export const readJobs = () => call<Job[]>("GET", "/jobs");
export const cancelJob = (id: string) => call<void>("DELETE", `/jobs/${id}`);
export const provisionMany = (macs: string[]) => call<Job>("POST", "/phones/provision", JSON.stringify({ macs }), "application/json");
export const previewImport = (csv: string) => call<ImportPreview>("POST", "/extensions/import?dry_run=true", csv, "text/csv");
export const runImport = (csv: string) => call<Job>("POST", "/extensions/import", csv, "text/csv");
