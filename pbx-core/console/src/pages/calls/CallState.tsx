import { tcode } from "~/i18n";
import { Badge, type Tone } from "~/parts/Badge";

const tones: Record<string, Tone> = { up: "good", held: "warn", ringing: "info", calling: "info" };

export function CallState({ state }: { state: string }) {
  return (
    <Badge tone={tones[state] ?? "neutral"} dot>
      {tcode("call.state", state)}
    </Badge>
  );
}
