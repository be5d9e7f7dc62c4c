import { signal } from "@preact/signals";
import { duration, exact } from "~/i18n";

// One clock for all.
const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);

export function Since({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exact(at)} class="number">
      {duration((now.value - new Date(at).getTime()) / 1000)}
    </time>
  );
}
