import { useEffect } from "preact/hooks";

// Reads at once and then again and again, `every` milliseconds after what was read last, for as long as the page is seen.
// `take` hears what came, never after `what` has changed; what can't be read is tried again.
export function useRepeated<T>(what: string, read: () => Promise<T>, take: (read: T) => number, every: number): void {
  useEffect(() => {
    let over = false;
    let wait: ReturnType<typeof setTimeout> | undefined;
    const again = (after: number) => {
      if (!over) wait = setTimeout(() => (document.hidden ? again(every) : step()), after);
    };
    const step = () =>
      void read().then(
        (value) => over || again(take(value)),
        () => again(every),
      );
    step();
    return () => {
      over = true;
      clearTimeout(wait);
    };
  }, [what]);
}
