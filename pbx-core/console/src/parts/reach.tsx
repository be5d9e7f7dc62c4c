import { computed } from "@preact/signals";
import { Link } from "wouter-preact";
import type { Phone } from "~/api/types";
import { t } from "~/i18n";
import { calls, desksOf, phones } from "~/live/store";
import { Badge } from "./Badge";
import { deskTitle, vendorName } from "./who";

// Each person's own phones.
export const phonesOf = computed(() => {
  const map = new Map<string, Phone[]>();
  for (const phone of phones.all.value)
    if (phone.assigned_to && "extension" in phone.assigned_to) {
      const { extension } = phone.assigned_to;
      map.set(extension, [...(map.get(extension) ?? []), phone]);
    }
  return map;
});
const busy = computed(() => new Set(calls.all.value.flatMap((c) => (c.state === "ringing" ? [] : [c.from, c.to]))));

export interface Place {
  name: string;
  detail: string;
  to: string; // its page
  there: boolean; // it rings when somebody calls
}

// Where the person's phone rings: at desks, and at phones of their own.
export const placesOf = (number: string): Place[] => [
  ...(desksOf.value.get(number) ?? []).map((d) => ({
    name: d.id,
    detail: deskTitle(d),
    to: `/hot-desks/${d.mac}`,
    there: d.registered,
  })),
  ...(phonesOf.value.get(number) ?? []).map((p) => ({
    name: [vendorName(p.vendor), p.model].filter(Boolean).join(" ") || p.mac,
    detail: p.mac,
    to: `/phones/${p.mac}`,
    there: p.state === "online",
  })),
];

export const reachRank = (number: string): number =>
  busy.value.has(number) ? 3 : placesOf(number).some((p) => p.there) ? 2 : placesOf(number).length ? 1 : 0;

// Talking, reachable or not, as one word.
export function Reach({ number }: { number: string }) {
  const places = placesOf(number);
  if (busy.value.has(number))
    return (
      <Badge tone="info" dot>
        {t("reach.busy")}
      </Badge>
    );
  if (places.some((p) => p.there))
    return (
      <Badge tone="good" dot>
        {t("reach.there")}
      </Badge>
    );
  if (places.length)
    return (
      <Badge tone="bad" dot>
        {t("reach.away")}
      </Badge>
    );
  return <span class="muted">{t("extensions.nowhere")}</span>;
}

// Links to them.
export const Places = ({ of }: { of: Place[] }) => (
  <>
    {of.map((p, i) => (
      <span key={p.to} title={p.detail}>
        {i > 0 && ", "}
        <Link href={p.to}>{p.name}</Link>
        {!p.there && <span class="muted"> ({t("reach.away")})</span>}
      </span>
    ))}
  </>
);
