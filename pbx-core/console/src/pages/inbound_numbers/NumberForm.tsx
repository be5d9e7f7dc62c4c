import { api, ask, askVersioned } from "~/api/client";
import type { InboundNumber } from "~/api/types";
import { t } from "~/i18n";
import { inboundNumbers } from "~/live/store";
import { Radios } from "~/parts/Choices";
import { Conflict, useDraft } from "~/parts/draft";
import { Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";

const draftOf = (entry?: InboundNumber) => ({
  first: entry?.first ?? "",
  last: entry && entry.last !== entry.first ? entry.last : "",
  extension: entry?.extension ?? "",
  digits: entry?.last_digits || 0,
});

export function NumberForm({ entry, onClose }: { entry?: InboundNumber | undefined; onClose: () => void }) {
  const edited = useDraft(draftOf(entry && (inboundNumbers.find(entry.first) ?? entry)), false);
  const { first, last, extension, digits } = edited.value;
  const whole = { last: last || first, extension: digits ? "" : extension, last_digits: digits };
  return (
    <FormDialog
      title={entry ? t("inbound.edit_title", { number: entry.first }) : t("inbound.add")}
      onClose={onClose}
      submit={t(entry ? "action.save" : "inbound.add")}
      disabled={!first || (!digits && !extension) || edited.conflicts.length > 0}
      send={async () => {
        if (!entry) return inboundNumbers.put(await ask(api.POST("/inbound-numbers", { body: { first, ...whole } })));
        const path = { params: { path: { number: entry.first } } };
        const saved = await edited.save({
          list: inboundNumbers,
          of: draftOf,
          read: () => askVersioned(api.GET("/inbound-numbers/{number}", path)),
          send: (_, headers) => ask(api.PATCH("/inbound-numbers/{number}", { ...path, headers, body: whole })),
        });
        return saved && undefined;
      }}
    >
      <div class="pair">
        <Text
          label={t("inbound.first")}
          value={first}
          onValue={(first) => edited.set({ first })}
          disabled={!!entry}
          inputMode="tel"
          placeholder="+4930123450"
          autoFocus={!entry}
        />
        <Text
          label={t("inbound.last")}
          value={last}
          onValue={(last) => edited.set({ last })}
          hint={t("inbound.last_hint")}
          inputMode="tel"
        />
      </div>
      <Radios
        label={t("inbound.leads_to")}
        value={digits ? "digits" : "extension"}
        onValue={(v) => edited.set({ digits: v === "digits" ? 3 : 0 })}
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
          onValue={(v) => edited.set({ digits: Number(v) || 1 })}
        />
      ) : (
        <Text
          label={t("inbound.extension")}
          value={extension}
          onValue={(extension) => edited.set({ extension })}
          inputMode="numeric"
        />
      )}
      <Conflict draft={edited} name={(key) => t(`inbound.${key}`)} about={first} />
    </FormDialog>
  );
}
