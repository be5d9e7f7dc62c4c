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

export const stamp = (): string => new Date().toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
