import type { ComponentChildren } from "preact";
import { t, tn } from "~/i18n";
import { Button } from "~/parts/Button";
import { CopyButton } from "~/parts/Copy";
import { download, stamp, toCsv } from "~/parts/csv";
import { Dialog } from "~/parts/Dialog";
import { useStake } from "~/parts/leaving";
import { Notice } from "~/parts/Notice";
import "./pins.css";

export interface NewPin {
  number: string;
  name: string;
  voicemail_pin: string;
}

// The PINs of several people, shown this once: as a list, a file, or on paper.
export function PinsDialog({
  pins,
  onClose,
  children,
}: {
  pins: NewPin[];
  onClose: () => void;
  children?: ComponentChildren;
}) {
  const closing = useStake("secret", true);
  const rows = pins.map((p) => [p.number, p.name, p.voicemail_pin]);
  const save = () =>
    download(
      `roamdesk-pins-${stamp()}.csv`,
      toCsv([["number", "name", "voicemail_pin"], ...rows]),
      "text/csv;charset=utf-8",
    );
  return (
    <Dialog
      locked
      title={tn("pins.title", pins.length)}
      onClose={onClose}
      footer={
        <>
          <Button icon="download" onClick={save}>
            {t("action.save_csv")}
          </Button>
          <Button icon="print" onClick={() => window.print()}>
            {t("action.print")}
          </Button>
          <span class="spring" />
          <Button kind="primary" onClick={() => void closing(async () => onClose())}>
            {t("pins.noted")}
          </Button>
        </>
      }
    >
      <div class="unprinted stack">
        {children}
        <Notice tone="warn" icon="key">
          {t("pins.once")}
        </Notice>
      </div>
      <div class="pin-sheet" role="region" tabIndex={0} aria-label={t("extensions.pin")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("extensions.number")}</th>
              <th scope="col">{t("extensions.name")}</th>
              <th scope="col">{t("extensions.pin")}</th>
              <th class="unprinted">
                <CopyButton text={rows.map((r) => r.filter(Boolean).join("\t")).join("\n")} />
              </th>
            </tr>
          </thead>
          <tbody>
            {pins.map((p) => (
              <tr key={p.number}>
                <td class="number">{p.number}</td>
                <td>{p.name}</td>
                <td class="mono" colSpan={2}>
                  {p.voicemail_pin}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
