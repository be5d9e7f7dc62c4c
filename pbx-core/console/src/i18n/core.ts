// Sentences of the core in the page's language, by a table of them with their places.
export interface Says {
  text: string;
  translated: boolean;
}
type Table = readonly (readonly [string, string])[];

const place = /\{(\w+)\}/g;
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// Those with the fewest places first: they say the most.
export function reader(table: Table, nameOf: (field: string) => string): (text: string) => Says {
  const known = [...table]
    .sort(([a], [b]) => (a.match(place)?.length ?? 0) - (b.match(place)?.length ?? 0))
    .map(([english, other]) => {
      const names = [...english.matchAll(place)].map((m) => m[1]!);
      const pattern = english
        .split(place)
        .map((piece, i) => (i % 2 ? (piece === "field" ? "([\\w.\\[\\]]+)" : "(.+?)") : escaped(piece)))
        .join("");
      return { pattern: new RegExp(`^${pattern}\\.?$`), names, other };
    });
  return (text) => {
    for (const { pattern, names, other } of known) {
      const found = pattern.exec(text);
      if (!found) continue;
      const values = Object.fromEntries(names.map((name, i) => [name, found[i + 1]!]));
      const said = other.replace(place, (_, name: string) =>
        name === "field" ? nameOf(values.field!) : (values[name] ?? ""),
      );
      return { text: said, translated: true };
    }
    return { text, translated: false };
  };
}
