import { describe, expect, it } from "vitest";
import { commandsFor, isLoopback, isPlace, placeOf } from "./commands";

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
  it("lead to where branches reach the core, by the page's own port of HTTPS", () => {
    const page = (hostname: string, protocol: string, port: string) => ({ hostname, protocol, port });
    expect(placeOf(page("pbx.example.com", "https:", ""))).toEqual({
      core: "pbx.example.com",
      origin: "https://pbx.example.com",
    });
    expect(placeOf(page("127.0.0.1", "https:", "5001"), "192.0.2.10").origin).toBe("https://192.0.2.10:5001");
    expect(placeOf(page("localhost", "http:", "5000"), "2001:db8::1").origin).toBe("https://[2001:db8::1]:5001");
  });
  it("aren't written for an address that no branch reaches, or that a shell would read", () => {
    for (const name of ["localhost", "127.0.0.1", "127.71.88.1", "[::1]", "::1"])
      expect(isLoopback(name), name).toBe(true);
    for (const name of ["pbx.example.com", "10.0.0.1", "2001:db8::1", "localhost.example.com"]) {
      expect(isLoopback(name), name).toBe(false);
      expect(isPlace(name), name).toBe(true);
    }
    for (const name of ["", "a b", "a;b", "$(x)", "a'b", "`a`", "a/b", "a:5001", "pbx..example"])
      expect(isPlace(name), name).toBe(false);
  });
  it("believe the system's authorities where the certificate is the administrator's", () => {
    const line = commandsFor("k", place, "", { available: true, authority: null });
    expect(line).not.toContain("cacert");
    expect(line).toContain('install https://pbx.example.com:5001 "" "pbx.example.com:5090"');
  });
});
