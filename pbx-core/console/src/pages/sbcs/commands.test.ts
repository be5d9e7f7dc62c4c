import { describe, expect, it } from "vitest";
import { commandsFor } from "./commands";

const place = { core: "pbx.example.com", origin: "https://pbx.example.com:5001" };
const authority = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

describe("The commands for a branch", () => {
  it("carry the core, the key and the address", () => {
    const text = commandsFor("rd1_abc", place, "10.1.0.5", null);
    expect(text).toContain('core: ["pbx.example.com:5090"]');
    expect(text).toContain("<<<'rd1_abc'");
    expect(text).toContain("address: 10.1.0.5\n");
  });
  it("put brackets round an IPv6 address", () => {
    for (const core of ["[2001:db8::1]", "2001:db8::1"])
      for (const installer of [null, { available: true, authority }])
        expect(commandsFor("k", { ...place, core }, "", installer)).toContain('"[2001:db8::1]:5090"');
  });
  it("are one line where the core has packages, which believes the core's own authority alone", () => {
    const line = commandsFor("rd1_abc", place, "10.1.0.5", { available: true, authority });
    expect(line).not.toContain("\n");
    expect(line).toContain(`echo ${btoa(authority)} | base64 -d >$d/ca`);
    expect(line).toContain("--proto =https --cacert $d/ca");
    expect(line).toContain("https://pbx.example.com:5001/packages/install-branch");
    expect(line).not.toContain("-k ");
  });
  it("never have the key as an argument", () => {
    for (const installer of [null, { available: true, authority }, { available: true, authority: null }]) {
      const text = commandsFor("rd1_abc", place, "", installer);
      expect(text.match(/rd1_abc/g)).toHaveLength(1);
      expect(text).toMatch(/<<<'rd1_abc'$/);
    }
  });
  it("believe the system's authorities where the certificate is the administrator's", () => {
    const line = commandsFor("k", place, "", { available: true, authority: null });
    expect(line).not.toContain("cacert");
    expect(line).toContain('install https://pbx.example.com:5001 "" "pbx.example.com:5090"');
  });
});
