// Numbers as people type them in a row: with spaces or commas between. Null where one is none, or there is none at all.
export function numbersOf(typed: string): string[] | null {
  const numbers = typed.split(/[\s,;]+/).filter(Boolean);
  return numbers.length && numbers.length <= 20 && numbers.every((n) => /^\d{1,15}$/.test(n))
    ? [...new Set(numbers)]
    : null;
}
