const config = "/etc/roamdesk/pbx-core.yaml";

export const commandsFor = (file: string): string =>
  [
    "sudo systemctl stop pbx-core",
    `sudo pbx-core restore ${file} --config ${config}`,
    "sudo systemctl start pbx-core",
  ].join("\n");

// Lines of pbx-core.yaml.
export const scheduled = ["backup:", "  directory: /var/lib/pbx-core-backups"].join("\n");

export const megabytes = (bytes: number): string =>
  bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
