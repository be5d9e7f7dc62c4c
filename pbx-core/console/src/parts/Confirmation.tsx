import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { t } from "~/i18n";
import { FormDialog } from "./FormDialog";

interface Question {
  title: string;
  text: ComponentChildren; // what will happen
  yes: string;
  danger?: boolean;
  then: () => Promise<void>;
}
const question = signal<Question | null>(null);

// Asks, then does it; a refusal is shown in the question.
export const confirm = (q: Question) => {
  question.value = q;
};
export const confirmDelete = (q: Omit<Question, "yes" | "danger">) =>
  confirm({ ...q, yes: t("action.delete"), danger: true });

export function Confirmation() {
  const q = question.value;
  if (!q) return null;
  return (
    <FormDialog
      title={q.title}
      submit={q.yes}
      danger={q.danger}
      alert
      onClose={() => (question.value = null)}
      send={q.then}
    >
      <div class="prose">{q.text}</div>
    </FormDialog>
  );
}
