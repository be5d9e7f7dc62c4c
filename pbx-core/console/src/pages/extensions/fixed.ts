import type { Model } from "~/api/types";

// What a desk puts before the person's keys, in their order: Log out, and a line where calls on that model need one.
export interface Fixed {
  kind: "log_out" | "line";
  label: string;
}

export async function fixedKeys(model: Model, number: string): Promise<Fixed[]> {
  const answer = await fetch(`/api/v1/models/${encodeURIComponent(model.vendor)}/${encodeURIComponent(model.model)}/keys?extension=${number}`);
  if (!answer.ok) return model.keys ? [{ kind: "log_out", label: "" }] : [];
  const { keys } = (await answer.json()) as { keys: { type: string; label: string; removable: boolean }[] };
  const fixed: Fixed[] = [];
  for (const key of keys) {
    if (key.removable || key.type === "none") break;
    fixed.push(key.type === "line" ? { kind: "line", label: key.label } : { kind: "log_out", label: key.label });
  }
  return fixed;
}
