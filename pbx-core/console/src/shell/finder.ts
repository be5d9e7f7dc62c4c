import { signal } from "@preact/signals";
import type { ComponentType } from "preact";

// What finds anything from anywhere; it is loaded when it is first asked for.
export const finder = signal<ComponentType | null>(null);
export const finderShown = signal(false);

export function showFinder(): void {
  finderShown.value = true;
  if (finder.value) return;
  import("./Finder").then(
    (module) => (finder.value = module.Finder),
    () => (finderShown.value = false), // the core is away, and the banner says so
  );
}
