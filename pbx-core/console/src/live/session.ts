import { computed, signal } from "@preact/signals";
import { api, ask, whenLoggedOut } from "~/api/client";
import type { Me, Role } from "~/api/types";
import { forgetAll } from "./collection";
import { connect, disconnect } from "./events";

// undefined: not known yet; null: nobody.
export const me = signal<Me | null | undefined>(undefined);
// The log-in has ended by itself: at the log-in page it is said; where something typed would be lost, the page stays
// behind the log-in.
export const ended = signal(false);
export const interrupted = signal(false);
let keeps = (): boolean => false;
export const keepPageWhile = (what: () => boolean) => {
  keeps = what;
};

const rank: Record<Role, number> = { reader: 0, operator: 1, administrator: 2 };
export const has = (role: Role): boolean => !!me.value && rank[me.value.role] >= rank[role];
export const isOperator = computed(() => has("operator"));
// Bound to sites: sees and changes what is there, and reads at most what is the whole company's.
export const isBound = computed(() => !!me.value?.sites.length);
// Of the whole company.
export const isAdministrator = computed(() => has("administrator") && !isBound.value);
// Of the sites that the user sees, all of them or some.
export const isSiteAdministrator = computed(() => has("administrator"));

export async function begin(): Promise<void> {
  whenLoggedOut(lose);
  try {
    me.value = await ask(api.GET("/me"));
    connect();
  } catch {
    me.value = null;
  }
}

export async function logIn(username: string, password: string, code?: string): Promise<void> {
  await ask(api.POST("/login", { body: { username, password, cookie: true, ...(code ? { code } : {}) } }));
  const now = await ask(api.GET("/me"));
  // Somebody else: nothing of the last user stays.
  if (interrupted.value && now.name !== me.value?.name) end();
  interrupted.value = ended.value = false;
  me.value = now;
  connect();
}

export async function logOut(): Promise<void> {
  try {
    await ask(api.POST("/logout"));
  } finally {
    end();
    ended.value = false;
  }
}

// Role, second factor: they may have changed.
export async function refreshMe(): Promise<void> {
  me.value = await ask(api.GET("/me"));
}

function lose(): void {
  if (!me.value) return;
  ended.value = true;
  if (!keeps()) return end();
  disconnect();
  interrupted.value = true;
}

// Also without what was typed.
export function end(): void {
  interrupted.value = false;
  disconnect();
  forgetAll();
  me.value = null;
}
