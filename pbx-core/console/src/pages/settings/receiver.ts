import type { NoticeTest } from "~/api/types";

// An address of e-mail, or a URL; null where it is neither. The core looks closer.
export function receiverOf(text: string): NoticeTest | null {
  const trimmed = text.trim();
  if (/^https?:\/\/[^\s/]+/i.test(trimmed)) return { web_hook: trimmed };
  return /^[^\s@]+@[^\s@]+$/.test(trimmed) ? { mail: trimmed } : null;
}
