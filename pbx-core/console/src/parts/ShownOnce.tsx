import { Button } from "./Button";
import { CopyBlock } from "./Copy";
import { Dialog } from "./Dialog";
import { useStake } from "./leaving";
import { Notice } from "./Notice";

interface Props {
  title: string;
  notice: string;
  text: string; // the secret
  label: string; // what it is
  big?: boolean;
  done: string; // what the button says with which it is closed on purpose
  onClose: () => void;
}

// A secret that is shown this once: closing it forgets it.
export function ShownOnce({ title, notice, text, label, big, done, onClose }: Props) {
  const closing = useStake("secret", true);
  const close = () => void closing(async () => onClose());
  return (
    <Dialog title={title} locked onClose={close} footer={<LastButton text={done} onClick={close} />}>
      <Notice tone="warn" icon="key">
        {notice}
      </Notice>
      <CopyBlock big={big} text={text} label={label} />
    </Dialog>
  );
}

// The one button of a dialog that is only read.
export function LastButton({ text, onClick }: { text: string; onClick: () => void }) {
  return (
    <>
      <span class="spring" />
      <Button kind="primary" onClick={onClick}>
        {text}
      </Button>
    </>
  );
}
