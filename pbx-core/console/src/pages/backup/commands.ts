export const config = "/etc/roamdesk/pbx-core.yaml";
// Lines of it.
export const scheduled = ["backup:", "  directory: /var/lib/pbx-core-backups"].join("\n");

export const megabytes = (bytes: number): string =>
  bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
