import { expect, it } from "vitest";
import { withNews } from "./paged";

const ids = (list: { id: number }[]) => list.map((r) => r.id);
const list = (...all: number[]) => all.map((id) => ({ id }));

it("What is new stands on top, and older pages that were opened stay", () => {
  expect(ids(withNews(list(5, 4, 3, 2, 1), list(7, 6, 5, 4)))).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(ids(withNews([], list(2, 1)))).toEqual([2, 1]);
  expect(ids(withNews(list(2, 1), []))).toEqual([2, 1]);
});
