import { t } from "~/i18n";
import { Dialog } from "~/parts/Dialog";
import { pages } from "./routes";
import { helpShown } from "./shortcuts";

export function ShortcutHelp() {
  if (!helpShown.value) return null;
  const rows: [string[], string][] = [
    [["Ctrl", "K"], t("finder.title")],
    [["/"], t("shortcuts.search")],
    [["n"], t("shortcuts.new")],
    [["Esc"], t("shortcuts.close")],
    [["?"], t("shortcuts.help")],
    ...pages.filter((p) => p.letter).map((p): [string[], string] => [["g", p.letter!], t(p.name)]),
  ];
  return (
    <Dialog title={t("shortcuts.title")} onClose={() => (helpShown.value = false)}>
      <dl class="shortcuts">
        {rows.map(([keys, what]) => (
          <div key={keys.join("")}>
            <dt>
              {keys.map((k) => (
                <kbd key={k}>{k}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
