import { useMemo, useState } from "preact/hooks";
import { api, ask, askVersioned } from "~/api/client";
import type { HotDesk, Options } from "~/api/types";
import { t } from "~/i18n";
import { desks, models, phones, sbcs } from "~/live/store";
import { Conflict, useDraft } from "~/parts/draft";
import { LocationSelect } from "~/parts/Emergency";
import { FormDialog } from "~/parts/FormDialog";
import { Notice } from "~/parts/Notice";
import { Radios } from "~/parts/Choices";
import { Select, Text } from "~/parts/Field";
import { macFault, macOf, makerOf, type MacFault } from "~/parts/mac";
import { isZone } from "~/parts/TimeZone";
import { complain, say } from "~/parts/Toast";
import { vendorName } from "~/parts/who";
import { DeskOptions } from "./DeskOptions";
import { conflictText, draftOf, freshDraft, optionsOf, type Draft } from "./draft";

const example = "001565aabbcc";
const nameOf = (key: keyof Draft): string =>
  key === "place"
    ? t("desks.where_is_it")
    : key === "emergency_location"
      ? t("locations.emergency_location")
      : key === "srtp"
        ? t("srtp.label")
        : t(`desks.${key}`);

export function DeskForm({ desk, mac: givenMac, onClose }: { desk: HotDesk | null; mac: string; onClose: () => void }) {
  const seen = phones.find(macOf(givenMac));
  const [mac, setMac] = useState(givenMac);
  const [fresh] = useState(() => freshDraft(seen?.vendor, seen?.model, seen?.site));
  const edited = useDraft(desk ? draftOf(desks.find(desk.mac) ?? desk) : fresh, false);
  const { vendor, model, emergency_location: location, place } = edited.value;
  const options = optionsOf(edited.value);
  const setModel = (to: string) => edited.set({ model: to });
  const { address } = place;
  const method = place.site === "local" ? "local" : "sbc";
  const sbc = place.site;
  const setSite = (to: string) => edited.set({ place: { site: to, address: "" } });

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
  const macText = taken ? t("mac.taken", { desk: taken.id }) : macFaultText(fault);
  const macGood = fault === "none" && !taken ? (phones.find(cleaned) ? t("mac.seen") : t("mac.good")) : undefined;

  // It is there and nobody's: it becomes this desk at once.
  const waiting = phones.find(cleaned);
  const waits = !desk && !!waiting && !waiting.assigned_to && !waiting.conflict;
  const assignTo = async (made: HotDesk) => {
    try {
      phones.put(await ask(api.POST("/phones/{mac}/assign", { params: { path: { mac: made.mac } }, body: {} })));
      say(t("desks.defined_and_assigned", { desk: made.id, mac: made.mac }));
    } catch (problem) {
      say(t("desks.defined", { desk: made.id }));
      complain(problem);
    }
  };

  // A phone that was seen tells what it is and where.
  const typeMac = (typed: string) => {
    const next = /[:.\-\s]/.test(typed) && macFault(typed) === "none" ? macOf(typed) : typed;
    setMac(next);
    const phone = phones.find(macOf(next));
    if (desk) return;
    // The first half of a MAC is its maker's: who has made another one here has made this one.
    if (!phone) {
      const maker = makerOf(macOf(next), [...phones.all.value, ...desks.all.value]);
      if (maker && !vendor) edited.set({ vendor: maker });
      return;
    }
    edited.set({
      ...(phone.vendor ? { vendor: phone.vendor } : {}),
      ...(phone.model ? { model: phone.model } : {}),
      place: { site: phone.site, address: "" },
    });
  };
  const send = async () => {
    const provisioning =
      method === "sbc"
        ? { method: "sbc" as const, sbc, ...(address ? { sbc_address: address } : {}) }
        : { method: "local" as const };
    if (desk) {
      const path = { params: { path: { mac: desk.mac } } };
      const saved = await edited.save({
        list: desks,
        of: draftOf,
        read: () => askVersioned(api.GET("/hot-desks/{mac}", path)),
        send: (changes, headers) => {
          const changed = optionsOf(changes);
          const body = {
            ...("vendor" in changes || "model" in changes ? { vendor, model: known } : {}),
            ...("place" in changes ? { provisioning } : {}),
            ...(Object.keys(changed).length ? { options: changed } : {}),
            ...("emergency_location" in changes ? { emergency_location: location || null } : {}),
          };
          return ask(api.PATCH("/hot-desks/{mac}", { ...path, headers, body }));
        },
      });
      if (!saved) return false;
      say(t("desks.saved", { desk: desk.id }));
    } else {
      const plain = Object.fromEntries(
        Object.entries(options).filter(([, v]) => v != null && !(Array.isArray(v) && !v.length)),
      ) as Options;
      const made = await ask(
        api.POST("/hot-desks", {
          body: {
            mac: cleaned,
            vendor,
            model: known,
            provisioning,
            options: plain,
            emergency_location: location || null,
          },
        }),
      );
      desks.put(made);
      if (!waits) return say(t("desks.defined", { desk: made.id }));
      await assignTo(made);
    }
  };

  return (
    <FormDialog
      wide
      title={desk ? t("desks.edit_title", { desk: desk.id }) : t("desks.define")}
      onClose={onClose}
      submit={desk ? t("action.save") : waits ? t("desks.define_and_assign") : t("desks.define_do")}
      disabled={
        !isZone(options.time_zone ?? "") ||
        (!desk && (fault !== "none" || !!taken)) ||
        !known ||
        (method === "sbc" && !sbc) ||
        edited.conflicts.length > 0
      }
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
          hint={fault === "short" && cleaned ? t("mac.short", { n: 12 - cleaned.length }) : t("mac.hint")}
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
          onValue={(v) => edited.set({ vendor: v, model: "" })}
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
        onValue={(v) => setSite(v === "local" ? "local" : (sbcs.all.value[0]?.name ?? "local"))}
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
            onValue={setSite}
            choices={sbcs.all.value.map((s) => ({ value: s.name, label: s.name }))}
          />
          {lan.length > 0 ? (
            <Select
              label={t("desks.sbc_address")}
              value={address}
              onValue={(to) => edited.set({ place: { ...place, address: to } })}
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
              onValue={(to) => edited.set({ place: { ...place, address: to } })}
              placeholder="192.168.1.5"
              hint={t("desks.sbc_address_unknown")}
              inputMode="decimal"
            />
          )}
        </div>
      )}
      <LocationSelect
        value={location}
        onValue={(to) => edited.set({ emergency_location: to })}
        none={t("locations.as_site")}
      />
      <DeskOptions options={options} onOptions={(to) => edited.set(to)} />
      <Conflict draft={edited} name={nameOf} text={conflictText} about={desk?.mac ?? ""} />
    </FormDialog>
  );
}

function macFaultText(fault: MacFault): string | undefined {
  switch (fault) {
    case "character":
      return t("mac.character");
    case "long":
      return t("mac.long");
    case "group":
      return t("mac.group");
    case "short": // while it is being typed
    case "none":
      return undefined;
  }
}
