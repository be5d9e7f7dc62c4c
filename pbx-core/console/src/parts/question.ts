import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { t } from "~/i18n";

export interface Question {
  title: string;
  text: ComponentChildren; // what will happen
  yes: string;
  danger?: boolean;
  then: () => Promise<void>;
}
// The one that is asked; drawn by Confirmation.
export const question = signal<Question | null>(null);

// Asks, then does it; a refusal is shown in the question.
export const confirm = (q: Question) => {
  question.value = q;
};
export const confirmDelete = (q: Omit<Question, "yes" | "danger">) =>
  confirm({ ...q, yes: t("action.delete"), danger: true });
