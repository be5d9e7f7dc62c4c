export const plain = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Every word of the query begins, or stands in, one of the texts; accents and case don't matter. A MAC may be typed with
// its separators.
export function matches(query: string, ...texts: string[]): boolean {
  const words = plain(query).split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const all = plain(texts.join(" "));
  return words.every(
    (word) =>
      all.includes(word) ||
      (/^[0-9a-f]{2,4}([:.-][0-9a-f]{0,4})+$/.test(word) && all.includes(word.replace(/[:.-]/g, ""))),
  );
}
