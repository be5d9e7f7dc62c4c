import type { Emergency } from "~/api/types";

// Those that nobody has acknowledged.
export const open = (all: readonly Emergency[]): Emergency[] => all.filter((e) => !e.acknowledged);

export function whereOf({ place: p }: Pick<Emergency, "place">): string {
  const person = p.extension ? [p.extension, p.name].filter(Boolean).join(" ") : "";
  const desk = p.hot_desk ? [p.hot_desk, p.location && `(${p.location})`].filter(Boolean).join(" ") : "";
  return [person, desk, p.site, p.address].filter(Boolean).join(", ");
}

// Those that came since `known` was seen; at first sight none is new.
export const fresh = (all: readonly Emergency[], known: ReadonlySet<string> | null): Emergency[] =>
  known ? all.filter((e) => !known.has(e.id)) : [];
