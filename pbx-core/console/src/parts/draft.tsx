import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "~/i18n";
import { Button } from "./Button";
import { useStake } from "./leaving";
import { changedKeys, conflictsOf, merge, type Edited } from "./merge";
import { Notice } from "./Notice";

export interface Draft<T> {
  value: T;
  set: (change: Partial<T>) => void;
  dirty: boolean;
  changes: Partial<T>; // what is to be sent
  conflicts: (keyof T)[]; // changed here, and by somebody else meanwhile: nothing is sent before that is decided
  theirs: T;
  keepMine: () => void;
  takeTheirs: () => void;
  reset: () => void;
  // Sends the changes, once it was seen that the record is still the one that was edited. `read` puts it into its list.
  save: (read: () => Promise<T>, send: (changes: Partial<T>) => Promise<T>) => Promise<boolean>;
}

// A record's fields while they are edited here. `current`: as the core has them, live. What somebody else changes is taken
// over where it isn't edited here, and never overwritten unseen.
export function useDraft<T extends object>(current: T): Draft<T> {
  const [edited, setEdited] = useState<Edited<T>>({ base: current, draft: current });
  const [read, setRead] = useState<T | null>(null); // newer than `current`
  const latest = useRef(edited);
  latest.current = edited;
  const json = JSON.stringify(current);
  useEffect(() => {
    setRead(null);
    setEdited(merge(latest.current, current));
  }, [json]);
  const theirs = read ?? current;
  const changed = changedKeys(edited);
  const conflicts = conflictsOf(edited, theirs);
  const sending = useStake("unsaved", changed.length > 0);
  const pick = (keys: (keyof T)[], from: T) =>
    Object.fromEntries(keys.map((k) => [k, from[k]])) as unknown as Partial<T>;
  return {
    value: edited.draft,
    set: (change) => setEdited({ ...latest.current, draft: { ...latest.current.draft, ...change } }),
    dirty: changed.length > 0,
    changes: pick(changed, edited.draft),
    conflicts,
    theirs,
    keepMine: () => setEdited({ base: { ...edited.base, ...pick(conflicts, theirs) }, draft: edited.draft }),
    takeTheirs: () =>
      setEdited({
        base: { ...edited.base, ...pick(conflicts, theirs) },
        draft: { ...edited.draft, ...pick(conflicts, theirs) },
      }),
    reset: () => setEdited({ base: theirs, draft: theirs }),
    save: (reread, send) =>
      sending(async () => {
        const now = await reread();
        const merged = merge(latest.current, now);
        setEdited(merged);
        if (conflictsOf(merged, now).length) {
          setRead(now);
          return false;
        }
        const saved = await send(pick(changedKeys(merged), merged.draft));
        setRead(saved);
        // What was typed while it was being sent stays.
        const typed = changedKeys({ base: merged.draft, draft: latest.current.draft });
        setEdited({ base: saved, draft: { ...saved, ...pick(typed, latest.current.draft) } });
        return true;
      }),
  };
}

// Says what somebody else has changed meanwhile, and asks whose is right.
export function Conflict<T>({ draft, name }: { draft: Draft<T>; name: (key: keyof T, theirs: T) => string }) {
  if (!draft.conflicts.length) return null;
  return (
    <div role="alert">
      <Notice tone="warn" icon="warn">
        <p>{t("draft.conflict")}</p>
        <ul>
          {draft.conflicts.map((key) => (
            <li key={String(key)}>{name(key, draft.theirs)}</li>
          ))}
        </ul>
        <p class="row">
          <Button small onClick={draft.keepMine}>
            {t("draft.keep_mine")}
          </Button>
          <Button small onClick={draft.takeTheirs}>
            {t("draft.take_theirs")}
          </Button>
        </p>
      </Notice>
    </div>
  );
}
