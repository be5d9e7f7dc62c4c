import { useEffect, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { t } from "~/i18n";
import { At } from "~/parts/At";
import { Button } from "~/parts/Button";
import { Dialog } from "~/parts/Dialog";
import { Fault } from "~/parts/Notice";
import { Empty, Loading } from "~/parts/Page";
import { useWork } from "~/parts/work";

const load = (name: string) => ask(api.GET("/trunks/{name}/registration", { params: { path: { name } } }));

// What was sent and heard when the trunk registered last: where the provider says why it doesn't.
export function Registration({ name, onClose }: { name: string; onClose: () => void }) {
  const [said, setSaid] = useState<Awaited<ReturnType<typeof load>> | null>(null);
  const { busy, problem, run } = useWork();
  const read = () => void run(async () => setSaid(await load(name)));
  useEffect(read, [name]);
  return (
    <Dialog
      drawer
      title={t("trunks.registration_title", { name })}
      onClose={onClose}
      footer={
        <>
          <span class="spring" />
          <Button icon="refresh" busy={busy} onClick={read}>
            {t("trunks.read_again")}
          </Button>
        </>
      }
    >
      <Fault problem={problem} />
      {!said && problem == null && <Loading />}
      {said?.length === 0 && (
        <Empty icon="globe" title={t("trunks.no_registration")} text={t("trunks.no_registration_text")} />
      )}
      {said?.map((message, i) => (
        <section key={i} class="stack">
          <h3>
            {t(message.received ? "trunks.received" : "trunks.sent", { peer: message.peer })} <At at={message.at} />
          </h3>
          <pre tabIndex={0}>{message.text}</pre>
        </section>
      ))}
    </Dialog>
  );
}
