import type { CallMedia } from "~/api/types";

export type Heard = NonNullable<CallMedia["parties"][number]["heard"]>;

// How much of what was sent is lost, 0 to 1.
export const lostPart = ({ packets, lost }: Heard): number => (packets + lost ? lost / (packets + lost) : 0);
