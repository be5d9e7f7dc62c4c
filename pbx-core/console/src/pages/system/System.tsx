import { moment, t } from "~/i18n";
import { system } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Card, Facts, Loaded, Page } from "~/parts/Page";
import { daysLeft, documents, toneOf } from "./certificate";

// What runs here, to be read; it is changed in the configuration file.
export default function System() {
  return (
    <Page title={t("nav.system")} narrow>
      <Loaded of={[system]}>{() => <Content />}</Loaded>
    </Page>
  );
}

const names = ["sip_udp", "sip_tcp", "sip_tls", "http", "https", "ntp", "metrics"] as const;

function Content() {
  const s = system.all.value[0]!;
  const certificate = s.certificate;
  const left = certificate ? daysLeft(certificate.until, Date.now()) : 0;
  return (
    <>
      <Card title={t("system.program")}>
        <Facts
          rows={[
            [t("system.version"), s.version],
            [t("system.domain"), s.domain],
            [t("system.time_zone"), s.time_zone],
            [t("system.state_dir"), <code>{s.state_dir}</code>],
            [t("system.mail"), s.mail ?? t("system.off")],
          ]}
        />
        <p class="hint">{t("system.where")}</p>
      </Card>
      <Card title={t("system.listeners")}>
        <Facts
          rows={[
            ...names.map((name): [string, string] => [t(`system.${name}`), s.listeners[name] ?? t("system.off")]),
            [t("system.tunnel"), s.listeners.tunnel.join(", ")],
            [t("system.rtp"), s.rtp],
          ]}
        />
      </Card>
      <Card title={t("system.certificate")}>
        {certificate ? (
          <Facts
            rows={[
              [
                t("system.until"),
                <>
                  {moment(certificate.until)} <Badge tone={toneOf(left)}>{t("system.days_left", { n: left })}</Badge>
                </>,
              ],
              [t("system.made_by"), t(certificate.own ? "system.own" : "system.by_core")],
              [t("system.names"), certificate.names.join(", ")],
              [t("system.fingerprint"), <code class="wrap">{certificate.fingerprint}</code>],
            ]}
          />
        ) : (
          <p>{t("system.no_certificate")}</p>
        )}
      </Card>
      <Card title={t("system.documents")}>
        <ul>
          {documents.map(({ path, key }) => (
            <li key={path}>
              {t(key)}: <code>{path}</code>
            </li>
          ))}
          <li>
            <a href="/api/v1/openapi.json">{t("system.api")}</a>
          </li>
        </ul>
      </Card>
    </>
  );
}
