import { api, ask } from "~/api/client";
import type { RestoreLook } from "~/api/types";

export type Place = "folder" | "sftp" | "kept" | "upload";
export interface Found {
  place: Place;
  name: string;
  made_at: string;
  bytes: number;
}

// In pieces, each a request of its own; `told` hears how much of it is there, 0 to 1. Gives the name to look at.
export async function put(file: File, told: (share: number) => void): Promise<string> {
  const { id, piece } = await ask(api.POST("/restore/uploads", { body: { bytes: file.size } }));
  const path = { id };
  try {
    for (let offset = 0; offset < file.size; offset += piece) {
      const bytes = file.slice(offset, offset + piece);
      const { name } = await ask(
        api.PUT("/restore/uploads/{id}", {
          params: { path, query: { offset } },
          body: bytes as unknown as string,
          bodySerializer: (body) => body as unknown as Blob,
          headers: { "Content-Type": "application/octet-stream" },
        }),
      );
      told(Math.min(1, (offset + piece) / file.size));
      if (name) return name;
    }
  } catch (problem) {
    await api.DELETE("/restore/uploads/{id}", { params: { path } }).catch(() => {});
    throw problem;
  }
  throw new Error("the core has said no name");
}

export const look = (place: Place, name: string): Promise<RestoreLook> =>
  ask(api.POST("/restore/look", { body: { place, name } }));

// The newest first, of wherever they lie.
export const ordered = (all: Found[]): Found[] => [...all].sort((a, b) => b.made_at.localeCompare(a.made_at));

// Once the core that answers is another one, or the same has come back: until `patience` milliseconds have passed.
export async function back(patience = 60_000, every = 500): Promise<boolean> {
  const until = Date.now() + patience;
  let gone = false;
  while (Date.now() < until) {
    const answer = await fetch("/api/v1/me", { credentials: "same-origin" }).catch(() => null);
    if (!answer) gone = true;
    // Log-ins end with the core that was: whoever answers 401 is the next one.
    else if (answer.status === 401 || gone) return true;
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  return false;
}
