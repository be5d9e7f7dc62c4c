import { Link } from "wouter-preact";
import type { HotDesk } from "~/api/types";
import { t, tx } from "~/i18n";
import { isOperator } from "~/live/session";
import { extensions, models, phones, settings } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { CoreSays } from "~/parts/CoreSays";
import { CopyButton } from "~/parts/Copy";
import { Dialog } from "~/parts/Dialog";
import { HelpComesTo } from "~/parts/Emergency";
import { Notice } from "~/parts/Notice";
import { Facts } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { Since } from "~/parts/Since";
import { DeskState, PhoneState, Site, Who, deskTitle, siteOf, vendorName } from "~/parts/who";
import { srtpWord } from "~/parts/WordSelect";
import { actionsOf, logOutOf, type Asked } from "./actions";

export function DeskDrawer({
  desk,
  onClose,
  onAsk,
}: {
  desk: HotDesk;
  onClose: () => void;
  onAsk: (asked: Asked) => void;
}) {
  const codes = settings.all.value[0]?.codes;
  const phone = phones.find(desk.mac);
  const model = models.find(`${desk.vendor}/${desk.model}`);
  const o = desk.options ?? {};
  const example = desk.extension ?? extensions.all.value.find((e) => e.hot_desking)?.number ?? "101";
  return (
    <Dialog
      drawer
      title={deskTitle(desk)}
      onClose={onClose}
      aside={<DeskState desk={desk} />}
      footer={
        isOperator.value && (
          <>
            {desk.extension ? (
              <Button kind="primary" icon="logout" onClick={() => logOutOf(desk)}>
                {t("desks.log_out")}
              </Button>
            ) : (
              <Button
                kind={phone?.assigned_to ? "primary" : "plain"}
                icon="login"
                onClick={() => onAsk({ what: "login", desk })}
              >
                {t("desks.log_in")}
              </Button>
            )}
            {desk.extension && (
              <Button icon="move" onClick={() => onAsk({ what: "move", desk })}>
                {t("desks.move")}
              </Button>
            )}
            <span class="spring" />
            <RowMenu of={desk.id} actions={actionsOf(desk, onAsk)} />
          </>
        )
      }
    >
      {!phone?.assigned_to && (
        <Notice tone="info" icon="phone">
          {t(phone ? "desks.phone_unassigned" : "desks.phone_unseen")}
        </Notice>
      )}
      {desk.registered && !desk.settled && (
        <Notice tone="warn" icon="clock">
          {t("desk.state_hint.unsettled")}
        </Notice>
      )}
      <Facts
        rows={[
          [
            t("desks.person"),
            desk.extension ? (
              <>
                <Link href={`/extensions/${desk.extension}`}>
                  <Who number={desk.extension} />
                </Link>
                {desk.since && (
                  <>
                    {" "}
                    · <Since at={desk.since} />
                  </>
                )}
              </>
            ) : (
              <span class="muted">{t("desks.nobody")}</span>
            ),
          ],
          codes
            ? [t("desks.login_code"), <LoginCode code={codes.hot_desk} logout={codes.logout} number={example} />]
            : null,
          [
            t("desks.phone"),
            <>
              {vendorName(desk.vendor)} {desk.model}
              {phone && (
                <>
                  {" "}
                  <PhoneState state={phone.state} />
                </>
              )}
            </>,
          ],
          [
            t("phones.mac"),
            phone ? (
              <Link href={`/phones/${desk.mac}`} class="mono">
                {desk.mac}
              </Link>
            ) : (
              <span class="mono">{desk.mac}</span>
            ),
          ],
          [t("desks.where"), <Site of={siteOf(desk.provisioning)} />],
          desk.provisioning.method === "sbc" && desk.provisioning.sbc_address
            ? [t("desks.sbc_address"), <span class="number">{desk.provisioning.sbc_address}</span>]
            : null,
          o.location ? [t("desks.location"), o.location] : null,
          [t("locations.help"), <HelpComesTo given={desk.emergency} />],
          [t("desks.registered_as"), desk.registered_as ?? <span class="muted">{t("none")}</span>],
          o.language ? [t("desks.language"), o.language] : null,
          o.time_zone ? [t("desks.time_zone"), o.time_zone] : null,
          o.transport ? [t("desks.transport"), o.transport.toUpperCase()] : null,
          o.srtp ? [t("srtp.label"), srtpWord(o.srtp)] : null,
          o.codecs?.length ? [t("desks.codecs"), o.codecs.join(", ")] : null,
          o.ring_tone ? [t("desks.ring_tone"), o.ring_tone] : null,
          o.backlight ? [t("desks.backlight"), o.backlight] : null,
        ]}
      />
      {desk.keys_not_shown.length > 0 && (
        <Notice tone="warn" icon="warn">
          <p>{t("desks.keys_not_shown", { model: desk.model })}</p>
          <p class="row">
            {desk.keys_not_shown.map((k, i) => (
              <Badge key={i}>{k.label || k.value || k.type}</Badge>
            ))}
          </p>
        </Notice>
      )}
      {!!model?.limits.length && (
        <details>
          <summary>{t("desks.limits")}</summary>
          <ul class="limits">
            {model.limits.map((l) => (
              <li key={l}>
                <CoreSays text={l} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </Dialog>
  );
}

function LoginCode({ code, logout, number }: { code: string; logout: string; number: string }) {
  const example = `${code}${number}*`;
  return (
    <>
      <span class="row">
        <code>{example}</code>
        <CopyButton text={example} />
      </span>
      <span class="hint">
        {tx("desks.login_code_hint", { number, login: <code>{code}</code>, logout: <code>{logout}</code> })}
      </span>
    </>
  );
}
