import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Extension } from "~/api/types";
import { moment, t } from "~/i18n";
import { isAdministrator, isBound, isOperator } from "~/live/session";
import { extensions } from "~/live/store";
import { Button } from "~/parts/Button";
import { Switch } from "~/parts/Choices";
import { Text } from "~/parts/Field";
import { Card, Empty, Facts, Page } from "~/parts/Page";
import { Conflict, useDraft } from "~/parts/draft";
import { Fault } from "~/parts/Notice";
import { say } from "~/parts/Toast";
import { Places, placesOf, Reach } from "~/parts/reach";
import { nameFault } from "~/parts/names";
import { useWork } from "~/parts/work";
import { removeExtension, unlock } from "./actions";
import { setHotDesking } from "./hot_desking";
import { KeysEditor } from "./KeysEditor";
import { Locked, isLocked } from "./Locked";
import { OutsideCard } from "./OutsideCard";
import { PinDialog } from "./PinDialog";
import { readExtension } from "./read";

function NameForm({ extension: { number, name } }: { extension: Extension }) {
  const draft = useDraft({ name });
  const { busy, problem, onSubmit } = useWork();
  const save = async () => {
    const saved = await draft.save({
      list: extensions,
      of: (e) => ({ name: e.name }),
      read: () => readExtension(number),
      send: (body, headers) => ask(api.PATCH("/extensions/{number}", { params: { path: { number } }, headers, body })),
    });
    if (saved) say(t("extensions.saved", { number }));
  };
  return (
    <form class="form" onSubmit={onSubmit(save)}>
      <Fault problem={problem} />
      <Text
        label={t("extensions.name")}
        value={draft.value.name}
        onValue={(v) => draft.set({ name: v })}
        maxLength={64}
        fault={nameFault(draft.value.name)}
      />
      <Conflict draft={draft} name={() => t("extensions.name")} about={number} />
      <div>
        <Button
          kind="primary"
          type="submit"
          busy={busy}
          disabled={!draft.dirty || !!nameFault(draft.value.name) || draft.conflicts.length > 0}
        >
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}

export function ExtensionPage({ number, onBack }: { number: string; onBack: () => void }) {
  const e = extensions.find(number);
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
  const places = placesOf(number);
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
          {isAdministrator.value ? <NameForm extension={e} /> : null}
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
                t("reach.title"),
                <>
                  <Reach number={number} /> <Places of={places} />
                </>,
              ],
              e.locked_until && isLocked(e)
                ? [
                    t("extensions.lock"),
                    <span class="row">
                      <Locked extension={e} />
                      {t("extensions.locked_until", { at: moment(e.locked_until) })}
                      {isOperator.value && !isBound.value && (
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
        <OutsideCard extension={e} />
      </div>
      {pin && <PinDialog extension={e} onClose={() => setPin(false)} />}
    </Page>
  );
}
