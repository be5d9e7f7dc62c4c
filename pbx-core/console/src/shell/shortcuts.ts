import { signal } from "@preact/signals";
import { showFinder } from "./finder";
import { pages } from "./routes";

export const helpShown = signal(false);

let afterG = 0;
const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

// Ctrl or Cmd with K finds anything, while one types as well. `/` searches the page, or everything where the page has no search; `g`
// and a letter go to a page, `n` makes what the page makes, `?` shows this list: not while typing. None of it over a dialog.
export function listen(go: (path: string) => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (document.querySelector("[role=dialog],[role=alertdialog],[role=menu]")) return;
    const key = event.key;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key.toLowerCase() === "k") {
      event.preventDefault();
      showFinder();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
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
      event.preventDefault();
      if (search) {
        search.focus();
        search.select();
      } else showFinder();
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
