import { useEffect, useRef } from "preact/hooks";
import { t } from "~/i18n";
import { confirm } from "./question";

// What is lost with what shows it: something typed that isn't saved, or a secret that is shown this once.
export type Kind = "unsaved" | "secret";
interface Stake {
  kind: Kind;
  within: string; // addresses that begin like this keep it; "" for none
  paused: boolean; // it is being sent
}
const stakes = new Set<Stake>();

const lostAt = (to: string): Stake | undefined =>
  [...stakes].find((s) => !s.paused && !(s.within && to.startsWith(s.within)));

// What is being sent as well: it may be refused.
export const isAnythingHeld = (): boolean => stakes.size > 0;
const anythingAtStake = (): boolean => [...stakes].some((s) => !s.paused);

export const askToDrop = (kind: Kind, then: () => void): void =>
  confirm({
    title: t(`leave.${kind}_title`),
    text: t(`leave.${kind}_text`),
    yes: t(`leave.${kind}_yes`),
    danger: true,
    then: async () => then(),
  });

// Goes to an address, having asked where something would be lost.
export function leaveFor(to: string, go: () => void): void {
  const lost = lostAt(to);
  if (lost) askToDrop(lost.kind, go);
  else go();
}

// While `active`, links, the browser's buttons and a reload ask before they take the page away. Gives what sends it,
// during which nobody is asked.
export function useStake(kind: Kind, active: boolean, within = ""): <T>(sending: () => Promise<T>) => Promise<T> {
  const stake = useRef<Stake>({ kind, within, paused: false });
  useEffect(() => {
    if (!active) return;
    const one = stake.current;
    stakes.add(one);
    return () => void stakes.delete(one);
  }, [active]);
  return async (sending) => {
    stake.current.paused = true;
    try {
      return await sending();
    } finally {
      stake.current.paused = false;
    }
  };
}

let letThrough = false;

// The browser's own buttons: a step in the history is undone and done again once the answer is yes; a reload, a closed
// tab and another site are asked about by the browser in its own words.
export function watchLeaving(): void {
  let here = window.location.href;
  const note = () => {
    here = window.location.href;
  };
  for (const event of ["pushState", "replaceState"]) window.addEventListener(event, note);
  window.addEventListener(
    "popstate",
    (event) => {
      const lost = letThrough ? undefined : lostAt(window.location.pathname);
      letThrough = false;
      if (!lost) return note();
      event.stopImmediatePropagation();
      window.history.pushState(null, "", here);
      askToDrop(lost.kind, () => {
        letThrough = true;
        window.history.back();
      });
    },
    true,
  );
  window.addEventListener("beforeunload", (event) => {
    if (anythingAtStake()) event.preventDefault();
  });
}
