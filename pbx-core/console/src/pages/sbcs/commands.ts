import type { Installer } from "~/api/types";

const file = "/etc/roamdesk/sbc.yaml";
const bare = (core: string): string => core.replace(/[[\]]/g, "");
const host = (core: string): string => (core.includes(":") ? `[${bare(core)}]` : core);

// One line that makes a Debian machine at a branch this SBC: it fetches what it runs from this core alone, by the core's
// own authority, which the line carries. The key isn't an argument, which every user of that machine could read.
function lineFor(key: string, core: string, address: string, origin: string, authority: string | null): string {
  const trusted = authority ? `echo ${btoa(authority)} | base64 -d >$d/ca; ` : "";
  const by = authority ? " --cacert $d/ca" : "";
  return (
    `sudo bash -c 'set -e; d=$(mktemp -d); ${trusted}` +
    `command -v curl >/dev/null || apt-get install -qqy curl ca-certificates </dev/null; ` +
    `curl -fsS --proto =https${by} -o $d/install ${origin}/packages/install-branch; ` +
    `sh $d/install ${origin} "${authority ? "$d/ca" : ""}" "${host(core)}:5090" "${address}"' <<<'${key}'`
  );
}

// Where the core has no packages to give: what is typed once the package is installed.
const stepsFor = (key: string, core: string, address: string): string => `sudo tee ${file} >/dev/null <<'END'
core: ["${host(core)}:5090"]
lan:
  address: ${address}
END
sudo sbc check --config ${file}
sudo systemctl enable sbc && sudo systemctl restart sbc
sudo sbc enrol --key-file - --config ${file} <<<'${key}'`;

export interface Place {
  core: string; // the name or address by which this page was reached
  origin: string; // of HTTPS there
}

export function commandsFor(key: string, place: Place, address: string, installer: Installer | null): string {
  const lan = address.replace(/[^0-9.]/g, "") || "192.168.1.5"; // nothing that a shell reads otherwise
  return installer?.available
    ? lineFor(key, place.core, lan, place.origin, installer.authority)
    : stepsFor(key, place.core, lan);
}

// Where no branch finds the core: the machine itself.
export const isLoopback = (name: string): boolean => /^(localhost|127\.[\d.]+|\[?::1\]?)$/i.test(name);
// A name or an address, and nothing that a shell reads otherwise.
export const isPlace = (name: string): boolean =>
  /^([\w-]+(\.[\w-]+)*\.?|\[[\da-f:]+\]|[\da-f]*:[\da-f]*:[\da-f:]*)$/i.test(name);

// `core`: how branches reach it, where that isn't how this page was reached.
export const placeOf = (page: Pick<Location, "hostname" | "protocol" | "port">, core = page.hostname): Place => ({
  core,
  origin: `https://${host(core)}${page.protocol === "https:" ? page.port && `:${page.port}` : ":5001"}`,
});
