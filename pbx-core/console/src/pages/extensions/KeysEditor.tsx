import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Extension, Key } from "~/api/types";
import { t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { desks, desksOf, extensions, models } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button, IconButton } from "~/parts/Button";
import { Notice } from "~/parts/Dialog";
import { Select, Text } from "~/parts/Field";
import { Icon, type IconName } from "~/parts/Icon";
import { Card } from "~/parts/Page";
import { Pick } from "~/parts/Pick";
import { attempt } from "~/parts/Toast";
import { vendorName } from "~/parts/who";
import { deskKeys, isEmpty, layOut, move, put, remove, trimmed, type DrawnKey, type Place } from "./keys";
import "./keys.css";

const icons: Record<Key["type"], IconName> = { blf: "user", speed_dial: "bolt", line: "calls", none: "plus" };
const textOf = (key: Key) =>
  key.label || (key.value && extensions.find(key.value)?.name) || key.value || t(`key.type.${key.type}`);

// The model to draw: of the desk where the person sits, else of most desks.
function likelyModel(number: string): string {
  const at = desksOf.value.get(number)?.[0];
  if (at) return `${at.vendor}/${at.model}`;
  const counts = new Map<string, number>();
  for (const d of desks.all.value)
    counts.set(`${d.vendor}/${d.model}`, (counts.get(`${d.vendor}/${d.model}`) ?? 0) + 1);
  const most = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  return (
    most ??
    (models.find("yealink/T46U")
      ? "yealink/T46U"
      : (models.all.value.find((m) => m.keys > 4)?.vendor ?? "") +
        "/" +
        (models.all.value.find((m) => m.keys > 4)?.model ?? ""))
  );
}

