import { expect, it } from "vitest";
import { receiverOf } from "./receiver";

it("A receiver of a test message is an address or a URL", () => {
  expect(receiverOf(" guard@example.com ")).toEqual({ mail: "guard@example.com" });
  expect(receiverOf("https://example.com/alarm")).toEqual({ web_hook: "https://example.com/alarm" });
  for (const none of ["", "guard", "a b@c", "ftp://example.com", "https://"]) expect(receiverOf(none)).toBeNull();
});
