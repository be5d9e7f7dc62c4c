import type { ComponentChildren } from "preact";
import type { Phone } from "~/api/types";
import { t } from "~/i18n";
import { fresh } from "~/live/store";
import { modelOf } from "~/pages/phones/parts";
import { Waiting } from "~/parts/Notice";
import { PhoneState, siteName } from "~/parts/who";

const shown = 12;

// Phones as they appear; what can be done with each stands beside it.
export function PhoneList({ phones, action }: { phones: Phone[]; action?: (phone: Phone) => ComponentChildren }) {
  return (
    <div role="status">
      {phones.length === 0 ? (
        <Waiting>{t("setup.no_phones")}</Waiting>
      ) : (
        <ul class="found">
          {phones.slice(0, shown).map((p) => (
            <li key={p.mac} class={fresh.value.has(p.mac) ? "fresh" : ""}>
              <span class="mono">{p.mac}</span>
              <span>{modelOf(p) || t("phones.unknown_model")}</span>
              <span class="muted">{siteName(p.site)}</span>
              <span class="spring" />
              <PhoneState state={p.state} />
              {action?.(p)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
