import { Problem } from "~/api/problem";
import { t } from "~/i18n";
import { firstOf } from "./first_of";
import { Told } from "./problems";

const mostTries = 4; // where others change something else of them at the same moment

export interface Row {
  version: string;
}
interface Rows<R, T> {
  key: (row: R) => string;
  name: (row: R) => string; // as it is told: "101 Anna Berg"
  of: (row: R) => T; // its fields that are changed
  read: () => Promise<readonly R[]>; // all, as they are at this moment
  send: (versions: Record<string, string>) => Promise<void>;
}

// A change of several rows at once, as they were `seen`: over these versions. Where somebody has changed some of them
// meanwhile, it is made all the same if that was something else; else none is changed, and it is said which they are.
export async function changeRowsSeen<R extends Row, T>(seen: readonly R[], rows: Rows<R, T>): Promise<void> {
  let versions = Object.fromEntries(seen.map((row) => [rows.key(row), row.version]));
  for (let tries = 1; ; tries++) {
    try {
      return await rows.send(versions);
    } catch (problem) {
      if (!(problem instanceof Problem && problem.status === 412)) throw problem;
      const now = new Map((await rows.read()).map((row) => [rows.key(row), row]));
      const other = seen.filter((row) => {
        const is = now.get(rows.key(row));
        return is && JSON.stringify(rows.of(is)) !== JSON.stringify(rows.of(row));
      });
      if (other.length) throw changedMeanwhile(other.map(rows.name));
      if (tries === mostTries) throw problem;
      versions = Object.fromEntries(Object.keys(versions).map((key) => [key, now.get(key)?.version ?? ""]));
    }
  }
}

export const changedMeanwhile = (who: readonly string[]) => new Told(t("rows.meanwhile", { who: firstOf(who) }));
