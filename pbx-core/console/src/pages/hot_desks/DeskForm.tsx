import { useMemo, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { HotDesk, Options } from "~/api/types";
import { language, t } from "~/i18n";
import { desks, models, phones, sbcs } from "~/live/store";
import { FormDialog, Notice } from "~/parts/Dialog";
import { Check, Radios, Select, Text } from "~/parts/Field";
import { TimeZone } from "~/parts/TimeZone";
import { macFault, macOf } from "~/parts/mac";
import { say } from "~/parts/Toast";
import { vendorName } from "~/parts/who";

const phoneLanguages = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "tr", "sv", "da", "cs"];
const example = "001565aabbcc";
const codecs = ["PCMA", "PCMU", "G722", "G729", "opus", "iLBC"] as const;

export function DeskForm({ desk, mac: givenMac, onClose }: { desk: HotDesk | null; mac: string; onClose: () => void }) {
  const seen = phones.find(macOf(givenMac));
  const [mac, setMac] = useState(givenMac);
  const [vendor, setVendor] = useState(desk?.vendor ?? seen?.vendor ?? "");
  const [model, setModel] = useState(desk?.model ?? seen?.model ?? "");
  const site = desk ? (desk.provisioning.method === "sbc" ? desk.provisioning.sbc : "local") : (seen?.site ?? "local");
  const [method, setMethod] = useState(site === "local" ? "local" : "sbc");
  const [sbc, setSbc] = useState(site === "local" ? (sbcs.all.value[0]?.name ?? "") : site);
  const [address, setAddress] = useState(
    desk?.provisioning.method === "sbc" ? (desk.provisioning.sbc_address ?? "") : "",
  );
  const [options, setOptions] = useState<Options>(desk?.options ?? {});
  const [more, setMore] = useState(false);

  const vendors = useMemo(() => [...new Set(models.all.value.map((m) => m.vendor))], []);
  const ofVendor = models.all.value.filter((m) => m.vendor === vendor);
  const known = ofVendor.some((m) => m.model === model)
    ? model
    : (ofVendor.find((m) => m.model.toLowerCase() === model.toLowerCase())?.model ?? "");
  const chosen = ofVendor.find((m) => m.model === known);
  const lan = sbcs.find(sbc)?.lan ?? [];

  const cleaned = macOf(mac);
  const fault = macFault(mac);
  const taken = !desk && desks.find(cleaned);
  const macText =
    fault === "character"
      ? t("mac.character")
      : fault === "long"
        ? t("mac.long")
        : fault === "group"
          ? t("mac.group")
          : taken
            ? t("mac.taken", { desk: taken.id })
            : undefined;
  const macGood = fault === "none" && !taken ? (phones.find(cleaned) ? t("mac.seen") : t("mac.good")) : undefined;

  // A phone that was seen tells what it is and where.
  const typeMac = (typed: string) => {
    const next = /[:.\-\s]/.test(typed) && macFault(typed) === "none" ? macOf(typed) : typed;
    setMac(next);
    const phone = phones.find(macOf(next));
    if (!phone || desk) return;
    if (phone.vendor) setVendor(phone.vendor);
    if (phone.model) setModel(phone.model);
    setMethod(phone.site === "local" ? "local" : "sbc");
    if (phone.site !== "local") setSbc(phone.site);
  };
  const set = <K extends keyof Options>(name: K, value: Options[K]) => setOptions({ ...options, [name]: value });
  const text = (name: "name" | "location" | "ring_tone" | "backlight" | "time_zone" | "language") => ({
    value: options[name] ?? "",
    onValue: (v: string) => set(name, v || null),
  });
  const names = new Intl.DisplayNames(language.value, { type: "language" });

  const send = async () => {
    const provisioning =
      method === "sbc"
        ? { method: "sbc" as const, sbc, ...(address ? { sbc_address: address } : {}) }
        : { method: "local" as const };
    if (desk) {
      desks.put(
        await ask(
          api.PATCH("/hot-desks/{mac}", {
            params: { path: { mac: desk.mac } },
            body: { vendor, model: known, provisioning, options },
          }),
        ),
      );
      say(t("desks.saved", { desk: desk.id }));
    } else {
      const plain = Object.fromEntries(
        Object.entries(options).filter(([, v]) => v != null && !(Array.isArray(v) && !v.length)),
      ) as Options;
      const made = await ask(
        api.POST("/hot-desks", { body: { mac: cleaned, vendor, model: known, provisioning, options: plain } }),
      );
      desks.put(made);
      say(t("desks.defined", { desk: made.id }));
    }
  };

  return (
    <FormDialog
      wide
      title={desk ? t("desks.edit_title", { desk: desk.id }) : t("desks.define")}
      onClose={onClose}
      submit={desk ? t("action.save") : t("desks.define_do")}
      disabled={(!desk && (fault !== "none" || !!taken)) || !known || (method === "sbc" && !sbc)}
      send={send}
    >
      {desk?.extension && <Notice tone="info">{t("desks.edit_in_use")}</Notice>}
      {!desk && (
        <Text
          label={t("phones.mac")}
          value={mac}
          onValue={typeMac}
          fault={macText}
          good={macGood}
          hint={t("mac.hint")}
          class="mono"
          placeholder={example}
          autoFocus
          autoCapitalize="none"
        />
      )}
      <div class="pair">
        <Select
          label={t("desks.vendor")}
          value={vendor}
          onValue={(v) => {
            setVendor(v);
            setModel("");
          }}
          choices={[
            { value: "", label: t("choose"), disabled: true },
            ...vendors.map((v) => ({ value: v, label: vendorName(v) })),
          ]}
        />
        <Select
          label={t("desks.model")}
          value={known}
          onValue={setModel}
          disabled={!vendor}
          choices={[
            { value: "", label: t("choose"), disabled: true },
            ...ofVendor.map((m) => ({ value: m.model, label: m.model })),
          ]}
          hint={chosen && t("desks.model_hint", { lines: chosen.lines, keys: chosen.keys })}
        />
      </div>
      <Radios
        label={t("desks.where_is_it")}
        value={method}
        onValue={setMethod}
        choices={[
          { value: "local", label: t("site.local"), detail: t("desks.local_hint") },
          {
            value: "sbc",
            label: t("desks.via_sbc"),
            detail: t("desks.via_sbc_hint"),
            disabled: !sbcs.all.value.length,
          },
        ]}
      />
      {method === "sbc" && (
        <div class="pair">
          <Select
            label={t("desks.sbc")}
            value={sbc}
            onValue={(v) => {
              setSbc(v);
              setAddress("");
            }}
            choices={sbcs.all.value.map((s) => ({ value: s.name, label: s.name }))}
          />
          {lan.length > 0 ? (
            <Select
              label={t("desks.sbc_address")}
              value={address}
              onValue={setAddress}
              hint={t("desks.sbc_address_hint")}
              choices={[
                { value: "", label: t("desks.sbc_address_auto", { address: lan[0]! }) },
                ...[...new Set([...lan, ...(address ? [address] : [])])].map((a) => ({ value: a, label: a })),
              ]}
            />
          ) : (
            <Text
              label={t("desks.sbc_address")}
              value={address}
              onValue={setAddress}
              placeholder="192.168.1.5"
              hint={t("desks.sbc_address_unknown")}
              inputMode="decimal"
            />
          )}
        </div>
      )}
      <div class="pair">
        <Text label={t("desks.name")} {...text("name")} hint={t("desks.name_hint")} maxLength={64} />
        <Text label={t("desks.location")} {...text("location")} maxLength={64} />
      </div>
      <details open={more} onToggle={(e) => setMore(e.currentTarget.open)}>
        <summary>{t("desks.more_options")}</summary>
        <div class="form">
          <div class="pair">
            <Select
              label={t("desks.language")}
              {...text("language")}
              choices={[
                { value: "", label: t("desks.default") },
                ...phoneLanguages.map((l) => ({ value: l, label: names.of(l) ?? l })),
              ]}
            />
            <TimeZone label={t("desks.time_zone")} {...text("time_zone")} optional />
            <Select
              label={t("desks.transport")}
              value={options.transport ?? ""}
              onValue={(v) => set("transport", (v || null) as Options["transport"])}
              choices={[
                { value: "", label: t("desks.default") },
                ...["udp", "tcp", "tls"].map((v) => ({ value: v, label: v.toUpperCase() })),
              ]}
            />
            <Text label={t("desks.ring_tone")} {...text("ring_tone")} />
            <Text label={t("desks.backlight")} {...text("backlight")} />
          </div>
          <fieldset class="checks">
            <legend>{t("desks.codecs")}</legend>
            <div class="row">
              {codecs.map((c) => (
                <Check
                  key={c}
                  label={c}
                  checked={options.codecs?.includes(c) ?? false}
                  onChange={(on) =>
                    set("codecs", on ? [...(options.codecs ?? []), c] : (options.codecs ?? []).filter((x) => x !== c))
                  }
                />
              ))}
            </div>
            <p class="hint">{t("desks.codecs_hint")}</p>
          </fieldset>
        </div>
      </details>
    </FormDialog>
  );
}
