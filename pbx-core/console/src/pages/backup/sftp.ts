import type { SftpBackupTarget, SftpResult } from "~/api/types";
import { coreSays, t, tcode } from "~/i18n";

export type Draft = {
  host: string;
  port: string;
  user: string;
  directory: string;
  by: "password" | "private_key";
  secret: string; // "": the one that is set
  host_key: string;
  at: string;
  keep: string;
};

export const examples = { host: "backup.example.com", key: "SHA256:…" };

export const draftOf = (target: SftpBackupTarget | null): Draft => ({
  host: target?.host ?? "",
  port: String(target?.port ?? 22),
  user: target?.user ?? "",
  directory: target?.directory ?? "",
  by: target?.private_key ? "private_key" : "password",
  secret: "",
  host_key: target?.host_key ?? "",
  at: target?.at ?? "02:30",
  keep: String(target?.keep ?? 14),
});

export const bodyOf = ({ by, secret, port, keep, ...rest }: Draft): SftpBackupTarget => ({
  ...rest,
  port: Number(port),
  keep: Number(keep),
  password: by === "password" ? secret || null : null,
  private_key: by === "private_key" ? secret || null : null,
});

// What a try or the last night came to, in the reader's language, and as the core said it.
export const saidOf = ({ kind, why }: Pick<SftpResult, "kind" | "why">): string =>
  t("backup.sftp_said", { kind: tcode("backup.sftp_kind", kind ?? "other"), why: coreSays(why ?? "").text });
