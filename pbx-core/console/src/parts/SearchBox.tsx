import { t } from "~/i18n";
import { IconButton } from "./Button";
import { Icon } from "./Icon";

// `/` brings the keyboard here from anywhere on the page; Escape empties it.
export function SearchBox({
  value,
  onValue,
  label,
}: {
  value: string;
  onValue: (value: string) => void;
  label: string;
}) {
  return (
    <div class="search" role="search">
      <Icon name="search" size={16} />
      <input
        type="search"
        class="input"
        value={value}
        placeholder={label}
        aria-label={label}
        data-search
        aria-keyshortcuts="/"
        autoComplete="off"
        spellcheck={false}
        onInput={(e) => onValue(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === "Escape") {
            if (value) onValue("");
            else e.currentTarget.blur();
          }
        }}
      />
      {value ? (
        <IconButton
          small
          icon="close"
          label={t("search.clear")}
          onClick={(e) => {
            onValue("");
            e.currentTarget.parentElement?.querySelector("input")?.focus();
          }}
        />
      ) : (
        <kbd aria-hidden="true" title={t("search.shortcut")}>
          /
        </kbd>
      )}
    </div>
  );
}
