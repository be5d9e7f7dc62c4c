import { useRef, useState } from "preact/hooks";
import { api, ask, askVersioned } from "~/api/client";
import { Problem } from "~/api/problem";
import type { Snippet } from "~/api/types";
import { t } from "~/i18n";
import { models, phones, snippets } from "~/live/store";
import { Conflict, useDraft } from "~/parts/draft";
import { Select } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { FinishedFile } from "./FinishedFile";
import { example, places, rangeOf, vendorOf } from "./snippets";
import { useOwnId } from "~/parts/id";

const draftOf = (s?: Snippet) => ({ model: s?.model ?? "", text: s?.text ?? "" });

export function SnippetForm({ snippet, onClose }: { snippet?: Snippet | undefined; onClose: () => void }) {
  const edited = useDraft(draftOf(snippet && (snippets.find(snippet.model) ?? snippet)), false);
  const { model, text } = edited.value;
  const id = useOwnId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [line, setLine] = useState(0);
  // The line that the core refuses is the one that is marked.
  const marking = async <T,>(work: () => Promise<T>): Promise<T> => {
    try {
      setLine(0);
      return await work();
    } catch (problem) {
      const at = problem instanceof Problem ? problem.body.line : 0;
      if (typeof at === "number" && at > 0) {
        setLine(at);
        area.current?.focus();
        area.current?.setSelectionRange(...rangeOf(text, at));
      }
      throw problem;
    }
  };
  const free = places(models.all.value, snippets.all.value);
  return (
    <FormDialog
      drawer
      wide
      title={snippet ? t("snippets.title", { model: snippet.model }) : t("snippets.add")}
      onClose={onClose}
      submit={t(snippet ? "action.save" : "snippets.add")}
      disabled={!model || !text.trim() || edited.conflicts.length > 0}
      send={() =>
        marking(async () => {
          if (!snippet) return snippets.put(await ask(api.POST("/snippets", { body: { model, text } })));
          const path = { params: { path: { model: snippet.model } } };
          const saved = await edited.save({
            list: snippets,
            of: draftOf,
            read: () => askVersioned(api.GET("/snippets/{model}", path)),
            send: (_, headers) => ask(api.PATCH("/snippets/{model}", { ...path, headers, body: { text } })),
          });
          return saved && undefined;
        })
      }
    >
      <p class="hint">{t("snippets.intro")}</p>
      {!snippet && (
        <Select
          label={t("snippets.for")}
          value={model}
          onValue={(value) => edited.set({ model: value })}
          choices={[
            { value: "", label: t("snippets.choose") },
            ...free.map((value) => ({
              value,
              label: value.includes(":") ? value : t("snippets.all_models", { vendor: value }),
            })),
          ]}
        />
      )}
      <div class={`field ${line ? "faulty" : ""}`}>
        <label for={id}>{t("snippets.lines")}</label>
        <textarea
          id={id}
          ref={area}
          class="input mono lines"
          rows={10}
          spellcheck={false}
          autoCapitalize="none"
          wrap="off"
          maxLength={16384}
          placeholder={example[vendorOf(model)]}
          value={text}
          onInput={(e) => {
            setLine(0);
            edited.set({ text: e.currentTarget.value });
          }}
          aria-invalid={line ? "true" : undefined}
          aria-describedby={`${id}-hint`}
        />
        <p class={line ? "fault" : "hint"} id={`${id}-hint`}>
          {line ? t("snippets.faulty_line", { line: String(line) }) : t("snippets.lines_hint")}
        </p>
      </div>
      <Conflict
        draft={edited}
        name={(key) => t(key === "model" ? "snippets.for" : "snippets.lines")}
        about={snippet?.model ?? model}
      />
      {model && (
        <FinishedFile
          of={model}
          phones={phones.all.value}
          read={(mac) =>
            marking(() =>
              ask(api.POST("/phones/{mac}/configuration", { params: { path: { mac } }, body: { model, text } })),
            )
          }
        />
      )}
    </FormDialog>
  );
}
