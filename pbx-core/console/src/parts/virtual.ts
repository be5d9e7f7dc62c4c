import { Virtualizer, observeWindowOffset, observeWindowRect, windowScroll } from "@tanstack/virtual-core";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

// Of a long list only what is in the window stands in the document. `height` is a row's, as long as it wasn't measured.
export function useVirtual(count: number, height: number, margin: number, gap: number, enabled: boolean) {
  const [, setDrawn] = useState(0);
  const options = {
    count: enabled ? count : 0,
    estimateSize: () => height,
    overscan: 6,
    scrollMargin: margin,
    gap,
    getScrollElement: () => window,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    initialOffset: () => window.scrollY,
    onChange: () => setDrawn((n) => n + 1),
  };
  const [virtualizer] = useState(() => new Virtualizer<Window, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useEffect(() => virtualizer.measure(), [height]);
  return virtualizer;
}
