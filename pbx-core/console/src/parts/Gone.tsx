import { t } from "~/i18n";
import { Notice } from "./Notice";

// An address names something in a list that isn't there (any more).
export function Gone({ path, location, open }: { path: string; location: string; open: unknown }) {
  const name = decodeURIComponent(location.slice(path.length + 1));
  if (!name || open) return null;
  return (
    <div role="alert">
      <Notice tone="warn" icon="search">
        {t("list.gone", { name })}
      </Notice>
    </div>
  );
}
