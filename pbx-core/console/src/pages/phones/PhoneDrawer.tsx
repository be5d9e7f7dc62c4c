import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { api, ask, askVersioned } from "~/api/client";
import type { Phone } from "~/api/types";
import { t, tcode } from "~/i18n";
import { isOperator, isSiteAdministrator } from "~/live/session";
import { phones } from "~/live/store";
import { Button } from "~/parts/Button";
import { Dialog } from "~/parts/Dialog";
import { HelpComesTo, LocationSelect } from "~/parts/Emergency";
import { Notice } from "~/parts/Notice";
import { changeSeen } from "~/parts/one_change";
import { Facts } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { attempt } from "~/parts/Toast";
import { PhoneState, Site, siteName } from "~/parts/who";
import { srtpWord, WordDialog } from "~/parts/WordSelect";
import { actionsOf } from "./actions";
import { AssignButton } from "./AssignButton";
import { AssignedTo, Firmware, modelOf } from "./parts";

const readPhone = (mac: string) => askVersioned(api.GET("/phones/{mac}", { params: { path: { mac } } }));

// Shown when somebody asks for it, and gone with the drawer.
function WebPassword({ mac }: { mac: string }) {
  const [shown, setShown] = useState<{ user: string; password: string } | null>(null);
  if (shown)
    return (
      <span class="mono">
        {shown.user} / {shown.password}
      </span>
    );
  const show = () =>
    attempt(async () => setShown(await ask(api.GET("/phones/{mac}/web-password", { params: { path: { mac } } }))));
  return (
    <Button small kind="quiet" onClick={() => void show()}>
      {t("phones.web_password_show")}
    </Button>
  );
}

// Of a person's own phone. A hot desk's is chosen with the desk.
function Location({ phone }: { phone: Phone }) {
  const give = (name: string) =>
    attempt(() =>
      changeSeen(
        { name: phone.emergency_location ?? "" },
        { name },
        {
          list: phones,
          of: (p) => ({ name: p.emergency_location ?? "" }),
          read: () => readPhone(phone.mac),
          send: (_, headers) => {
            const body = { emergency_location: name || null };
            return ask(api.PATCH("/phones/{mac}", { params: { path: { mac: phone.mac } }, headers, body }));
          },
        },
      ),
    );
  return (
    <LocationSelect
      value={phone.emergency_location ?? ""}
      onValue={(name) => void give(name)}
      none={t("locations.as_site")}
    />
  );
}

function PhoneSrtp({ phone }: { phone: Phone }) {
  const [asking, setAsking] = useState(false);
  const word = phone.srtp ? srtpWord(phone.srtp) : t("srtp.of_site");
  if (!isSiteAdministrator.value) return <>{word}</>;
  return (
    <>
      <Button small kind="quiet" onClick={() => setAsking(true)}>
        {word}
      </Button>
      {asking && (
        <WordDialog
          of="srtp"
          title={t("srtp.phone_title", { mac: phone.mac })}
          none={t("srtp.of_site")}
          about={phone.mac}
          record={phone}
          wordOf={(p) => p.srtp}
          kept={{
            list: phones,
            read: () => readPhone(phone.mac),
            send: (srtp, headers) =>
              ask(api.PATCH("/phones/{mac}", { params: { path: { mac: phone.mac } }, headers, body: { srtp } })),
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

export function PhoneDrawer({
  phone,
  onClose,
  onAssign,
  onDefine,
}: {
  phone: Phone;
  onClose: () => void;
  onAssign: () => void;
  onDefine: (() => void) | null;
}) {
  const actions = actionsOf(phone, onAssign);
  const to = phone.assigned_to;
  return (
    <Dialog
      drawer
      title={modelOf(phone) || phone.mac}
      onClose={onClose}
      footer={
        isOperator.value && (
          <>
            <AssignButton phone={phone} onAsk={onAssign} onDefine={onDefine} />
            <span class="spring" />
            <RowMenu of={phone.mac} actions={actions} />
          </>
        )
      }
    >
      {phone.state === "needs_restart" && (
        <Notice tone="warn" icon="bolt">
          {t("phone.state_hint.needs_restart")}
        </Notice>
      )}
      {phone.conflict && (
        <Notice tone="warn" icon="warn">
          {t("phones.conflict_text")}
        </Notice>
      )}
      {!phone.firmware_ok && (
        <Notice tone="warn" icon="warn">
          {t("phones.firmware_old")}
        </Notice>
      )}
      <Facts
        rows={[
          [
            t("phones.state"),
            <>
              <PhoneState state={phone.state} /> <p class="hint">{tcode("phone.state_hint", phone.state)}</p>
            </>,
          ],
          [
            t("phones.assigned_to"),
            to ? (
              <Link href={"hot_desk" in to ? `/hot-desks/${phone.mac}` : `/extensions/${to.extension}`}>
                <AssignedTo phone={phone} />
              </Link>
            ) : (
              <AssignedTo phone={phone} />
            ),
          ],
          [t("phones.mac"), <span class="mono">{phone.mac}</span>],
          [t("phones.model"), modelOf(phone) || t("phones.unknown_model")],
          [t("phones.firmware"), <Firmware phone={phone} />],
          [t("phones.site"), <Site of={phone.site} />],
          phone.assigned_to ? [t("locations.help"), <HelpComesTo given={phone.emergency} />] : null,
          [
            t("phones.address"),
            <>
              <span class="number">{phone.address || t("none")}</span>{" "}
              {phone.ip && (
                <a
                  href={`http://${phone.ip}/`}
                  target="_blank"
                  rel="noreferrer noopener"
                  title={t("phones.web_page_hint")}
                >
                  {t("phones.web_page")}
                </a>
              )}
            </>,
          ],
          isOperator.value
            ? [t("sbcs.history"), <Link href={`/log?about=${phone.mac}`}>{t("sbcs.history_link")}</Link>]
            : null,
          phone.conflict
            ? [t("phones.announced_by"), phone.announced_by.map((a) => `${a.address} (${siteName(a.site)})`).join(", ")]
            : null,
          phone.assigned_to && "extension" in phone.assigned_to ? [t("srtp.label"), <PhoneSrtp phone={phone} />] : null,
          phone.https ? [t("https.label"), tcode("https.state", phone.https)] : null,
          isSiteAdministrator.value && phone.assigned_to
            ? [t("phones.web_password"), <WebPassword mac={phone.mac} />]
            : null,
        ]}
      />
      {isSiteAdministrator.value && phone.assigned_to && "extension" in phone.assigned_to && <Location phone={phone} />}
    </Dialog>
  );
}
