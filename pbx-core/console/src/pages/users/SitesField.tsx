import { useEffect } from "preact/hooks";
import { t } from "~/i18n";
import { sbcs } from "~/live/store";
import { Check, Radios } from "~/parts/Choices";
import { siteName } from "~/parts/who";

// For which sites a user is: all of the company, or some.
export interface Bounds {
  bound: boolean;
  sites: string[];
}
export const boundsOf = (sites: string[]): Bounds => ({ bound: sites.length > 0, sites });
export const sitesOf = ({ bound, sites }: Bounds): string[] => (bound ? sites : []);
export const isWhole = ({ bound, sites }: Bounds): boolean => !bound || sites.length > 0;

export function SitesField({ value, onValue }: { value: Bounds; onValue: (value: Bounds) => void }) {
  useEffect(() => sbcs.want(), []);
  // One that was deleted meanwhile is still shown, so that it can be taken away.
  const all = [...new Set(["local", ...sbcs.all.value.map((s) => s.name), ...value.sites])];
  const toggle = (site: string, on: boolean) =>
    onValue({ ...value, sites: on ? [...value.sites, site].sort() : value.sites.filter((s) => s !== site) });
  return (
    <>
      <Radios
        label={t("users.for")}
        value={value.bound ? "sites" : "company"}
        onValue={(v) => onValue({ ...value, bound: v === "sites" })}
        choices={[
          { value: "company", label: t("users.company") },
          { value: "sites", label: t("users.some_sites"), detail: t("users.some_sites_hint") },
        ]}
      />
      {value.bound && (
        <fieldset class="site-choice">
          <legend>{t("users.sites")}</legend>
          <div>
            {all.map((site) => (
              <Check
                key={site}
                label={siteName(site)}
                checked={value.sites.includes(site)}
                onChange={(on) => toggle(site, on)}
              />
            ))}
          </div>
        </fieldset>
      )}
    </>
  );
}
