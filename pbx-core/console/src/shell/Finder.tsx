import * as Ariakit from "@ariakit/react";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { language, t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { desks, extensions, locations, phones, sbcs, trunks, users } from "~/live/store";
import { Dialog } from "~/parts/Dialog";
import { Icon } from "~/parts/Icon";
import { forgetKept } from "~/parts/kept";
import { matches } from "~/parts/search";
import { finderShown } from "./finder";
import { type Find, found, findsOf } from "./finds";
import { mayOpen, pages } from "./routes";

// Pages, people, desks, phones, branches and what else has a name: typed, chosen by arrows and Enter, or clicked.
export function Finder() {
  const [, go] = useLocation();
  const [query, setQuery] = useState("");
  const everything = [extensions, desks, phones, sbcs, trunks, locations, ...(isAdministrator.value ? [users] : [])];
  useEffect(() => everything.forEach((list) => list.want()), []);
  const things = useMemo(
    () =>
      findsOf({
        extensions: extensions.all.value,
        desks: desks.all.value,
        phones: phones.all.value,
        sbcs: sbcs.all.value,
        trunks: trunks.all.value,
        locations: locations.all.value,
        users: users.all.value,
      }),
    everything.map((list) => list.all.value),
  );
  const ways = useMemo(
    () => pages.filter(mayOpen).map((p): Find => ({ to: p.path, icon: p.icon, label: t(p.name), detail: "" })),
    [language.value],
  );
  const shown = [...ways.filter((way) => matches(query, way.label)), ...found(query, things)];
  const close = () => (finderShown.value = false);
  const open = ({ to }: Find) => {
    close();
    forgetKept(to);
    go(to);
  };
  const reading = everything.some((list) => !list.loaded.value && !list.failed.value);
  return (
    <Dialog title={t("finder.title")} onClose={close}>
      <Ariakit.ComboboxProvider open value={query} setValue={setQuery} focusLoop={false}>
        <Ariakit.Combobox
          class="input"
          autoFocus
          autoSelect="always"
          aria-label={t("finder.placeholder")}
          placeholder={t("finder.placeholder")}
          spellcheck={false}
        />
        <Ariakit.ComboboxList class="finds" alwaysVisible>
          {shown.map((find) => (
            <Ariakit.ComboboxItem
              key={`${find.icon} ${find.to} ${find.label}`}
              class="menu-item"
              focusOnHover
              setValueOnClick={false}
              hideOnClick={false}
              onClick={() => open(find)}
            >
              <Icon name={find.icon} size={16} />
              <span>{find.label}</span>
              {find.detail && <small>{find.detail}</small>}
            </Ariakit.ComboboxItem>
          ))}
        </Ariakit.ComboboxList>
        {!shown.length && <p role="status">{reading ? t("finder.reading") : t("pick.none")}</p>}
      </Ariakit.ComboboxProvider>
    </Dialog>
  );
}
