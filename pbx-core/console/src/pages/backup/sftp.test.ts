import { describe, expect, it } from "vitest";
import { bodyOf, draftOf } from "./sftp";

describe("the secret for the server", () => {
  it("stays the core's where it isn't typed", () => {
    const draft = draftOf({ host: "backup.example.com", user: "keeper", port: 22, private_key: "***", keep: 14 });
    expect(draft.by).toBe("private_key");
    expect(draft.secret).toBe("");
    expect(bodyOf(draft)).toMatchObject({ private_key: null, password: null, port: 22 });
  });
  it("goes as what it was chosen to be", () => {
    const draft = { ...draftOf(null), host: "h", user: "u", secret: "open sesame" };
    expect(bodyOf(draft)).toMatchObject({ password: "open sesame", private_key: null });
    expect(bodyOf({ ...draft, by: "private_key" })).toMatchObject({ password: null, private_key: "open sesame" });
  });
});
