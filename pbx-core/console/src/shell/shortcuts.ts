import { signal } from "@preact/signals";
import { pages } from "./routes";

export const helpShown = signal(false);

let afterG = 0;
const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

// `/` search, `g` and a letter to a page, `n` for what the page makes new, `?` for this list. Not while typing, not over
// a dialog.
export function listen(go: (path: string) => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      typing(event.target) ||
      document.querySelector("[role=dialog],[role=alertdialog],[role=menu]")
    )
      return;
    const key = event.key;
    if (afterG && Date.now() - afterG < 1500) {
      afterG = 0;
      const page = pages.find((p) => p.letter === key);
      if (page) {
        event.preventDefault();
        go(page.path);
      }
      return;
    }
    if (key === "g") afterG = Date.now();
    else if (key === "/") {
      const search = document.querySelector<HTMLInputElement>("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    } else if (key === "n") {
      const make = document.querySelector<HTMLButtonElement>("[data-new]");
      if (make) {
        event.preventDefault();
        make.click();
      }
    } else if (key === "?") helpShown.value = true;
  };
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}
