import { Link } from "wouter-preact";
import type { Statistics } from "~/api/types";
import { number, t, type TextKey } from "~/i18n";
import { isBound, isOperator } from "~/live/session";
import { Icon, type IconName } from "~/parts/Icon";

interface Tile {
  name: TextKey;
  icon: IconName;
  to: string | null; // null: the role doesn't see that page
  n: number;
  of?: number;
  short?: boolean; // fewer than there should be
}

export function Tiles({ now }: { now: Statistics["now"] }) {
  const tiles: Tile[] = [
    {
      name: "dashboard.sites",
      icon: "branch",
      to: "/sbcs",
      n: now.sites_up,
      of: now.sites,
      short: now.sites_up < now.sites,
    },
    { name: "dashboard.phones", icon: "phone", to: "/phones", n: now.phones_online, of: now.phones },
    { name: "dashboard.desks", icon: "desk", to: "/hot-desks", n: now.desks_in_use, of: now.desks },
    { name: "dashboard.calls", icon: "calls", to: "/calls", n: now.calls },
    // Not counted by site.
    ...(isBound.value
      ? []
      : [
          {
            name: "dashboard.logins" as const,
            icon: "login" as const,
            to: isOperator.value ? "/log" : null,
            n: now.logins_today,
          },
        ]),
  ];
  return (
    <ul class="tiles">
      {tiles.map((tile) => {
        const content = (
          <>
            <span class="tile-name">
              <Icon name={tile.icon} size={16} />
              {t(tile.name)}
            </span>
            <span class="tile-number">
              <b>{number(tile.n)}</b>
              {tile.of !== undefined && <span> {t("dashboard.of", { n: number(tile.of) })}</span>}
              {tile.short && (
                <span class="tile-short">
                  <Icon name="warn" size={16} />
                  <span class="unseen">{t("dashboard.not_all")}</span>
                </span>
              )}
            </span>
          </>
        );
        return (
          <li key={tile.name}>
            {tile.to ? (
              <Link href={tile.to} class="tile">
                {content}
              </Link>
            ) : (
              <div class="tile">{content}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
