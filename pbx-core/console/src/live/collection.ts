import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";

// All that there are: what reads them anew after a break, and forgets them at log-out, needs no list of them.
const all: { refresh(): Promise<void>; forget(): void }[] = [];
export const refreshAll = () => Promise.all(all.map((c) => c.refresh()));
export const forgetAll = () => all.forEach((c) => c.forget());

// A list of the core's, read once and then kept true by events. It isn't read before a page asks for it.
export class Collection<T> {
  private readonly map = signal<ReadonlyMap<string, T>>(new Map());
  private wanted = false;
  private reading: Promise<void> | null = null;
  private again = false;
  readonly loaded = signal(false);
  readonly failed = signal<unknown>(null);
  readonly all: ReadonlySignal<T[]>;

  constructor(
    private readonly read: () => Promise<T[]>,
    private readonly key: (item: T) => string,
    order: (a: T, b: T) => number,
  ) {
    this.all = computed(() => [...this.map.value.values()].sort(order));
    all.push(this);
  }

  // Called by what shows it.
  want(): void {
    if (this.wanted) return;
    this.wanted = true;
    void this.refresh();
  }

  // Reads anew where somebody wants it. Events that come while it is being read make it read once more: the answer may
  // be older than they are.
  async refresh(): Promise<void> {
    if (!this.wanted) return;
    if (this.reading) {
      this.again = true;
      return this.reading;
    }
    this.reading = (async () => {
      do {
        this.again = false;
        try {
          const items = await this.read();
          this.map.value = new Map(items.map((item) => [this.key(item), item]));
          this.loaded.value = true;
          this.failed.value = null;
        } catch (problem) {
          this.failed.value = problem;
          if (!this.loaded.value) this.wanted = false; // the next who shows it tries again
        }
      } while (this.again);
    })();
    await this.reading;
    this.reading = null;
  }

  find(key: string): T | undefined {
    return this.map.value.get(key);
  }

  put(item: T): void {
    if (!this.wanted) return;
    if (this.reading) this.again = true;
    const next = new Map(this.map.peek());
    next.set(this.key(item), item);
    this.map.value = next;
  }

  remove(key: string): void {
    if (this.reading) this.again = true;
    if (!this.map.peek().has(key)) return;
    const next = new Map(this.map.peek());
    next.delete(key);
    this.map.value = next;
  }

  // At logout: nothing of the last user stays.
  forget(): void {
    this.wanted = false;
    this.map.value = new Map();
    this.loaded.value = false;
    this.failed.value = null;
  }
}
