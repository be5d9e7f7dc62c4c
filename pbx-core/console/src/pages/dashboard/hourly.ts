// Sums of twelve steps of five minutes, so that single logins can be seen.
export function hourly(counts: readonly number[]): number[] {
  const hours: number[] = [];
  for (let i = 0; i < counts.length; i += 12) hours.push(counts.slice(i, i + 12).reduce((sum, n) => sum + n, 0));
  return hours;
}
