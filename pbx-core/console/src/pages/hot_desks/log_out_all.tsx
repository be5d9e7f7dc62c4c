import type { HotDesk } from "~/api/types";
import { t, tn, tx } from "~/i18n";
import { calls } from "~/live/store";
import { confirm } from "~/parts/Confirmation";
import { Notice } from "~/parts/Notice";
import { detailOf, Told } from "~/parts/problems";
import { say } from "~/parts/Toast";
import { Who } from "~/parts/who";
import { endSession } from "./actions";

const named = 8;

// Everybody at these desks, after a question that names them. Where one can't be logged out the others are.
export function logOutAll(desks: HotDesk[], then: () => void = () => {}): void {
  const seated = desks.filter((d) => d.extension);
  if (!seated.length) return;
  const talking = seated.filter((d) => calls.all.value.some((c) => c.from === d.extension || c.to === d.extension));
  confirm({
    title: tn("desks.log_out_many_title", seated.length),
    text: (
      <>
        <ul>
          {seated.slice(0, named).map((d) => (
            <li key={d.mac}>
              {tx("extensions.withdraw_who", { who: <Who strong number={d.extension!} />, desks: d.id })}
            </li>
          ))}
          {seated.length > named && <li>{t("emergency.more", { n: seated.length - named })}</li>}
        </ul>
        {talking.length > 0 && (
          <Notice tone="warn" icon="calls">
            {tn("extensions.withdraw_calls", talking.length)}
          </Notice>
        )}
      </>
    ),
    yes: t("desks.log_out"),
    danger: true,
    then: async () => {
      const failed: string[] = [];
      for (const desk of seated)
        await endSession(desk).catch((problem: unknown) => failed.push(`${desk.id}: ${detailOf(problem)}`));
      if (failed.length) throw new Told(`${t("desks.log_out_failed")} ${failed.slice(0, named).join("; ")}`);
      say(tn("desks.logged_out_many", seated.length));
      then();
    },
  });
}
