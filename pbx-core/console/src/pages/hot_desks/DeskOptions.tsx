import { useState } from "preact/hooks";
import type { Options } from "~/api/types";
import { language, t } from "~/i18n";
import { Check } from "~/parts/Choices";
import { Select, Text } from "~/parts/Field";
import { TimeZone } from "~/parts/TimeZone";
import { WordSelect } from "~/parts/WordSelect";

const phoneLanguages = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "tr", "sv", "da", "cs"];
const codecs = ["PCMA", "PCMU", "G722", "G729", "opus", "iLBC"] as const;

// What may be set for a desk; null stands for the model's default.
export function DeskOptions({ options, onOptions }: { options: Options; onOptions: (next: Options) => void }) {
  const [more, setMore] = useState(false);
  const set = <K extends keyof Options>(name: K, value: Options[K]) => onOptions({ ...options, [name]: value });
  const text = (name: "name" | "location" | "ring_tone" | "backlight" | "time_zone" | "language") => ({
    value: options[name] ?? "",
    onValue: (v: string) => set(name, v || null),
  });
  const names = new Intl.DisplayNames(language.value, { type: "language" });
  return (
    <>
      <div class="pair">
        <Text label={t("desks.name")} {...text("name")} hint={t("desks.name_hint")} maxLength={64} />
        <Text label={t("desks.location")} {...text("location")} maxLength={64} />
      </div>
      <details open={more} onToggle={(e) => setMore(e.currentTarget.open)}>
        <summary>{t("desks.more_options")}</summary>
        <div class="form">
          <div class="pair">
            <Select
              label={t("desks.language")}
              {...text("language")}
              choices={[
                { value: "", label: t("desks.default") },
                ...phoneLanguages.map((l) => ({ value: l, label: names.of(l) ?? l })),
              ]}
            />
            <TimeZone label={t("desks.time_zone")} {...text("time_zone")} optional />
            <Select
              label={t("desks.transport")}
              value={options.transport ?? ""}
              onValue={(v) => set("transport", (v || null) as Options["transport"])}
              choices={[
                { value: "", label: t("desks.default") },
                ...["udp", "tcp", "tls"].map((v) => ({ value: v, label: v.toUpperCase() })),
              ]}
            />
            <WordSelect
              of="srtp"
              value={options.srtp ?? null}
              onValue={(v) => set("srtp", v)}
              none={t("srtp.of_site")}
              hint={t("srtp.hint")}
            />
            <Text label={t("desks.ring_tone")} {...text("ring_tone")} />
            <Text label={t("desks.backlight")} {...text("backlight")} />
          </div>
          <fieldset class="checks">
            <legend>{t("desks.codecs")}</legend>
            <div class="row">
              {codecs.map((c) => (
                <Check
                  key={c}
                  label={c}
                  checked={options.codecs?.includes(c) ?? false}
                  onChange={(on) =>
                    set("codecs", on ? [...(options.codecs ?? []), c] : (options.codecs ?? []).filter((x) => x !== c))
                  }
                />
              ))}
            </div>
            <p class="hint">{t("desks.codecs_hint")}</p>
          </fieldset>
        </div>
      </details>
    </>
  );
}
