import { Problem } from "~/api/problem";
import { t } from "~/i18n";

// A fault that the page has found itself, in the words that are shown.
export class Told extends Error {}

export function headline(problem: unknown): string {
  if (problem instanceof Told) return problem.message;
  if (!(problem instanceof Problem)) return t("problem.unexpected");
  switch (problem.status) {
    case 0:
      return t("problem.unreachable");
    case 401:
      return t("problem.logged_out");
    case 403:
      return t("problem.forbidden");
    case 404:
      return t("problem.gone");
    case 409:
      return t("problem.clash");
    case 412:
      return t("problem.stale");
    case 400:
    case 413:
    case 422:
      return t("problem.refused");
    case 429:
      return t("problem.too_many");
    case 503:
      return t("problem.unavailable");
    default:
      return t("problem.unexpected");
  }
}
export const detailOf = (problem: unknown): string =>
  problem instanceof Told || (problem instanceof Problem && problem.status === 401)
    ? ""
    : problem instanceof Problem
      ? problem.detail
      : String(problem);
