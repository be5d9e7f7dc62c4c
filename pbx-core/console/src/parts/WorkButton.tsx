import { useState } from "preact/hooks";
import { Button, type ButtonProps } from "./Button";
import { attempt } from "./Toast";

type Props = Omit<ButtonProps, "busy" | "onClick"> & { work: () => Promise<unknown>; done?: string };

// A button whose work takes a while. A message says `done` afterwards, or what went wrong.
export function WorkButton({ work, done, ...button }: Props) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await attempt(work, done);
    setBusy(false);
  };
  return <Button {...button} busy={busy} onClick={() => void run()} />;
}
