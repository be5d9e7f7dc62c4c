import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { CallMedia } from "~/api/types";
import { number, t } from "~/i18n";
import { Notice } from "~/parts/Notice";
import { Card, Facts } from "~/parts/Page";
import { useRepeated } from "~/parts/repeated";
import { siteName } from "~/parts/who";
import { lostPart, type Heard } from "./voice_parts";

const every = 2000;

const voiceIn = (codec: string, heard: Heard | null): string =>
  heard
    ? t("calls.voice_heard", {
        codec,
        packets: number(heard.packets),
        lost: number(heard.lost),
        part: t("unit.percent", { n: number(lostPart(heard) * 100, 1) }),
        jitter: t("unit.ms", { n: number(heard.jitter_ms, 1) }),
      })
    : codec;

// How the voice of a call that is up comes in, of both parties. It follows the call.
export function Voice({ id }: { id: string }) {
  const [voice, setVoice] = useState<CallMedia | null>(null);
  useRepeated(
    id,
    () => ask(api.GET("/calls/{id}/media", { params: { path: { id } } })),
    (read) => {
      setVoice(read);
      return every;
    },
    every,
  );
  if (!voice?.parties.length) return null;
  return (
    <Card title={t("calls.voice")}>
      <p class="hint">{t("calls.voice_hint")}</p>
      {voice.media === "site" && <Notice tone="info">{t("calls.voice_at_site")}</Notice>}
      <Facts
        rows={voice.parties.map(({ number: who, site, codec, heard }) => [
          t("calls.voice_from", { who: who || t("none"), site: siteName(site) }),
          <span class="number">{voiceIn(codec ?? t("calls.voice_no_codec"), heard)}</span>,
        ])}
      />
    </Card>
  );
}
