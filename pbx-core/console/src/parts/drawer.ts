import { useLocation } from "wouter-preact";

// The drawer of a row of the list at `path`. Closed, it leaves no step behind: "back" leads to where one was before the
// list, and never opens it again.
export function useDrawer(path: string): { open: (id: string) => void; close: () => void } {
  const [, go] = useLocation();
  return {
    open: (id) => go(`${path}/${id}`, { state: { over: path } }),
    close: () => {
      if ((window.history.state as { over?: string } | null)?.over === path) window.history.back();
      else go(path, { replace: true });
    },
  };
}
