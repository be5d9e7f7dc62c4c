import { useEffect, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { NoticeTested, NoticeWays } from "~/api/types";
import { t } from "~/i18n";
import { Button } from "~/parts/Button";
import { Text } from "~/parts/Field";
import { Fault, Notice } from "~/parts/Notice";
import { Card } from "~/parts/Page";
import { complain } from "~/parts/Toast";
import { useWork } from "~/parts/work";
import { receiverOf } from "./receiver";

// Whether messages about emergency calls arrive: one is sent now, to whom one likes.
export function NoticeTest() {
  const [ways, setWays] = useState<NoticeWays | null>(null);
  const [to, setTo] = useState("");
  const [result, setResult] = useState<NoticeTested | null>(null);
  const { busy, problem, onSubmit } = useWork();
  useEffect(() => {
    ask(api.GET("/notices")).then(setWays, complain);
  }, []);
  const receiver = receiverOf(to);
  const send = async () => {
    setResult(null);
    setResult(await ask(api.POST("/notices/test", { body: receiver! })));
  };
  return (
    <Card title={t("notices.title")}>
      <form class="stack" onSubmit={onSubmit(send)}>
        <p class="muted">
          {ways?.mail
            ? t("notices.by", { server: ways.mail.server, from: ways.mail.from })
            : ways && t("notices.no_mail")}
        </p>
        <Text
          label={t("notices.to")}
          value={to}
          onValue={setTo}
          hint={t("notices.to_hint")}
          fault={to && !receiver ? t("notices.to_fault") : undefined}
        />
        <Fault problem={problem} />
        {result &&
          (result.delivered ? (
            <Notice tone="good">{t("notices.delivered")}</Notice>
          ) : (
            <Notice tone="bad">
              {t("notices.failed")} <span lang="en">{result.reason}</span>
            </Notice>
          ))}
        <div class="row">
          <Button type="submit" busy={busy} disabled={!receiver}>
            {t("notices.send")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
