import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Key } from "~/api/types";
import { t } from "~/i18n";
import { Icon, type IconName } from "~/parts/Icon";
import { keyText, saidText, shownText } from "./key_text";
import { isEmpty } from "./keys";

const icons: Record<Key["type"], IconName> = {
  none: "plus",
  blf: "user",
  speed_dial: "bolt",
  line: "calls",
  dnd: "quiet",
  hold: "pause",
  transfer: "transfer",
  forward: "forward",
  voicemail: "mail",
  pickup: "download",
  park: "pin",
  group_login: "people",
  night_switch: "moon",
};

interface Props {
  at: number; // among the person's keys, from 0
  place: number; // on the phone, from 1
  value: Key | undefined;
  chosen: boolean;
  may: boolean; // change it
  lacking: boolean; // the drawn model has no such key
  onChoose: (at: number) => void;
  onMove: (from: number, to: number) => void;
}

// A key at its place on the drawn phone: it can be chosen, dragged, and moved with Alt and the arrow keys.
export function PlacedKey({ at, place, value, chosen, may, lacking, onChoose, onMove }: Props) {
  const el = useRef<HTMLButtonElement>(null);
  const [over, setOver] = useState(false);
  const [dragged, setDragged] = useState(false);
  const latest = useRef(onMove);
  latest.current = onMove;
  const empty = isEmpty(value);
  useEffect(() => {
    const element = el.current;
    if (!element || !may) return;
    const ends = [
      dropTargetForElements({
        element,
        canDrop: ({ source }) => typeof source.data.key === "number",
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false);
          latest.current(source.data.key as number, at);
        },
      }),
    ];
    if (!empty)
      ends.push(
        draggable({
          element,
          getInitialData: () => ({ key: at }),
          onDragStart: () => setDragged(true),
          onDrop: () => setDragged(false),
        }),
      );
    return () => ends.forEach((end) => end());
  }, [at, empty, may]);
  return (
    <li>
      <button
        ref={el}
        type="button"
        data-key={at}
        disabled={!may}
        class={`drawn-key ${empty ? "empty" : ""} ${lacking ? "lacking" : ""} ${chosen ? "chosen" : ""} ${over ? "over" : ""} ${dragged ? "dragged" : ""}`}
        aria-pressed={chosen ? "true" : "false"}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        aria-label={
          empty
            ? t("keys.empty_place", { place })
            : t("keys.key_at", { place, key: saidText(value!), type: t(`key.type.${value!.type}`) })
        }
        onClick={() => onChoose(at)}
        onKeyDown={(e) => {
          if (empty || !e.altKey || (e.key !== "ArrowUp" && e.key !== "ArrowDown")) return;
          e.preventDefault();
          onMove(at, e.key === "ArrowUp" ? at - 1 : at + 1);
        }}
      >
        {empty ? (
          <Icon name="plus" size={14} />
        ) : (
          <>
            <Icon name={icons[value!.type]} size={14} />
            <span title={keyText(value!)}>{shownText(value!)}</span>
          </>
        )}
      </button>
    </li>
  );
}
