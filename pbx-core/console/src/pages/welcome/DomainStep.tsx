import { Link } from "wouter-preact";
import { t, tx } from "~/i18n";
import { settings } from "~/live/store";
import { Facts } from "~/parts/Page";

const file = "pbx-core.yaml";

export function DomainStep() {
  const s = settings.all.value[0];
  if (!s) return null;
  return (
    <>
      <p>{t("setup.domain_text")}</p>
      <Facts
        rows={[
          [t("setup.sip_domain"), <code>{s.domain}</code>],
          [t("setup.console"), <code>{window.location.origin}</code>],
          [t("setup.code_login"), <code>{s.codes.hot_desk}</code>],
          [t("setup.code_logout"), <code>{s.codes.logout}</code>],
          [t("setup.emergency"), <code>{s.emergency.numbers.join(", ")}</code>],
        ]}
      />
      <p class="muted">
        {tx("setup.domain_change", {
          settings: <Link href="/settings">{t("nav.settings")}</Link>,
          file: <code>{file}</code>,
        })}
      </p>
    </>
  );
}
