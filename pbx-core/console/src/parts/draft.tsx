import { useEffect, useRef, useState } from "preact/hooks";
import type { Versioned } from "~/api/client";
import { Problem } from "~/api/problem";
import { t } from "~/i18n";
import { Button } from "./Button";
import { useStake } from "./leaving";
import { useChanger } from "./changer";
import { changedKeys, conflictsOf, merge, type Edited } from "./merge";
import { Notice } from "./Notice";
import { valueText } from "./value_text";

// Where an edited record is kept.
export interface Kept<R, T> {
  list: { put: (record: R) => void };
  of: (record: R) => T; // its fields as they are edited
  read: () => Promise<Versioned<R>>;
  // With the version that it is to be sent over: the core refuses it (412) where there is a newer one.
  send: (changes: Partial<T>, headers: { "If-Match": string }) => Promise<R>;
}

export interface Draft<T> {
  value: T;
  set: (change: Partial<T>) => void;
  dirty: boolean;
  changes: Partial<T>; // what is to be sent
  conflicts: (keyof T)[]; // changed here, and by somebody else meanwhile: nothing is sent before that is decided
  theirs: T;
  keepMine: (keys: (keyof T)[]) => void;
  takeTheirs: (keys: (keyof T)[]) => void;
  reset: () => void;
  // Sends the changes over the record as it is now, once it was seen that nobody has changed the same. False: somebody
  // has, and it is to be decided whose is right.
  save: <R>(kept: Kept<R, T>) => Promise<boolean>;
}

const mostTries = 4; // where others change other fields at the same moment

// A record's fields while they are edited here. `current`: as the core has them, live. What somebody else changes is taken
// over where it isn't edited here, and never overwritten unseen. `asks`: leaving it asks; in a dialog the dialog does.
export function useDraft<T extends object>(current: T, asks = true): Draft<T> {
  const [edited, setEdited] = useState<Edited<T>>({ base: current, draft: current });
  const [read, setRead] = useState<T | null>(null); // newer than `current`
  const latest = useRef(edited);
  latest.current = edited;
  const change = (next: Edited<T>) => {
    latest.current = next;
    setEdited(next);
  };
  const json = JSON.stringify(current);
  useEffect(() => {
    setRead(null);
    change(merge(latest.current, current));
  }, [json]);
  const theirs = read ?? current;
  const changed = changedKeys(edited);
  const conflicts = conflictsOf(edited, theirs);
  const sending = useStake("unsaved", asks && changed.length > 0);
  const pick = (keys: (keyof T)[], from: T) =>
    Object.fromEntries(keys.map((k) => [k, from[k]])) as unknown as Partial<T>;
  return {
    value: edited.draft,
    set: (fields) => change({ ...latest.current, draft: { ...latest.current.draft, ...fields } }),
    dirty: changed.length > 0,
    changes: pick(changed, edited.draft),
    conflicts,
    theirs,
    keepMine: (keys) => change({ base: { ...edited.base, ...pick(keys, theirs) }, draft: edited.draft }),
    takeTheirs: (keys) =>
      change({
        base: { ...edited.base, ...pick(keys, theirs) },
        draft: { ...edited.draft, ...pick(keys, theirs) },
      }),
    reset: () => change({ base: theirs, draft: theirs }),
    save: ({ list, of, read: reread, send }) =>
      sending(async () => {
        for (let tries = 1; ; tries++) {
          const { record, version } = await reread();
          list.put(record);
          const now = of(record);
          const merged = merge(latest.current, now);
          change(merged);
          if (conflictsOf(merged, now).length) {
            setRead(now);
            return false;
          }
          try {
            const stored = await send(pick(changedKeys(merged), merged.draft), { "If-Match": version });
            list.put(stored);
            const saved = of(stored);
            setRead(saved);
            // What was typed while it was being sent stays.
            const typed = changedKeys({ base: merged.draft, draft: latest.current.draft });
            change({ base: saved, draft: { ...saved, ...pick(typed, latest.current.draft) } });
            return true;
          } catch (problem) {
            if (!(problem instanceof Problem && problem.status === 412 && tries < mostTries)) throw problem;
          }
        }
      }),
  };
}

interface ConflictProps<T> {
  draft: Draft<T>;
  name: (key: keyof T) => string; // as its field is called
  text?: (key: keyof T, theirs: T) => string; // what it is now; by itself where it says so
  about: string; // in the log: "101"; "" for the settings
}

// Says what somebody else has changed meanwhile, and who; and asks of each field whose is right.
export function Conflict<T>({ draft, name, text, about }: ConflictProps<T>) {
  const { conflicts, theirs } = draft;
  const changer = useChanger(about, conflicts.length > 0);
  if (!conflicts.length) return null;
  return (
    <div role="alert">
      <Notice tone="warn" icon="warn">
        <p>{changer ? t("draft.conflict_by", changer) : t("draft.conflict")}</p>
        <ul class="stack">
          {conflicts.map((key) => (
            <li key={String(key)}>
              {t("draft.now", { name: name(key), value: text ? text(key, theirs) : valueText(theirs[key]) })}
              <span class="row">
                <Button small onClick={() => draft.keepMine([key])}>
                  {t("draft.keep_mine")}
                </Button>
                <Button small onClick={() => draft.takeTheirs([key])}>
                  {t("draft.take_theirs")}
                </Button>
              </span>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
