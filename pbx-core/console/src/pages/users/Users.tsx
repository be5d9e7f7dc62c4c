import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { t } from "~/i18n";
import { sessions, tokens, users } from "~/live/store";
import { NewButton } from "~/parts/NewButton";
import { Loaded, Page } from "~/parts/Page";
import { Tabs } from "~/parts/Tabs";
import { NewUser } from "./NewUser";
import { People } from "./People";
import { SessionList } from "./SessionList";
import { TokenList } from "./TokenList";

export default function Users() {
  const [location, go] = useLocation();
  const tab = location.slice("/users/".length) || "people";
  const [making, setMaking] = useState(false);
  return (
    <Page
      title={t("nav.users")}
      actions={tab === "people" && <NewButton onClick={() => setMaking(true)}>{t("users.new")}</NewButton>}
    >
      <Tabs
        label={t("nav.users")}
        selected={tab}
        onSelect={(id) => go(id === "people" ? "/users" : `/users/${id}`)}
        tabs={[
          { id: "people", label: t("users.people"), content: () => <Loaded of={[users]}>{() => <People />}</Loaded> },
          {
            id: "sessions",
            label: t("sessions.title"),
            content: () => <Loaded of={[sessions]}>{() => <SessionList list={sessions.all.value} showUser />}</Loaded>,
          },
          {
            id: "tokens",
            label: t("tokens.title"),
            content: () => <Loaded of={[tokens]}>{() => <TokenList list={tokens.all.value} showUser />}</Loaded>,
          },
        ]}
      />
      {making && <NewUser onClose={() => setMaking(false)} />}
    </Page>
  );
}
