// Where an arrow between two of `lanes` columns stands, in percent of their width. A message to oneself gets a stub.
export function between(
  from: number,
  to: number,
  lanes: number,
): { left: number; width: number; back: boolean; self: boolean } {
  const middle = (lane: number) => ((lane + 0.5) * 100) / lanes;
  if (from === to) return { left: middle(from), width: 100 / lanes / 2, back: false, self: true };
  const left = middle(Math.min(from, to));
  return { left, width: middle(Math.max(from, to)) - left, back: to < from, self: false };
}

// To the millisecond: that is what one looks for.
export function clock(at: string): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
