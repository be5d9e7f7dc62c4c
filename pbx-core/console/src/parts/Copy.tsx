import { useState } from "preact/hooks";
import { t } from "~/i18n";
import { IconButton } from "./Button";
import { Told } from "./problems";
import { complain } from "./Toast";

async function toClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  throw new Told(t("copy.refused"));
}

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const [done, setDone] = useState(false);
  return (
    <IconButton
      small
      icon={done ? "check" : "copy"}
      label={done ? t("copy.done") : (label ?? t("copy.copy"))}
      onClick={(e) => {
        e.stopPropagation();
        toClipboard(text).then(() => {
          setDone(true);
          setTimeout(() => setDone(false), 1500);
        }, complain);
      }}
    />
  );
}

// Lines to paste, or a secret shown this once.
export function CopyBlock({ text, label, big }: { text: string; label?: string; big?: boolean }) {
  return (
    <div class={`copy-block ${big ? "big" : ""}`}>
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <CopyButton text={text} />
    </div>
  );
}
