import { Link } from "wouter-preact";
import { t } from "~/i18n";
import { desks, extensions, phones } from "~/live/store";
import { Who } from "~/parts/who";

// Whom or what a row speaks of, and the way there where it still is there. A desk's MAC is shown as the desk.
export function Subject({ of: subject }: { of: string }) {
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
  return <>{subject}</>;
}

// "extension:204" is a person, "phone:0015…" a phone, "clock" the clock.
export function Actor({ of: actor }: { of: string }) {
  const [kind, name] = actor.split(":");
  if (name && (kind === "extension" || kind === "phone")) return <Subject of={name} />;
  return <>{actor === "clock" || actor === "exchange" ? t(`log.actor.${actor}`) : actor}</>;
}
