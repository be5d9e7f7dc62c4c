// What libraries written for React get instead of it. Preact runs insertion effects with the layout effects, after refs
// were called; React runs them before, and Ariakit relies on it: a ref of its own may be called first and finds no
// handler. Preact never abandons a rendering, so that running them at once does what React does.
export * from "preact/compat";
export { default } from "preact/compat";

export function useInsertionEffect(effect) {
  effect();
}
