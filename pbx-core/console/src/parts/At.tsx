import { exact, moment } from "~/i18n";

// A moment, short; the pointer shows it to the second.
export function At({ at, class: extra }: { at: string; class?: string }) {
  return (
    <time dateTime={at} title={exact(at)} class={extra}>
      {moment(at)}
    </time>
  );
}
