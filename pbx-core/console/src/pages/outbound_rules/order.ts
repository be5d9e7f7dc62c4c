// The names with one moved by a place; as they are where it is at the end already.
export function moved(names: readonly string[], name: string, by: -1 | 1): string[] {
  const list = [...names];
  const at = list.indexOf(name);
  const to = at + by;
  if (at < 0 || to < 0 || to >= list.length) return list;
  [list[at], list[to]] = [list[to]!, list[at]!];
  return list;
}

// By their places; of one place by their names, as the list shows them.
export const namesInOrder = (rules: readonly { name: string; position: number }[]): string[] =>
  [...rules].sort((a, b) => a.position - b.position || (a.name < b.name ? -1 : 1)).map((rule) => rule.name);
