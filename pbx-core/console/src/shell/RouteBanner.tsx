import { useEffect } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Statistics } from "~/api/types";
import { t, tcode } from "~/i18n";
import { stats } from "~/live/store";
import { Icon } from "~/parts/Icon";
import { siteName } from "~/parts/who";

type Place = Statistics["without_emergency_route"][number];
const shown = 6;

const nameOf = ({ kind, name, why }: Place): string =>
  `${kind === "site" ? t("emergency.site", { name: siteName(name) }) : name} (${tcode("locations.route", why)})`;

// From where nobody can call for help: on every page until it is put right.
export function RouteBanner() {
  useEffect(() => stats.want(), []);
  const now = stats.all.value[0];
  if (!now?.without_emergency_route_total) return null;
  const left = now.without_emergency_route_total - Math.min(shown, now.without_emergency_route.length);
  return (
    <div class="banner bad" role="status">
      <Icon name="warn" />
      <span>
        {t("emergency.without_route", {
          places: now.without_emergency_route.slice(0, shown).map(nameOf).join(", "),
        })}
        {left > 0 && ` ${t("emergency.and_more", { n: left })}`}
      </span>
      <Link href="/locations">{t("nav.locations")}</Link>
    </div>
  );
}
