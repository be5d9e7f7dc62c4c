import { signal } from "@preact/signals";
import { t } from "~/i18n";
import { Problem } from "~/api/problem";
import { CoreSays } from "./CoreSays";
import { IconButton } from "./Button";
import { Icon } from "./Icon";
import { detailOf, headline } from "./problems";

interface Toast {
  id: number;
  tone: "good" | "bad";
  text: string;
  detail?: string;
}
const toasts = signal<Toast[]>([]);
let last = 0;

const dismiss = (id: number) => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
};
function show(tone: Toast["tone"], text: string, detail?: string): void {
  const id = ++last;
  toasts.value = [...toasts.value.slice(-3), { id, tone, text, ...(detail ? { detail } : {}) }];
  // A fault stays until it is read.
  if (tone === "good") setTimeout(() => dismiss(id), 5000);
}

export const say = (text: string) => show("good", text);

// That the log-in has ended is said where one logs in.
export function complain(problem: unknown): void {
  if (!(problem instanceof Problem && problem.status === 401)) show("bad", headline(problem), detailOf(problem));
}

// Does it, says so, or says what was wrong. True where it was done.
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work();
    if (done) say(done);
    return true;
  } catch (problem) {
    complain(problem);
    return false;
  }
}

export function Toasts() {
  return (
    <div class="toasts" role="region" aria-label={t("toasts.label")} aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`toast ${toast.tone}`}>
          <Icon name={toast.tone === "good" ? "check" : "warn"} />
          <div>
            <strong>{toast.text}</strong>
            {toast.detail && (
              <p>
                <CoreSays text={toast.detail} />
              </p>
            )}
          </div>
          <IconButton small icon="close" label={t("action.dismiss")} onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
