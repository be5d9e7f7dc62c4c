import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";

// What a list is searched and filtered by, by page and name. It stands in the address, and is still there when one comes
// back from a row; a click on the page's name in the navigation forgets it.
const kept = signal<Record<string, string>>({});
const pageOf = (path: string) => path.split("/")[1] ?? "";

export function forgetKept(path: string): void {
  const prefix = `${pageOf(path)}?`;
  kept.value = Object.fromEntries(Object.entries(kept.peek()).filter(([key]) => !key.startsWith(prefix)));
}

export function useKept(name: string, initial = ""): [string, (value: string) => void] {
  const [location, go] = useLocation();
  const search = useSearch();
  const key = `${pageOf(location)}?${name}`;
  const inAddress = new URLSearchParams(search).get(name);
  const value = kept.value[key] ?? inAddress ?? initial;
  useEffect(() => {
    if (inAddress !== null && kept.peek()[key] === undefined) kept.value = { ...kept.peek(), [key]: inAddress };
  }, [key, inAddress]);
  const set = (next: string) => {
    kept.value = { ...kept.peek(), [key]: next };
    const all = new URLSearchParams(window.location.search);
    if (next === initial) all.delete(name);
    else all.set(name, next);
    go(`${location}${all.size ? `?${all.toString()}` : ""}`, { replace: true });
  };
  return [value, set];
}

// One of a few; another word in the address is the first one.
export function useKeptView<V extends string>(views: Record<V, unknown>): [V, (view: V) => void] {
  const all = Object.keys(views) as V[];
  const [value, set] = useKept("show", all[0]);
  return [all.includes(value as V) ? (value as V) : all[0]!, set];
}
