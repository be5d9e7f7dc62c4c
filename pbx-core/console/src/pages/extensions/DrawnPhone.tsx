import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useEffect, useRef } from "preact/hooks";
import type { Extension, Key } from "~/api/types";
import { t } from "~/i18n";
import { Icon } from "~/parts/Icon";
import type { DrawnKey, Place } from "./keys";
import { PlacedKey } from "./PlacedKey";

interface Props {
  extension: Extension;
  model: string;
  places: Place[];
  fixed: DrawnKey[];
  keys: Key[];
  chosen: number | null;
  may: boolean;
  page: number;
  pages: number[]; // of each page the expansion module that it is; 0: the phone's own
  isLacking: (key: Key | undefined) => boolean; // the model has no such key
  onChoose: (at: number) => void;
  onMove: (from: number, to: number) => void;
  onPage: (page: number) => void;
}

// The phone's screen with its keys at both sides, as the person will see it when logged in.
export function DrawnPhone({
  extension,
  model,
  places,
  fixed,
  keys,
  chosen,
  may,
  page,
  pages,
  isLacking,
  onChoose,
  onMove,
  onPage,
}: Props) {
  const column = (side: Place["side"]) => (
    <ol class={`drawn-keys ${side}`} aria-label={t(`keys.side.${side}`)}>
      {places
        .filter((p) => p.side === side)
        .map((p) =>
          p.position < fixed.length ? (
            <li key={p.position} class="drawn-key fixed" title={t("keys.fixed")}>
              <Icon name={fixed[p.position]!.type === "line" ? "calls" : "logout"} size={14} />
              <span>
                {fixed[p.position]!.type === "line"
                  ? fixed[p.position]!.label || t("key.type.line")
                  : t("keys.log_out")}
              </span>
              <Icon name="lock" size={12} />
            </li>
          ) : (
            <PlacedKey
              key={p.position}
              at={p.position - fixed.length}
              place={p.position + 1}
              value={keys[p.position - fixed.length]}
              chosen={chosen === p.position - fixed.length}
              may={may}
              lacking={isLacking(keys[p.position - fixed.length])}
              onChoose={onChoose}
              onMove={onMove}
            />
          ),
        )}
    </ol>
  );
  return (
    <div class="drawn-phone" role="group" aria-label={t("keys.drawing", { model: model.replace("/", " ") })}>
      {places.some((p) => p.side === "left") && column("left")}
      <div class="drawn-screen" aria-hidden="true">
        <b>{extension.number}</b>
        <span>{extension.name}</span>
      </div>
      {column("right")}
      {pages.length > 1 && (
        <div class="drawn-pages" role="group" aria-label={t("keys.pages")}>
          {pages.map((module, i) => (
            <PageTab key={i} n={i} module={module} on={i === page} onPage={onPage} />
          ))}
        </div>
      )}
    </div>
  );
}

// A key that is held over a page's number turns the page.
interface Tab {
  n: number;
  module: number;
  on: boolean;
  onPage: (n: number) => void;
}

function PageTab({ n, module, on, onPage }: Tab) {
  const el = useRef<HTMLButtonElement>(null);
  useEffect(() => dropTargetForElements({ element: el.current!, onDragEnter: () => onPage(n) }), [n]);
  return (
    <button
      ref={el}
      type="button"
      aria-pressed={on ? "true" : "false"}
      aria-label={
        module
          ? `${t("keys.module_short", { n: module })}: ${t("keys.module", { n: module })}`
          : t("keys.page", { n: n + 1 })
      }
      onClick={() => onPage(n)}
    >
      {module ? t("keys.module_short", { n: module }) : n + 1}
    </button>
  );
}
