import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { line } from "~/live/events";

// What finds anything from anywhere; it is loaded when it is first asked for.
export const finder = signal<ComponentType | null>(null);
export const finderShown = signal(false);

export function showFinder(): void {
  if (!finder.value && line.value === "lost") return; // the banner says so; Firefox tries no script again that failed once
  finderShown.value = true;
  if (finder.value) return;
  import("./Finder").then(
    (module) => (finder.value = module.Finder),
    () => (finderShown.value = false), // the core has gone this moment
  );
}