export function KeysEditor({ extension }: { extension: Extension }) {
  const [keys, setKeys] = useState<Key[]>(extension.keys);
  const [base, setBase] = useState(extension.keys);
  const [modelId, setModelId] = useState(() => likelyModel(extension.number));
  const [page, setPage] = useState(0);
  const [chosen, setChosen] = useState<number | null>(null); // among the person's keys
  const [drawn, setDrawn] = useState<DrawnKey[]>([]); // the model's keys as the core lays them out for this person
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const model = models.find(modelId);
  const may = isAdministrator.value;
  const dirty = JSON.stringify(trimmed(keys)) !== JSON.stringify(trimmed(base));

  // Somebody else has changed them: taken over, unless they are being edited here.
  useEffect(() => {
    if (!dirty) setKeys(extension.keys);
    setBase(extension.keys);
  }, [extension.keys]);
  useEffect(() => {
    if (!model) return;
    let over = false;
    setPage(0);
    ask(
      api.GET("/models/{vendor}/{model}/keys", {
        params: { path: { vendor: model.vendor, model: model.model }, query: { extension: extension.number } },
      }),
    ).then(
      ({ keys }) => !over && setDrawn(keys),
      () => !over && setDrawn([]),
    );
    return () => {
      over = true;
    };
  }, [modelId]);

  const places = useMemo(() => layOut(drawn), [drawn]);
  const fixed = useMemo(() => deskKeys(drawn), [drawn]);
  const pages = places.length ? places[places.length - 1]!.page + 1 : 1;
  const shown = Math.max(0, drawn.length - fixed.length);
  const over = (drawn.length ? keys.slice(shown) : [])
    .map((key, i) => ({ key, at: shown + i }))
    .filter(({ key }) => !isEmpty(key));
  const pageOf = (at: number) => places[at + fixed.length]?.page ?? 0;

  const go = (from: number, to: number) => {
    const next = move(keys, from, to);
    if (next === keys) return;
    setKeys(next);
    setChosen(to);
    if (to < shown) setPage(pageOf(to));
    setTold(t("keys.moved", { key: textOf(keys[from]!), place: to + fixed.length + 1 }));
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-key="${to}"]`)?.focus());
  };
  const save = async () => {
    setBusy(true);
    await attempt(async () => {
      const saved = await ask(
        api.PATCH("/extensions/{number}", {
          params: { path: { number: extension.number } },
          body: { keys: trimmed(keys) },
        }),
      );
      setBase(saved.keys);
      setKeys(saved.keys);
      extensions.put(saved);
    }, t("keys.saved"));
    setBusy(false);
  };

  return (
    <Card
      title={t("extensions.keys")}
      class="keys-card"
      actions={
        may &&
        dirty && (
          <>
            <Button
              small
              onClick={() => {
                setKeys(base);
                setChosen(null);
              }}
            >
              {t("action.discard")}
            </Button>
            <Button small kind="primary" busy={busy} onClick={() => void save()}>
              {t("action.save")}
            </Button>
          </>
        )
      }
    >
      <div class="keys-top">
        <Select
          label={t("keys.model")}
          value={modelId}
          onValue={setModelId}
          hint={model && (model.keys ? t("keys.model_hint", { keys: model.keys, free: shown }) : t("keys.no_keys"))}
          choices={models.all.value
            .filter((m) => m.model !== "generic")
            .map((m) => ({ value: `${m.vendor}/${m.model}`, label: `${vendorName(m.vendor)} ${m.model}` }))}
        />
      </div>
      <div class="keys-split" ref={list}>
        {model && model.keys > 0 ? (
          <Drawing
            extension={extension}
            model={modelId}
            places={places.filter((p) => p.page === page)}
            fixed={fixed}
            keys={keys}
            chosen={chosen}
            may={may}
            onChoose={setChosen}
            onMove={go}
            pages={pages}
            page={page}
            onPage={setPage}
          />
        ) : (
          <Notice tone="info">{t("keys.no_keys")}</Notice>
        )}
        {may && chosen !== null && chosen >= 0 && (
          <KeyForm
            key={chosen}
            at={chosen}
            place={chosen + fixed.length + 1}
            value={keys[chosen] ?? { type: "blf" }}
            own={extension.number}
            onChange={(key) => setKeys(put(keys, chosen, key))}
            onRemove={() => {
              setKeys(remove(keys, chosen));
              setChosen(null);
            }}
            onUp={chosen > 0 && !isEmpty(keys[chosen]) ? () => go(chosen, chosen - 1) : null}
            onDown={!isEmpty(keys[chosen]) ? () => go(chosen, chosen + 1) : null}
            onClose={() => setChosen(null)}
          />
        )}
      </div>
      {over.length > 0 && (
        <Notice tone="warn" icon="warn">
          <p>{t("keys.over")}</p>
          <p class="row">
            {over.map(({ key, at }) =>
              may ? (
                <Button key={at} small onClick={() => setChosen(at)}>
                  {textOf(key)}
                </Button>
              ) : (
                <Badge key={at}>{textOf(key)}</Badge>
              ),
            )}
          </p>
        </Notice>
      )}
      <p class="unseen" role="status">
        {told}
      </p>
      {may && <p class="hint">{t("keys.help")}</p>}
    </Card>
  );
}

interface DrawingProps {
  extension: Extension;
  model: string;
  places: Place[];
  fixed: DrawnKey[];
  keys: Key[];
  chosen: number | null;
  may: boolean;
  page: number;
  pages: number;
  onChoose: (at: number) => void;
  onMove: (from: number, to: number) => void;
  onPage: (page: number) => void;
}

// The phone's screen with its keys at both sides, as the person will see it when logged in.
function Drawing({
  extension,
  model,
  places,
  fixed,
  keys,
  chosen,
  may,
  page,
  pages,
  onChoose,
  onMove,
  onPage,
}: DrawingProps) {
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
      {pages > 1 && (
        <div class="drawn-pages" role="group" aria-label={t("keys.pages")}>
          {Array.from({ length: pages }, (_, i) => (
            <PageTab key={i} n={i} on={i === page} onPage={onPage} />
          ))}
        </div>
      )}
    </div>
  );
}

// A key that is held over a page's number turns the page.
function PageTab({ n, on, onPage }: { n: number; on: boolean; onPage: (n: number) => void }) {
  const el = useRef<HTMLButtonElement>(null);
  useEffect(() => dropTargetForElements({ element: el.current!, onDragEnter: () => onPage(n) }), [n]);
  return (
    <button
      ref={el}
      type="button"
      aria-pressed={on ? "true" : "false"}
      aria-label={t("keys.page", { n: n + 1 })}
      onClick={() => onPage(n)}
    >
      {n + 1}
    </button>
  );
}

function PlacedKey({
  at,
  place,
  value,
  chosen,
  may,
  onChoose,
  onMove,
}: {
  at: number;
  place: number;
  value: Key | undefined;
  chosen: boolean;
  may: boolean;
  onChoose: (at: number) => void;
  onMove: (from: number, to: number) => void;
}) {
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
        class={`drawn-key ${empty ? "empty" : ""} ${chosen ? "chosen" : ""} ${over ? "over" : ""} ${dragged ? "dragged" : ""}`}
        aria-pressed={chosen ? "true" : "false"}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        aria-label={
          empty
            ? t("keys.empty_place", { place })
            : t("keys.key_at", { place, key: textOf(value!), type: t(`key.type.${value!.type}`) })
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
            <span>{textOf(value!)}</span>
          </>
        )}
      </button>
    </li>
  );
}

function KeyForm({
  place,
  value,
  own,
  onChange,
  onRemove,
  onUp,
  onDown,
  onClose,
}: {
  at: number;
  place: number;
  value: Key;
  own: string;
  onChange: (key: Key) => void;
  onRemove: () => void;
  onUp: (() => void) | null;
  onDown: (() => void) | null;
  onClose: () => void;
}) {
  const type = value.type === "none" ? "blf" : value.type;
  const set = (change: Partial<Key>) => onChange({ ...value, type, ...change });
  return (
    <div class="key-form" role="group" aria-label={t("keys.edit", { place })}>
      <div class="row">
        <h3>{t("keys.edit", { place })}</h3>
        <span class="spring" />
        <IconButton small icon="up" label={t("keys.up")} disabled={!onUp} onClick={() => onUp?.()} />
        <IconButton small icon="down" label={t("keys.down")} disabled={!onDown} onClick={() => onDown?.()} />
        <IconButton small icon="trash" label={t("keys.remove")} onClick={onRemove} />
        <IconButton small icon="close" label={t("action.close")} onClick={onClose} />
      </div>
      <Select
        label={t("keys.type")}
        value={type}
        onValue={(v) => onChange({ ...(v === "line" ? {} : value), type: v as Key["type"] })}
        choices={(["blf", "speed_dial", "line"] as const).map((v) => ({ value: v, label: t(`key.type.${v}`) }))}
        hint={t(`key.hint.${type}`)}
      />
      {type === "blf" && (
        <Pick
          key={value.value}
          label={t("keys.person")}
          value={value.value ?? ""}
          onPick={(number) => set({ value: number, label: value.label || (extensions.find(number)?.name ?? "") })}
          items={extensions.all.value
            .filter((e) => e.number !== own)
            .map((e) => ({ id: e.number, label: `${e.number} ${e.name}`.trim() }))}
        />
      )}
      {type === "speed_dial" && (
        <Text label={t("keys.number")} value={value.value ?? ""} onValue={(v) => set({ value: v })} inputMode="tel" />
      )}
      {type !== "line" && (
        <Text
          label={t("keys.label")}
          value={value.label ?? ""}
          onValue={(v) => set({ label: v })}
          maxLength={32}
          hint={t("keys.label_hint")}
        />
      )}
    </div>
  );
}
