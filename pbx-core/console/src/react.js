// What libraries written for React get instead of it. Preact runs insertion effects with the layout effects, after refs
// were called; React runs them before, and Ariakit relies on it: a ref of its own may be called first and finds no
// handler. Preact never abandons a rendering, so that running them at once does what React does.
import { options } from "preact";

export * from "preact/compat";
export { default } from "preact/compat";
export { useOwnId as useId } from "./parts/id";

export function useInsertionEffect(effect) {
  effect();
}

// Ariakit gives a key on to the option that is marked, as a copy of what the event has of its own: of React's that is all,
// of a browser's nothing.
const told = ["key", "code", "altKey", "ctrlKey", "metaKey", "shiftKey", "repeat", "bubbles", "cancelable"];

// Ariakit comes back to an event later and says whose it was; React's events can be told, a browser's own throw.
const { get: whose } = Object.getOwnPropertyDescriptor(Event.prototype, "currentTarget");
const before = options.event;
options.event = (native) => {
  const event = before ? before(native) : native;
  if (!Object.hasOwn(event, "currentTarget")) {
    let given;
    Object.defineProperty(event, "currentTarget", {
      get: () => given ?? whose.call(event),
      set: (element) => {
        given = element;
      },
    });
  }
  if (event instanceof KeyboardEvent)
    for (const name of told)
      Object.defineProperty(event, name, { value: event[name], enumerable: true, configurable: true });
  return event;
};
