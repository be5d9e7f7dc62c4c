import { Link } from "wouter-preact";
import type { Sbc } from "~/api/types";
import { t, tcode } from "~/i18n";
import { isOperator } from "~/live/session";
import { At } from "~/parts/At";
import { Button } from "~/parts/Button";
import { CoreSays } from "~/parts/CoreSays";
import { Dialog } from "~/parts/Dialog";
import { HelpComesTo } from "~/parts/Emergency";
import type { Action } from "~/parts/Menu";
import { Facts } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { Since } from "~/parts/Since";
import { schemeWord, srtpWord } from "~/parts/WordSelect";
import { LineCharts } from "./LineCharts";
import { Mos, SbcState, milliseconds, percent } from "./parts";

const Moment = ({ at }: { at: string }) => (
  <>
    <At at={at} /> (<Since at={at} />)
  </>
);

// What is wished, and what the SBC says that it uses.
function settingText(sbc: Sbc, field: "log_level" | "sip_dscp" | "rtp_dscp"): string {
  const text = (value: string | number) => (field === "log_level" ? tcode("sbcs.level", String(value)) : String(value));
  const wished = sbc[field] === null ? t("sbcs.as_file") : text(sbc[field]);
  if (sbc.uses === null) return wished;
  const used = text(sbc.uses[field]);
  return used === wished ? used : t("sbcs.setting_used", { wished, used });
}

export function SbcDrawer({ sbc, actions, onClose }: { sbc: Sbc; actions: Action[]; onClose: () => void }) {
  const [first, ...more] = actions;
  return (
    <Dialog
      drawer
      title={sbc.name}
      aside={<SbcState sbc={sbc} />}
      onClose={onClose}
      footer={
        first && (
          <>
            <Button icon={first.icon} onClick={first.run}>
              {first.label}
            </Button>
            <span class="spring" />
            <RowMenu of={sbc.name} actions={more} />
          </>
        )
      }
    >
      <Facts
        rows={[
          sbc.since && sbc.enrolled
            ? [t(sbc.connected ? "sbcs.connected_since" : "sbcs.away_since"), <Moment at={sbc.since} />]
            : null,
          isOperator.value
            ? [t("sbcs.history"), <Link href={`/log?about=${sbc.name}`}>{t("sbcs.history_link")}</Link>]
            : null,
          [t("sbcs.rtt"), (sbc.connected && milliseconds(sbc.rtt_ms)) || t("none")],
          [t("sbcs.loss"), percent(sbc.loss) || t("none")],
          [t("sbcs.jitter"), milliseconds(sbc.jitter_ms) || t("none")],
          [t("sbcs.mos"), sbc.mos == null ? t("none") : <Mos value={sbc.mos} />],
          [t("sbcs.phones"), <Link href={`/phones?search=${sbc.name}`}>{sbc.phones}</Link>],
          [t("sbcs.streams"), sbc.streams],
          [t("sbcs.lan"), sbc.lan.join(", ") || t("none")],
          [t("sbcs.version"), sbc.version ?? t("none")],
          [t("sbcs.package"), sbc.package ?? t("none")],
          [t("sbcs.time_zone"), sbc.time_zone],
          [t("locations.help"), <HelpComesTo given={sbc.emergency} />],
          [t("srtp.label"), sbc.srtp ? srtpWord(sbc.srtp) : t("srtp.of_setting")],
          [t("https.label"), sbc.provisioning ? schemeWord(sbc.provisioning) : t("srtp.of_setting")],
          [t("sbcs.log_level"), settingText(sbc, "log_level")],
          [t("sbcs.sip_dscp"), settingText(sbc, "sip_dscp")],
          [t("sbcs.rtp_dscp"), settingText(sbc, "rtp_dscp")],
          sbc.uses?.why ? [t("sbcs.settings_why"), <CoreSays text={sbc.uses.why} />] : null,
        ]}
      />
      {sbc.enrolled && <LineCharts sbc={sbc} />}
    </Dialog>
  );
}
