import { api, ask } from "~/api/client";
import type { Firmware, FirmwarePin, Model } from "~/api/types";
import { firmwareFiles } from "~/live/store";

// "yealink:T46U"
export const keyOf = (vendor: string, model: string): string => `${vendor}:${model}`;

// What a version's file is most likely of, by its name: "T46U-108.86.0.90.rom" is 108.86.0.90.
export const versionIn = (name: string): string =>
  /(\d+(?:\.\d+){2,})/.exec(name)?.[1] ?? name.match(/\.(\d+(?:-\d+)+)/)?.[1]?.replaceAll("-", ".") ?? "";

// Models whose own name stands in the file's, the longest first.
export function modelsIn(name: string, models: Model[]): Model[] {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const all = models.filter((m) => m.model !== "generic" && plain(name).includes(plain(m.model)));
  return all.sort((a, b) => b.model.length - a.model.length).slice(0, 1);
}

// Models that a file is there for, each with its versions.
export function pinnable(files: Firmware[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const file of files)
    for (const model of file.models) {
      const key = keyOf(file.vendor, model);
      const versions = all.get(key) ?? [];
      if (!versions.includes(file.version)) versions.push(file.version);
      all.set(key, versions);
    }
  return all;
}

export interface PinDraft {
  model: string;
  version: string;
  from: string;
  until: string;
  also_in_use: boolean;
  paused: boolean;
}
export const draftOf = (pin?: FirmwarePin): PinDraft => ({
  model: pin?.model ?? "",
  version: pin?.version ?? "",
  from: pin?.from ?? "20:00",
  until: pin?.until ?? "05:00",
  also_in_use: pin?.also_in_use ?? false,
  paused: pin?.paused ?? false,
});
export const bodyOf = ({ version, from, until, also_in_use, paused }: PinDraft) => ({
  version,
  from,
  until,
  also_in_use,
  paused,
});

export interface Announced {
  vendor: string;
  name: string;
  version: string;
  models: string[];
}
// In pieces, each a request of its own; `told` hears how much of it is there, 0 to 1.
export async function put(file: File, about: Announced, told: (share: number) => void): Promise<void> {
  const { id, piece } = await ask(api.POST("/firmware-uploads", { body: { ...about, bytes: file.size } }));
  const path = { id };
  try {
    for (let offset = 0; offset < file.size; offset += piece) {
      const bytes = file.slice(offset, offset + piece);
      const answer = await ask(
        api.PUT("/firmware-uploads/{id}", {
          params: { path, query: { offset } },
          body: bytes as unknown as string,
          bodySerializer: (body) => body as unknown as Blob,
          headers: { "Content-Type": "application/octet-stream" },
        }),
      );
      told(Math.min(1, (offset + piece) / file.size));
      if ("sha256" in answer) firmwareFiles.put(answer);
    }
  } catch (problem) {
    await api.DELETE("/firmware-uploads/{id}", { params: { path } }).catch(() => {});
    throw problem;
  }
}
