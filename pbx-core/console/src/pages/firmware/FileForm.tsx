import { useState } from "preact/hooks";
import { t } from "~/i18n";
import { models } from "~/live/store";
import { Select, Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { Icon } from "~/parts/Icon";
import { modelsIn, put, versionIn } from "./firmware";

// A file from this machine, with what it is.
export function FileForm({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [vendor, setVendor] = useState("");
  const [version, setVersion] = useState("");
  const [names, setNames] = useState("");
  const [share, setShare] = useState<number | null>(null);
  const vendors = [...new Set(models.all.value.map((m) => m.vendor))];
  const chosen = names.split(/[\s,;]+/).filter(Boolean);
  const take = (given: File | undefined) => {
    if (!given) return;
    setFile(given);
    setVersion(versionIn(given.name));
    const [likely] = modelsIn(given.name, models.all.value);
    if (likely) {
      setVendor(likely.vendor);
      setNames(likely.model);
    }
  };
  return (
    <FormDialog
      title={t("firmware.add")}
      onClose={onClose}
      submit={t("firmware.add")}
      disabled={!file || !vendor || !version || chosen.length === 0}
      send={async () => {
        try {
          setShare(0);
          await put(file!, { vendor, name: file!.name, version: version.trim(), models: chosen }, setShare);
        } finally {
          setShare(null);
        }
      }}
    >
      <label class="drop">
        <input
          type="file"
          class="unseen"
          aria-label={t("firmware.choose_file")}
          onChange={(e) => take(e.currentTarget.files?.[0])}
        />
        <Icon name="upload" />
        <span>
          <b>{file ? file.name : t("firmware.choose_file")}</b>
          <small>{t("firmware.file_hint")}</small>
        </span>
      </label>
      <Select
        label={t("firmware.vendor")}
        value={vendor}
        onValue={setVendor}
        choices={[{ value: "", label: t("firmware.choose") }, ...vendors.map((value) => ({ value, label: value }))]}
      />
      <Text
        label={t("firmware.models")}
        value={names}
        onValue={setNames}
        hint={t("firmware.models_hint")}
        autoCapitalize="none"
      />
      <Text
        label={t("firmware.version")}
        value={version}
        onValue={setVersion}
        hint={t("firmware.version_hint")}
        maxLength={40}
        autoCapitalize="none"
      />
      {share !== null && (
        <p role="status" class="hint">
          {t("firmware.sent", { percent: String(Math.round(share * 100)) })}
        </p>
      )}
    </FormDialog>
  );
}
