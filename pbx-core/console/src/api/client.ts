import createClient from "openapi-fetch";
import type { paths } from "./schema";
import { Problem } from "./problem";

// The session is a cookie that no script can read. The core takes changes only with the Origin of its own pages, so
// there is no token to carry here.
export const api = createClient<paths>({ baseUrl: "/api/v1", credentials: "same-origin" });

// What happens when the core says that nobody is logged in. Set by the session.
let onLoggedOut = () => {};
export const whenLoggedOut = (then: () => void) => {
  onLoggedOut = then;
};

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

// The answer's data, or a Problem thrown: what is wrong, as the core says it, or that it can't be reached.
export const ask = async <T>(request: Promise<Result<T>>): Promise<T> => (await answered(request)).data as T;

// A record, and its version: to be named in If-Match by who changes it.
export interface Versioned<T> {
  record: T;
  version: string;
}
export async function askVersioned<T>(request: Promise<Result<T>>): Promise<Versioned<T>> {
  const { data, response } = await answered(request);
  return { record: data as T, version: response.headers.get("ETag") ?? "*" };
}

async function answered<T>(request: Promise<Result<T>>): Promise<Result<T>> {
  let result: Result<T>;
  try {
    result = await request;
  } catch {
    throw new Problem(0, "");
  }
  if (result.response.ok) return result;
  const problem = Problem.of(result.response.status, result.error, result.response.headers);
  throw new URL(result.response.url).pathname.endsWith("/login") ? problem : heard(problem);
}

// What every answer's problem goes through: where the log-in has ended, the page ends, too.
export function heard(problem: Problem): Problem {
  if (problem.status === 401) onLoggedOut();
  return problem;
}
