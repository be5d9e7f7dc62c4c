const config = "/etc/roamdesk/pbx-core.yaml";

export const commandsFor = (file: string): string =>
  [
    "sudo systemctl stop pbx-core",
    `sudo pbx-core restore ${file} --config ${config}`,
    "sudo systemctl start pbx-core",
  ].join("\n");

// A line of root's crontab; cron takes a percent sign for the end of a line.
export const scheduled = `15 2 * * * pbx-core backup /var/backups/roamdesk-$(date +\\%u).backup --config ${config}`;
