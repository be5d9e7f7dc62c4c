export interface Decoded {
  text: string;
  guessed: boolean; // it isn't UTF-8: read as Windows-1252, in which Excel of the West writes
}

// The text of a file that somebody made with a spreadsheet. UTF-16 is known by its mark.
export function decode(bytes: Uint8Array): Decoded {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { text: new TextDecoder("utf-16le").decode(bytes), guessed: false };
  if (first === 0xfe && second === 0xff) return { text: new TextDecoder("utf-16be").decode(bytes), guessed: false };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), guessed: false };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), guessed: true };
  }
}

// A file that went through the wrong hands has lost these characters already: no decoding brings them back.
export const isBroken = (text: string): boolean => text.includes("\ufffd");
