import { api, ask } from "~/api/client";
import type { Extension } from "~/api/types";
import { extensions } from "~/live/store";

// As it is at this moment; the list has it then, too.
export async function readExtension(number: string): Promise<Extension> {
  const read = await ask(api.GET("/extensions/{number}", { params: { path: { number } } }));
  extensions.put(read);
  return read;
}
