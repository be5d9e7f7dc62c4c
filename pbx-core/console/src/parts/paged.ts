import { useEffect, useRef, useState } from "preact/hooks";

export interface Answer<T> {
  records: T[]; // the latest first
  next?: number | null; // what to ask for the older ones with
}

export interface Paged<T> {
  records: T[] | null; // null before the first answer
  problem: unknown; // null where the last answer was one
  more: (() => Promise<void>) | null; // reads older ones; null where there are none
}

const typing = 250; // milliseconds without a key before what was typed is asked for

// A list of which the core gives the latest page, and older ones when they are asked for. What is new is put on top, `settle`
// milliseconds after the last event of `news`; the older pages that were opened stay. `query` is another object for another
// question: an answer to the one before it is dropped.
export function usePaged<T extends { id: number }, Q>(
  query: Q,
  read: (query: Q, before?: number) => Promise<Answer<T>>,
  news: (listener: () => void) => () => void,
  settle: number,
): Paged<T> {
  const [records, setRecords] = useState<T[] | null>(null);
  const [next, setNext] = useState<number | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const asked = useRef(query);
  asked.current = query;

  const load = async () => {
    try {
      const answer = await read(query);
      if (asked.current !== query) return;
      setRecords(answer.records);
      setNext(answer.next ?? null);
      setProblem(null);
    } catch (fault) {
      if (asked.current === query) setProblem(fault);
    }
  };
  useEffect(() => {
    const wait = setTimeout(() => void load(), records ? typing : 0);
    return () => clearTimeout(wait);
  }, [query]);

  const addNews = async () => {
    try {
      const answer = await read(query);
      if (asked.current === query) setRecords((old) => withNews(old ?? [], answer.records));
    } catch {
      // The next event tries again.
    }
  };
  useEffect(() => {
    let wait: ReturnType<typeof setTimeout> | undefined;
    const off = news(() => {
      clearTimeout(wait);
      wait = setTimeout(() => void addNews(), settle);
    });
    return () => {
      clearTimeout(wait);
      off();
    };
  }, [query]);

  const more = async () => {
    const answer = await read(query, next!);
    if (asked.current !== query) return;
    setRecords((old) => [...(old ?? []), ...answer.records]);
    setNext(answer.next ?? null);
  };
  return { records, problem, more: next === null ? null : more };
}

export function withNews<T extends { id: number }>(old: T[], latest: T[]): T[] {
  const known = new Set(old.map((r) => r.id));
  return [...latest.filter((r) => !known.has(r.id)), ...old];
}
