import { useState } from "preact/hooks";
import type { FinishedFile as File, Phone } from "~/api/types";
import { t } from "~/i18n";
import { Select } from "~/parts/Field";
import { WorkButton } from "~/parts/WorkButton";
import { phonesOf } from "./snippets";

const nameOf = (p: Phone): string => {
  const whose = p.assigned_to as { extension?: string; hot_desk?: string } | null;
  return [p.model, whose?.extension ?? whose?.hot_desk, p.mac].filter(Boolean).join(" · ");
};

interface Props {
  of: string;
  phones: Phone[];
  read: (mac: string) => Promise<File>;
}

// What a phone would be given, its lines numbered, those from here marked.
export function FinishedFile({ of, phones, read }: Props) {
  const able = phonesOf(of, phones);
  const [chosen, setChosen] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const mac = able.some((p) => p.mac === chosen) ? chosen : (able[0]?.mac ?? "");
  const own = new Set(file?.own_lines);
  if (able.length === 0) return <p class="hint">{t("snippets.no_phone")}</p>;
  return (
    <section class="stack">
      <div class="beside">
        <Select
          label={t("snippets.phone")}
          value={mac}
          onValue={setChosen}
          choices={able.map((p) => ({ value: p.mac, label: nameOf(p) }))}
        />
        <WorkButton icon="show" work={async () => setFile(await read(mac))}>
          {t("snippets.preview")}
        </WorkButton>
      </div>
      {file && (
        <>
          <h3>{file.name}</h3>
          <pre class="finished" tabIndex={0} aria-label={t("snippets.finished", { name: file.name })}>
            {file.text.split("\n").map((line, i) => (
              <span key={i} class={own.has(i + 1) ? "own" : ""}>
                {line + "\n"}
              </span>
            ))}
          </pre>
        </>
      )}
    </section>
  );
}
