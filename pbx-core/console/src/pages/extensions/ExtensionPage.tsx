import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { exact, t } from "~/i18n";
import { isAdministrator, isOperator } from "~/live/session";
import { desksOf, extensions } from "~/live/store";
import { Button } from "~/parts/Button";
import { Switch } from "~/parts/Choices";
import { Text } from "~/parts/Field";
import { Card, Empty, Facts, Page } from "~/parts/Page";
import { attempt } from "~/parts/Toast";
import { deskTitle } from "~/parts/who";
import { removeExtension, unlock } from "./actions";
import { setHotDesking } from "./hot_desking";
import { KeysEditor } from "./KeysEditor";
import { Locked, isLocked } from "./Locked";
import { OutsideCard } from "./OutsideCard";
import { PinDialog } from "./PinDialog";

export function ExtensionPage({ number, onBack }: { number: string; onBack: () => void }) {
  const e = extensions.find(number);
  const [name, setName] = useState(e?.name ?? "");
  const [busy, setBusy] = useState(false);
  const [pin, setPin] = useState(false);
  const back = (
    <Button icon="back" onClick={onBack}>
      {t("nav.extensions")}
    </Button>
  );
  if (!e)
    return (
      <Page title={number} actions={back}>
        <Empty icon="people" title={t("extensions.gone", { number })} />
      </Page>
    );
  const at = desksOf.value.get(number) ?? [];
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    await attempt(
      async () => {
        extensions.put(await ask(api.PATCH("/extensions/{number}", { params: { path: { number } }, body: { name } })));
      },
      t("extensions.saved", { number }),
    );
    setBusy(false);
  };
  return (
    <Page
      title={`${e.number} ${e.name}`}
      actions={
        <>
          {back}
          {isAdministrator.value && (
            <Button icon="key" onClick={() => setPin(true)}>
              {t("extensions.reset_pin")}
            </Button>
          )}
          {isAdministrator.value && (
            <Button icon="trash" onClick={() => removeExtension(e, onBack)}>
              {t("action.delete")}
            </Button>
          )}
        </>
      }
    >
      <div class="split">
        <Card title={t("extensions.person")}>
          {isAdministrator.value ? (
            <form class="form" onSubmit={save}>
              <Text label={t("extensions.name")} value={name} onValue={setName} maxLength={64} />
              <div>
                <Button kind="primary" type="submit" busy={busy} disabled={name === e.name}>
                  {t("action.save")}
                </Button>
              </div>
            </form>
          ) : null}
          <Switch
            label={t("extensions.authorise_label")}
            hint={t("extensions.authorise_hint")}
            on={e.hot_desking}
            disabled={!isAdministrator.value}
            onChange={(on) => void setHotDesking([number], on)}
          />
          <Facts
            rows={[
              [
                t("extensions.logged_in_at"),
                at.length ? at.map(deskTitle).join(", ") : <span class="muted">{t("extensions.nowhere")}</span>,
              ],
              e.locked_until && isLocked(e)
                ? [
                    t("extensions.lock"),
                    <span class="row">
                      <Locked extension={e} />
                      {t("extensions.locked_until", { at: exact(e.locked_until) })}
                      {isOperator.value && (
                        <Button small icon="unlock" onClick={() => void unlock(number)}>
                          {t("extensions.unlock")}
                        </Button>
                      )}
                    </span>,
                  ]
                : null,
            ]}
          />
        </Card>
        <KeysEditor extension={e} />
        <OutsideCard key={JSON.stringify([e.outside_number, e.hide_number, e.may_call])} extension={e} />
      </div>
      {pin && <PinDialog extension={e} onClose={() => setPin(false)} />}
    </Page>
  );
}
