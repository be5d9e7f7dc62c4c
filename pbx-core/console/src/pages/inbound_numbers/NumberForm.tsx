import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { InboundNumber } from "~/api/types";
import { t } from "~/i18n";
import { inboundNumbers } from "~/live/store";
import { Radios } from "~/parts/Choices";
import { Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";

export function NumberForm({ entry, onClose }: { entry?: InboundNumber | undefined; onClose: () => void }) {
  const [first, setFirst] = useState(entry?.first ?? "");
  const [last, setLast] = useState(entry && entry.last !== entry.first ? entry.last : "");
  const [extension, setExtension] = useState(entry?.extension ?? "");
  const [digits, setDigits] = useState(entry?.last_digits || 0);
  const whole = {
    last: last || first,
    extension: digits ? "" : extension,
    last_digits: digits,
  };
  return (
    <FormDialog
      title={entry ? t("inbound.edit_title", { number: entry.first }) : t("inbound.add")}
      onClose={onClose}
      submit={t(entry ? "action.save" : "inbound.add")}
      disabled={!first || (!digits && !extension)}
      send={async () => {
        inboundNumbers.put(
          entry
            ? await ask(api.PATCH("/inbound-numbers/{number}", { params: { path: { number: first } }, body: whole }))
            : await ask(api.POST("/inbound-numbers", { body: { first, ...whole } })),
        );
      }}
    >
      <div class="pair">
        <Text
          label={t("inbound.first")}
          value={first}
          onValue={setFirst}
          disabled={!!entry}
          inputMode="tel"
          placeholder="+4930123450"
          autoFocus={!entry}
        />
        <Text label={t("inbound.last")} value={last} onValue={setLast} hint={t("inbound.last_hint")} inputMode="tel" />
      </div>
      <Radios
        label={t("inbound.leads_to")}
        value={digits ? "digits" : "extension"}
        onValue={(v) => setDigits(v === "digits" ? 3 : 0)}
        choices={[
          { value: "extension", label: t("inbound.by_extension"), detail: t("inbound.by_extension_hint") },
          { value: "digits", label: t("inbound.by_digits"), detail: t("inbound.by_digits_hint") },
        ]}
      />
      {digits ? (
        <Text
          label={t("inbound.digits")}
          type="number"
          min={1}
          max={15}
          value={String(digits)}
          onValue={(v) => setDigits(Number(v) || 1)}
        />
      ) : (
        <Text label={t("inbound.extension")} value={extension} onValue={setExtension} inputMode="numeric" />
      )}
    </FormDialog>
  );
}
