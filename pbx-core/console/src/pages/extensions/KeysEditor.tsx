import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Extension, Key } from "~/api/types";
import { t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { extensions, models } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { Conflict, useDraft } from "~/parts/draft";
import { Select } from "~/parts/Field";
import { Notice } from "~/parts/Notice";
import { Card } from "~/parts/Page";
import { say } from "~/parts/Toast";
import { valueText } from "~/parts/value_text";
import { WorkButton } from "~/parts/WorkButton";
import { vendorName } from "~/parts/who";
import { DrawnPhone } from "./DrawnPhone";
import { KeyForm } from "./KeyForm";
import { keyText } from "./key_text";
import { isLacking } from "./key_types";
import { deskKeys, isEmpty, layOut, move, put, remove, trimmed, type DrawnKey } from "./keys";
import { likelyModel } from "./likely_model";
import { readExtension } from "./read";
import "./keys.css";

export function KeysEditor({ extension }: { extension: Extension }) {
  const draft = useDraft({ keys: extension.keys });
  const keys = draft.value.keys;
  const setKeys = (next: Key[]) => draft.set({ keys: next });
  const [modelId, setModelId] = useState(() => likelyModel(extension.number));
  const [page, setPage] = useState(0);
  const [chosen, setChosen] = useState<number | null>(null); // among the person's keys
  const [drawn, setDrawn] = useState<DrawnKey[]>([]); // the model's keys as the core lays them out for this person
  const [told, setTold] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const model = models.find(modelId);
  const may = isAdministrator.value;
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
  const pages = useMemo(() => {
    const all = [0];
    for (const p of places) all[p.page] = p.module ?? 0;
    return all;
  }, [places]);
  const shown = Math.max(0, drawn.length - fixed.length);
  const over = (drawn.length ? keys.slice(shown) : [])
    .map((key, i) => ({ key, at: shown + i }))
    .filter(({ key }) => !isEmpty(key));
  const lacking = keys.map((key, at) => ({ key, at })).filter(({ key }) => isLacking(model, key.type));
  const pageOf = (at: number) => places[at + fixed.length]?.page ?? 0;

  const go = (from: number, to: number) => {
    const next = move(keys, from, to);
    if (next === keys) return;
    setKeys(next);
    setChosen(to);
    if (to < shown) setPage(pageOf(to));
    setTold(t("keys.moved", { key: keyText(keys[from]!), place: to + fixed.length + 1 }));
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-key="${to}"]`)?.focus());
  };
  const save = async () => {
    const { number } = extension;
    const saved = await draft.save({
      list: extensions,
      of: (e) => ({ keys: e.keys }),
      read: () => readExtension(number),
      send: (_, headers) => {
        const body = { keys: trimmed(keys) };
        return ask(api.PATCH("/extensions/{number}", { params: { path: { number } }, headers, body }));
      },
    });
    if (saved) say(t("keys.saved"));
  };

  return (
    <Card
      title={t("extensions.keys")}
      class="keys-card"
      actions={
        may &&
        draft.dirty && (
          <>
            <Button
              small
              onClick={() => {
                draft.reset();
                setChosen(null);
              }}
            >
              {t("action.discard")}
            </Button>
            <WorkButton small kind="primary" work={save} disabled={draft.conflicts.length > 0}>
              {t("action.save")}
            </WorkButton>
          </>
        )
      }
    >
      <Conflict
        draft={draft}
        name={() => t("extensions.keys")}
        text={(_, theirs) => valueText(theirs.keys.filter((k) => !isEmpty(k)).map(keyText))}
        about={extension.number}
      />
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
          <DrawnPhone
            extension={extension}
            model={modelId}
            places={places.filter((p) => p.page === page)}
            fixed={fixed}
            keys={keys}
            chosen={chosen}
            may={may}
            isLacking={(key) => !!key && isLacking(model, key.type)}
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
            place={chosen + fixed.length + 1}
            value={keys[chosen] ?? { type: "blf" }}
            own={extension.number}
            model={model}
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
      {over.length > 0 && <NotShown text={t("keys.over")} keys={over} onChoose={may ? setChosen : null} />}
      {lacking.length > 0 && model && (
        <NotShown text={t("keys.lacking", { model: model.model })} keys={lacking} onChoose={may ? setChosen : null} />
      )}
      <p class="unseen" role="status">
        {told}
      </p>
      {may && <p class="hint">{t("keys.help")}</p>}
    </Card>
  );
}

interface NotShownProps {
  text: string;
  keys: { key: Key; at: number }[];
  onChoose: ((at: number) => void) | null; // null: they can't be changed
}

// Keys that the drawn model doesn't show, and why.
function NotShown({ text, keys, onChoose }: NotShownProps) {
  return (
    <Notice tone="warn" icon="warn">
      <p>{text}</p>
      <p class="row">
        {keys.map(({ key, at }) =>
          onChoose ? (
            <Button key={at} small onClick={() => onChoose(at)}>
              {keyText(key)}
            </Button>
          ) : (
            <Badge key={at}>{keyText(key)}</Badge>
          ),
        )}
      </p>
    </Notice>
  );
}
