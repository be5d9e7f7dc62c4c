import { computed, signal } from "@preact/signals";
import { api, ask, whenLoggedOut } from "~/api/client";
import type { Me, Role } from "~/api/types";
import { forgetAll } from "./collection";
import { connect, disconnect } from "./events";

// undefined: not known yet; null: nobody.
export const me = signal<Me | null | undefined>(undefined);

const rank: Record<Role, number> = { reader: 0, operator: 1, administrator: 2 };
export const has = (role: Role): boolean => !!me.value && rank[me.value.role] >= rank[role];
export const isOperator = computed(() => has("operator"));
export const isAdministrator = computed(() => has("administrator"));

export async function begin(): Promise<void> {
  whenLoggedOut(end);
  try {
    me.value = await ask(api.GET("/me"));
    connect();
  } catch {
    me.value = null;
  }
}

export async function logIn(username: string, password: string, code?: string): Promise<void> {
  await ask(api.POST("/login", { body: { username, password, cookie: true, ...(code ? { code } : {}) } }));
  me.value = await ask(api.GET("/me"));
  connect();
}

export async function logOut(): Promise<void> {
  try {
    await ask(api.POST("/logout"));
  } finally {
    end();
  }
}

// Role, second factor: they may have changed.
export async function refreshMe(): Promise<void> {
  me.value = await ask(api.GET("/me"));
}

function end(): void {
  disconnect();
  forgetAll();
  me.value = null;
}
