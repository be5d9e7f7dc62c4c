import { useState } from "preact/hooks";

let last = 0;

// An id in the document that nothing else has, the same as long as its part stands there. Preact's own useId gives
// one twice where parts come and go beside each other: a label then names another one's field.
export const useOwnId = (): string => useState(() => `own-${++last}`)[0];
