// What makes a Debian machine at a branch this SBC. The file has to be readable to the service's own user;
// the key in it works once, and is used up seconds later.
export function commandsFor(key: string, core: string, address: string): string {
  const name = core.includes(":") ? `[${core.replace(/[[\]]/g, "")}]` : core;
  return `sudo install -d /etc/roamdesk
sudo tee /etc/roamdesk/sbc.yaml >/dev/null <<'END'
core: ["${name}:5090"]
enrolment_key: ${key}
lan:
  address: ${address || "192.168.1.5"}
END
sudo sbc check --config /etc/roamdesk/sbc.yaml
sudo systemctl enable sbc && sudo systemctl restart sbc`;
}
