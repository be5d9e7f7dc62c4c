import { Link } from "wouter-preact";
import { tcode } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { desks, extensions, phones, sbcs } from "~/live/store";
import { Who } from "~/parts/who";

// Whom or what a row speaks of, and the way there where it still is there. A desk's MAC is shown as the desk.
export function Subject({ of: subject, action = "" }: { of: string; action?: string }) {
  if (extensions.find(subject))
    return (
      <Link href={`/extensions/${subject}`}>
        <Who number={subject} />
      </Link>
    );
  const desk =
    desks.find(subject) ?? (subject.startsWith("HD") ? desks.all.value.find((d) => d.id === subject) : undefined);
  if (desk)
    return (
      <Link href={`/hot-desks/${desk.mac}`} title={desk.mac}>
        {desk.id}
      </Link>
    );
  if (phones.find(subject)) return <Link href={`/phones/${subject}`}>{subject}</Link>;
  const kind = action.slice(0, action.indexOf("."));
  if (kind === "sbc" && sbcs.find(subject)) return <Link href={`/sbcs/${subject}`}>{subject}</Link>;
  const list = lists[kind];
  if (list && subject && !action.endsWith(".deleted") && (kind !== "user" || isAdministrator.value))
    return <Link href={list}>{subject}</Link>;
  return <>{subject}</>;
}

// Where the records are of which a change speaks, where none has an address of its own.
const lists: Record<string, string> = {
  trunk: "/trunks",
  outbound_rule: "/outbound-rules",
  inbound_number: "/inbound-numbers",
  location: "/locations",
  upstream_account: "/upstream-accounts",
  user: "/users",
};
const parts = ["clock", "exchange", "trunk", "upstream"];

// "extension:204" is a person, "phone:0015…" a phone, "clock" the clock.
export function Actor({ of: actor }: { of: string }) {
  const [kind, name] = actor.split(":");
  if (name && (kind === "extension" || kind === "phone")) return <Subject of={name} />;
  return <>{parts.includes(actor) ? tcode("log.actor", actor) : actor}</>;
}
