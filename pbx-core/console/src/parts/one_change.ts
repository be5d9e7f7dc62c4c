import { Problem } from "~/api/problem";
import { t } from "~/i18n";
import type { Kept } from "./draft";
import { Told } from "./problems";

const mostTries = 4; // where others change something else of it at the same moment

// A change that is made with one press, of fields as they were `seen`: over the version that is read now, and only where
// nobody has changed the same meanwhile. That is said else, and shown as it is.
export async function changeSeen<R, T extends object>(seen: T, to: Partial<T>, kept: Kept<R, T>): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { record, version } = await kept.read();
    kept.list.put(record);
    const now = kept.of(record);
    const keys = Object.keys(to) as (keyof T)[];
    if (keys.some((key) => JSON.stringify(now[key]) !== JSON.stringify(seen[key])))
      throw new Told(t("draft.meanwhile"));
    try {
      return kept.list.put(await kept.send(to, { "If-Match": version }));
    } catch (problem) {
      if (!(problem instanceof Problem && problem.status === 412 && tries < mostTries)) throw problem;
    }
  }
}
