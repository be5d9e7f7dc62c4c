import { desks, desksOf, models } from "~/live/store";

// The model to draw: of the desk where the person sits, else of most desks.
export function likelyModel(number: string): string {
  const at = desksOf.value.get(number)?.[0];
  if (at) return `${at.vendor}/${at.model}`;
  const counts = new Map<string, number>();
  for (const d of desks.all.value)
    counts.set(`${d.vendor}/${d.model}`, (counts.get(`${d.vendor}/${d.model}`) ?? 0) + 1);
  const most = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  if (most) return most;
  const some = models.find("yealink/T46U") ?? models.all.value.find((m) => m.keys > 4);
  return some ? `${some.vendor}/${some.model}` : "";
}
