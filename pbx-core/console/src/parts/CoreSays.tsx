import { coreSays } from "~/i18n";

// A sentence of the core; where nobody has translated it, it is English to those who hear it.
export function CoreSays({ text }: { text: string }) {
  const { text: shown, translated } = coreSays(text);
  return <span lang={translated ? undefined : "en"}>{shown}</span>;
}
