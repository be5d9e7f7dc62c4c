import { t } from "~/i18n";
import { FormDialog } from "~/parts/FormDialog";
import type { NewKey } from "./actions";
import { useSbcDraft } from "./draft";

export function NewSbc({ onClose, onKey }: { onClose: () => void; onKey: (made: NewKey) => void }) {
  const { ready, fields, create } = useSbcDraft(true);
  return (
    <FormDialog
      title={t("sbcs.add")}
      onClose={onClose}
      submit={t("sbcs.add")}
      disabled={!ready}
      send={async () => onKey(await create())}
    >
      {fields}
    </FormDialog>
  );
}
