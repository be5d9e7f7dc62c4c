// What the core takes as a PIN (the same rules, so that it can be said while it is typed).
export type PinFault = "shape" | "number" | "easy" | null;

export function pinFault(pin: string, number: string): PinFault {
  if (!/^[0-9]{4,10}$/.test(pin)) return "shape";
  if (pin === number) return "number";
  const digits = [...pin].map(Number);
  const steps = digits.slice(1).map((d, i) => (d - digits[i]! + 10) % 10);
  const run = steps.every((s) => s === 0) || steps.every((s) => s === 1) || steps.every((s) => s === 9);
  const pairs = digits.every((d, i) => i < 2 || d === digits[i - 2]);
  return run || pairs ? "easy" : null;
}

// Six random digits that aren't easily guessed. Made here, sent once, shown once, kept nowhere.
export function randomPin(
  number: string,
  random: () => number = () => crypto.getRandomValues(new Uint32Array(1))[0]!,
): string {
  for (;;) {
    let n: number;
    do n = random();
    while (n >= 4_294_000_000); // the last, incomplete million would favour small numbers
    const pin = String(n % 1_000_000).padStart(6, "0");
    if (!pinFault(pin, number)) return pin;
  }
}
