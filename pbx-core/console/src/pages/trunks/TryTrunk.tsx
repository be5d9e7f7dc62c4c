import { useEffect, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { TestCall } from "~/api/types";
import { t, tcode } from "~/i18n";
import { Badge, type Tone } from "~/parts/Badge";
import { Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { Notice } from "~/parts/Notice";
import { Facts } from "~/parts/Page";
import { complain } from "~/parts/Toast";

const tones: Record<TestCall["result"], Tone> = {
  calling: "info",
  rings: "good",
  answered: "good",
  refused: "bad",
  no_answer: "bad",
};

// Calls a number by the trunk and says what came of it; the call ends by itself.
export function TryTrunk({ name, onClose }: { name: string; onClose: () => void }) {
  const [number, setNumber] = useState("");
  const [call, setCall] = useState<TestCall | null>(null);
  const path = { params: { path: { name } } };
  const calling = call?.result === "calling";
  useEffect(() => {
    if (!calling) return;
    const wait = setTimeout(
      () =>
        void ask(api.GET("/trunks/{name}/test-call", path)).then(setCall, (problem: unknown) => {
          setCall(null);
          complain(problem);
        }),
      500,
    );
    return () => clearTimeout(wait);
  }, [call]);
  return (
    <FormDialog
      title={t("trunks.test_title", { name })}
      onClose={onClose}
      submit={t("trunks.test_call")}
      disabled={!number || calling}
      send={async () => {
        setCall(await ask(api.POST("/trunks/{name}/test-call", { ...path, body: { number } })));
        return false;
      }}
    >
      <Notice tone="info" icon="info">
        {t("trunks.test_text")}
      </Notice>
      <Text
        label={t("trunks.test_number")}
        value={number}
        onValue={(v) => setNumber(v.replace(/[\s()/-]/g, ""))}
        inputMode="tel"
        class="mono"
        hint={t("trunks.test_number_hint")}
      />
      {call && (
        <div role="status">
          <Facts
            rows={[
              [
                t("trunks.test_result"),
                <Badge tone={tones[call.result]} dot>
                  {tcode("trunks.test", call.result)}
                </Badge>,
              ],
              call.reason ? [t("trunks.test_words"), `${call.status || ""} ${call.reason}`] : null,
              call.called ? [t("trunks.called"), call.called] : null,
              call.server ? [t("trunks.server_used"), call.server] : null,
            ]}
          />
        </div>
      )}
    </FormDialog>
  );
}
