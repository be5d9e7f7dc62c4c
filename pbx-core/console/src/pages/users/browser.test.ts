import { expect, it } from "vitest";
import { browserOf } from "./browser";

it("A browser is told by its mark and its system", () => {
  expect(browserOf("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")).toBe("Firefox, Linux");
  expect(
    browserOf(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0",
    ),
  ).toBe("Edge, Windows");
  expect(
    browserOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"),
  ).toBe("Safari, iOS");
  expect(browserOf("curl/8.1")).toBe("curl");
  expect(browserOf("something")).toBe("");
});
