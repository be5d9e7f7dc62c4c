import { describe, expect, it } from "vitest";
import { commandsFor } from "./commands";

describe("The commands for a branch", () => {
  it("carry the core, the key and the address", () => {
    const text = commandsFor("rd1_abc", "pbx.example.com", "10.1.0.5");
    expect(text).toContain('core: ["pbx.example.com:5090"]');
    expect(text).toContain("enrolment_key: rd1_abc\n");
    expect(text).toContain("address: 10.1.0.5\n");
  });
  it("put brackets round an IPv6 address", () => {
    expect(commandsFor("k", "[2001:db8::1]", "")).toContain('"[2001:db8::1]:5090"');
    expect(commandsFor("k", "2001:db8::1", "")).toContain('"[2001:db8::1]:5090"');
  });
});
