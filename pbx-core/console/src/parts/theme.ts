import { signal } from "@preact/signals";

export type Theme = "auto" | "dark" | "light";
const remembered = "roamdesk.theme";
const stored = localStorage.getItem(remembered);
export const theme = signal<Theme>(stored === "dark" || stored === "light" ? stored : "auto");

export function setTheme(next: Theme): void {
  theme.value = next;
  if (next === "auto") {
    localStorage.removeItem(remembered);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(remembered, next);
    document.documentElement.dataset.theme = next;
  }
}
