import type { Statistics } from "~/api/types";

// Nothing was set up yet: then the first page is the one that helps with it, unless somebody has said no to it here.
const remembered = "roamdesk.set_up";
export const skipped = (): boolean => localStorage.getItem(remembered) === "skipped";
export const skip = () => localStorage.setItem(remembered, "skipped");
export const isEmptySystem = (now: Statistics["now"]): boolean => !now.extensions && !now.desks && now.sites <= 1;
