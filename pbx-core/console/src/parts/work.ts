import { useState } from "preact/hooks";

export interface Work {
  busy: boolean;
  problem: unknown; // of the last time; null where there was none
  run: (work: () => Promise<unknown>) => Promise<void>;
  forget: () => void; // the problem
  onSubmit: (work: () => Promise<unknown>) => (event: Event) => void; // for a form
}

// What takes a while and may be refused. While it runs it isn't begun again.
export function useWork(): Work {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const run = async (work: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (fault) {
      setProblem(fault);
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (work: () => Promise<unknown>) => (event: Event) => {
    event.preventDefault();
    void run(work);
  };
  return { busy, problem, run, forget: () => setProblem(null), onSubmit };
}
