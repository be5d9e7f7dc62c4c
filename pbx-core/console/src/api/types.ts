import type { components } from "./schema";

type Schemas = components["schemas"];
export type Extension = Schemas["Extension"];
export type Key = Schemas["Key"];
export type Phone = Schemas["Phone"];
export type HotDesk = Schemas["HotDesk"];
export type Options = Schemas["Options"];
export type Provisioning = Schemas["Provisioning"];
export type Sbc = Schemas["Sbc"];
export type Call = Schemas["Call"];
export type Model = Schemas["Model"];
export type AuditRecord = Schemas["AuditRecord"];
export type User = Schemas["User"];
export type Token = Schemas["Token"];
export type LoginSession = Schemas["LoginSession"];
export type Settings = Schemas["Settings"];
export type Me = Schemas["Me"];
export type Role = Me["role"];
