import { heard } from "~/api/client";
import { Problem } from "~/api/problem";

// RFC 4180, for spreadsheets: what begins like a formula is made text, whoever wrote it (a phone may call itself "=cmd|…").
export function toCsv(rows: (string | number | null | undefined)[][]): string {
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(value: string | number | null | undefined): string {
  const text = value == null ? "" : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

// Gives a file to the browser's downloads. The BOM is for Excel, which takes a CSV for Latin-1 without it.
export function download(name: string, data: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob(type.startsWith("text/csv") ? ["\ufeff", data] : [data], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

// A file of the core's, or the problem that it answers with. Its bytes are given to the browser as they are.
export async function fetchFile(path: string, name: string, init: RequestInit = {}): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}`, { credentials: "same-origin", ...init });
  } catch {
    throw new Problem(0, "");
  }
  if (!answer.ok) throw heard(Problem.of(answer.status, await answer.json().catch(() => null), answer.headers));
  download(name, await answer.blob(), "application/octet-stream");
}

export const stamp = (): string => new Date().toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
