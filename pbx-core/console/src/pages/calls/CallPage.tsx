import { useEffect, useRef, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { Problem } from "~/api/problem";
import type { Ladder as Messages } from "~/api/types";
import { t, tn } from "~/i18n";
import { on } from "~/live/events";
import { isOperator } from "~/live/session";
import { calls, extensions } from "~/live/store";
import { Button } from "~/parts/Button";
import { fetchFile } from "~/parts/csv";
import { Fault, Notice } from "~/parts/Notice";
import { Card, Empty, Facts, Loaded, Loading, Page } from "~/parts/Page";
import { Since } from "~/parts/Since";
import { WorkButton } from "~/parts/WorkButton";
import { Who } from "~/parts/who";
import { CallState } from "./CallState";
import { hangUp } from "./hang_up";
import { Ladder } from "./Ladder";
import { Voice } from "./Voice";

// One call: who with whom, and what was sent. It follows the call for as long as it is up, and stays when it has ended.
export function CallPage({ id, onBack }: { id: string; onBack: () => void }) {
  const call = calls.find(id);
  const lastSeen = useRef(call);
  if (call) lastSeen.current = call;
  const known = call ?? lastSeen.current;
  const [ladder, setLadder] = useState<Messages | null>(null);
  const [problem, setProblem] = useState<unknown>(null);

  useEffect(() => {
    let wait: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const load = () =>
      ask(api.GET("/calls/{id}/ladder", { params: { path: { id } } })).then(
        (read) => {
          if (over) return;
          setLadder(read);
          setProblem(null);
        },
        (fault) => !over && setProblem(fault),
      );
    // What belongs to one step (an answer, its ACK) comes within a moment: read once for all of it.
    const again = (data: Record<string, unknown>) => {
      if (data.id !== id) return;
      clearTimeout(wait);
      wait = setTimeout(load, 400);
    };
    void load();
    const ends = ["call.started", "call.changed", "call.ended"].map((event) => on(event, again));
    return () => {
      over = true;
      clearTimeout(wait);
      ends.forEach((end) => end());
    };
  }, [id]);

  const pcap = () =>
    fetchFile(`/calls/${encodeURIComponent(id)}/pcap`, `call-${id.replace(/[^\w-]/g, "_").slice(0, 40)}.pcap`);
  const gone = problem instanceof Problem && problem.status === 404;
  return (
    <Page
      title={known ? t("calls.title", { from: known.from, to: known.to }) : t("calls.one")}
      actions={
        <>
          <Button icon="back" onClick={onBack}>
            {t("nav.calls")}
          </Button>
          {call && isOperator.value && (
            <Button icon="calls" kind="danger" onClick={() => hangUp(call)}>
              {t("calls.hang_up")}
            </Button>
          )}
          <WorkButton icon="download" disabled={!ladder?.messages.length} work={pcap}>
            {t("calls.pcap")}
          </WorkButton>
        </>
      }
    >
      <Loaded of={[calls, extensions]}>
        {() => (
          <>
            {known && (
              <Card>
                <Facts
                  rows={[
                    [t("calls.from"), <Who number={known.from} />],
                    [t("calls.to"), <Who number={known.to} />],
                    [t("calls.state"), <CallState state={call ? call.state : "ended"} />],
                    call ? [t("calls.since"), <Since at={call.since} />] : null,
                    [t("calls.media"), t(`calls.media.${known.media}`)],
                  ]}
                />
              </Card>
            )}
            {call && <Voice id={id} />}
            {!gone && <Fault problem={problem} />}
            {gone && !ladder && <Empty icon="calls" title={t("calls.not_kept")} text={t("calls.not_kept_text")} />}
            {!ladder && problem == null && <Loading />}
            {ladder && (
              <Card title={t("calls.messages")}>
                <p class="hint">{t("calls.redacted")}</p>
                {ladder.dropped > 0 && <Notice tone="info">{tn("calls.dropped", ladder.dropped)}</Notice>}
                {ladder.messages.length ? <Ladder ladder={ladder} /> : <p class="muted">{t("calls.no_messages")}</p>}
              </Card>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
