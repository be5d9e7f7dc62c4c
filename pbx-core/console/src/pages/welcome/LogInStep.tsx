import { t, tx } from "~/i18n";
import { desks, extensions, settings } from "~/live/store";
import { Notice, Waiting } from "~/parts/Notice";
import { Since } from "~/parts/Since";
import { DeskState, Who, deskTitle } from "~/parts/who";

// Nothing to press here: somebody dials at the desk, and the page shows it as it happens.
export function LogInStep() {
  const code = settings.all.value[0]?.codes.hot_desk ?? "";
  const person = extensions.all.value.find((e) => e.hot_desking);
  const used = desks.all.value.filter((d) => d.extension);
  return (
    <>
      <p>{t("setup.login_text")}</p>
      <p class="dial">
        <kbd>{`${code}${person?.number ?? "101"}*`}</kbd>
      </p>
      <p class="muted">{tx("setup.login_how", { number: <b>{person?.number ?? "101"}</b> })}</p>
      <div role="status" class="stack">
        {used.length ? (
          used.slice(0, 6).map((d) => (
            <Notice key={d.mac} tone="good" icon="check">
              <p>
                {tx("setup.logged_in", {
                  who: <Who strong number={d.extension!} />,
                  desk: <strong>{deskTitle(d)}</strong>,
                  since: d.since ? <Since at={d.since} /> : null,
                })}
              </p>
            </Notice>
          ))
        ) : (
          <Waiting>{t("setup.waiting")}</Waiting>
        )}
      </div>
      {desks.all.value.length > 0 && (
        <ul class="found">
          {desks.all.value.slice(0, 8).map((d) => (
            <li key={d.mac}>
              <b>{deskTitle(d)}</b>
              <span class="spring" />
              <DeskState desk={d} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
