import type { HotDesk } from "~/api/types";
import { t } from "~/i18n";
import { Button } from "~/parts/Button";
import { RowMenu } from "~/parts/RowMenu";
import { actionsOf, logOutOf, type Asked } from "./actions";

// In a desk's row: what is done most, and the rest in a menu.
export function DeskButtons({ desk, onAsk }: { desk: HotDesk; onAsk: (asked: Asked) => void }) {
  return (
    <>
      {desk.extension ? (
        <Button small onClick={() => logOutOf(desk)}>
          {t("desks.log_out")}
        </Button>
      ) : (
        <Button small onClick={() => onAsk({ what: "login", desk })}>
          {t("desks.log_in")}
        </Button>
      )}
      <RowMenu of={desk.id} actions={actionsOf(desk, onAsk)} />
    </>
  );
}
