import { api, askVersioned } from "~/api/client";

// As it is at this moment.
export const readExtension = (number: string) =>
  askVersioned(api.GET("/extensions/{number}", { params: { path: { number } } }));
