import { FormDialog } from "./FormDialog";
import { question } from "./question";

export { confirm, confirmDelete } from "./question";

export function Confirmation() {
  const q = question.value;
  if (!q) return null;
  return (
    <FormDialog
      title={q.title}
      submit={q.yes}
      danger={q.danger}
      alert
      onClose={() => {
        if (question.value === q) question.value = null;
      }}
      send={q.then}
    >
      <div class="prose">{q.text}</div>
    </FormDialog>
  );
}
