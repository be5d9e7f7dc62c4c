// A browser for the tests, told what to do by lines of JSON on stdin: {"do":"click","role":"button","name":"Save"}.
// Each is answered by one line: {"value":…} or {"error":"…"}. browser.py is the other end. Chromium, or with
// ROAMDESK_BROWSER=firefox Debian's Firefox as it is, by WebDriver BiDi.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const [work, base] = process.argv.slice(2);
const require = createRequire(resolve(work, "package.json"));
const { chromium, firefox } = require("playwright-core");
const axe = require.resolve("axe-core/axe.min.js");

const browsers = {
  chromium: () =>
    chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage"],
    }),
  firefox: () => firefox.launch({ executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr", channel: "moz-firefox" }),
};
const browser = await browsers[process.env.ROAMDESK_BROWSER ?? "chromium"]();
const patience = 20_000;
let context, page;
let faults = [];
let asked = 0; // how often the browser has asked whether the page may be left

// The style by which playwright waits for a Firefox to have painted, and which the CSP refuses: "body {}", as its words name it.
const ofAShot = `sha256-${createHash("sha256").update("body {}").digest("base64")}`;

// A window with nobody logged in.
async function fresh({ width = 1280, height = 900, theme = "light", language = "en" } = {}) {
  await context?.close();
  context = await browser.newContext({ baseURL: base, viewport: { width, height }, colorScheme: theme, locale: language === "de" ? "de-DE" : "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce", ignoreHTTPSErrors: true });
  context.setDefaultTimeout(patience);
  page = await context.newPage();
  faults = [];
  page.on("console", (m) => m.type() === "error" && faults.push(m.text()));
  page.on("pageerror", (e) => faults.push(String(e)));
  page.on("dialog", (d) => {
    if (d.type() === "beforeunload") { ++asked; return void d.dismiss(); }
    faults.push(`a dialog of the browser: ${d.message()}`); void d.dismiss();
  });
}

const at = ({ role, name, exact = false, nth = 0, within, checked }) => {
  const place = within ? page.locator(within) : page;
  const state = checked === undefined ? {} : { checked };
  return (name === undefined ? place.getByRole(role, state) : place.getByRole(role, { name, exact, ...state })).nth(nth);
};
const verbs = {
  fresh,
  open: async ({ path }) => void (await page.goto(path)),
  click: async (o) => void (await at(o).click()),
  back: async () => void (await page.evaluate(() => history.back())),
  click_at: async ({ x, y }) => void (await page.mouse.click(x, y)),
  path: async () => page.evaluate(() => location.pathname),
  // Whether the browser asks before the page is loaded anew; the answer is no. Where it doesn't ask, the page is loaded.
  asks_before_reload: async () => {
    const before = asked;
    const loaded = page.waitForEvent("load", { timeout: patience }).catch(() => {});
    await page.evaluate(() => void setTimeout(() => location.reload()));
    const until = Date.now() + 3000;
    while (asked === before && Date.now() < until && !(await Promise.race([loaded.then(() => true), new Promise((r) => setTimeout(r, 50, false))])));
    await page.bringToFront(); // a Firefox that nobody looks at keeps the keys from the page after its question
    return asked > before;
  },
  // As a person does: a click into the field, then key by key.
  type: async ({ label, value, nth = 0 }) => {
    await page.getByLabel(label, { exact: true }).nth(nth).click();
    await page.keyboard.type(value, { delay: 30 });
  },
  // The same over what stands there: it is marked, and the first key takes its place.
  retype: async ({ label, value, nth = 0 }) => {
    await page.getByLabel(label, { exact: true }).nth(nth).click();
    await page.keyboard.press("Control+A");
    if (value === "") await page.keyboard.press("Delete");
    await page.keyboard.type(value, { delay: 30 });
  },
  value: async ({ label }) => page.getByLabel(label, { exact: true }).first().inputValue(),
  enabled: async (o) => at(o).isEnabled(),
  count: async ({ text }) => page.getByText(text).count(),
  // The next request for what `path` matches (a glob) gets `status`. 404: the core has become another version.
  miss_once: async ({ path, status = 404 }) => void (await page.route(path, (route) => route.fulfill({ status, body: "" }), { times: 1 })),
  reload: async () => void (await page.reload()),
  select: async ({ label, value }) => void (await page.getByLabel(label, { exact: true }).selectOption(value)),
  press: async ({ key }) => void (await page.keyboard.press(key)),
  see: async ({ text, nth = 0, timeout = patience }) => void (await page.getByText(text).nth(nth).waitFor({ timeout })),
  see_role: async ({ timeout = patience, ...o }) => void (await at(o).waitFor({ timeout })),
  gone_role: async ({ timeout = patience, ...o }) => void (await at(o).waitFor({ state: "hidden", timeout })),
  gone: async ({ text, timeout = patience }) => void (await page.getByText(text).first().waitFor({ state: "hidden", timeout })),
  text: async ({ selector }) => page.locator(selector).first().innerText(),
  // `encoding`: what Node calls it; "latin1" is Windows-1252 but for a few characters.
  file: async ({ label, name, content, encoding = "utf8" }) => void (await page.getByLabel(label).setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content, encoding) })),
  // Done when the page has laid itself out anew.
  size: async ({ width, height = 900 }) => {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))));
  },
  theme: async ({ theme }) => void (await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" })),
  shot: async ({ path, full = false }) => void (await page.screenshot({ path, fullPage: full })),
  evaluate: async ({ code }) => page.evaluate(code),
  forget_cookies: async () => void (await context.clearCookies()),
  // Console errors, failed scripts, and what the CSP refused, since the last time.
  faults: async () => faults.splice(0).filter((fault) => !fault.includes(ofAShot)),
  // Violations of WCAG 2.1 A and AA, and ids that two parts have, as text.
  axe: async () => {
    // The CSP lets no script in: the debugger's door isn't the page's.
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(require("node:fs").readFileSync(axe, "utf8") + ";0");
    const found = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }));
    const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((e) => e.id));
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `the id ${id} is there twice`);
    return twice.concat(found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary?.split("\n")[1]?.trim() ?? v.help}`)));
  },
  // The console in a browser that has never seen it, logged in or not: milliseconds from the navigation until `selector` stands there, was
  // painted, and the page has time for its user again; the bytes that crossed the wire for it.
  loading: async ({ path, selector, logged_in }) => {
    const unknown = await browser.newContext({ baseURL: base, viewport: { width: 1280, height: 900 }, ignoreHTTPSErrors: true, storageState: logged_in ? await context.storageState() : undefined });
    const first = await unknown.newPage();
    await first.goto(path, { waitUntil: "commit" });
    const took = await first.evaluate(
      (wanted) =>
        new Promise((done) => {
          const bytes = () => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((sum, e) => sum + e.transferSize, 0);
          const look = () => {
            if (document.querySelector(wanted)) requestAnimationFrame(() => setTimeout(() => done({ ms: performance.now(), bytes: bytes() })));
            else setTimeout(look, 2);
          };
          look();
        }),
      selector,
    );
    await unknown.close();
    return took;
  },
  // Milliseconds from a click on the page's name until its content stands there and was painted.
  opening: async ({ name, selector }) =>
    page.evaluate(
      ([name, selector]) =>
        new Promise((done, failed) => {
          const link = [...document.querySelectorAll("nav a")].find((a) => a.textContent.trim() === name);
          if (!link) return failed(new Error(`no link ${name}`));
          const began = performance.now();
          const look = () => {
            const heading = document.querySelector("h1")?.firstChild?.textContent;
            if (heading === name && document.querySelector(selector)) requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
            else if (performance.now() - began > 20_000) failed(new Error(`${name}: nothing within 20 s`));
            else setTimeout(look, 2);
          };
          link.click();
          look();
        }),
      [name, selector],
    ),
  // Of 60 frames, in milliseconds, while the page is scrolled by so many pixels in each: the middle one, the slowest.
  scrolling: async ({ pixels }) =>
    page.evaluate(
      (by) =>
        new Promise((done) => {
          const [frames, start] = [[], (now) => step(now, now)];
          const step = (now, last) => {
            if (now > last) frames.push(now - last);
            window.scrollBy(0, by);
            if (frames.length < 60) requestAnimationFrame((next) => step(next, now));
            else done(frames.sort((a, b) => a - b) && { middle: frames[30], slowest: frames[59] });
          };
          requestAnimationFrame(start);
        }),
      pixels,
    ),
};

await fresh();
process.stdout.write('{"value":"ready"}\n');
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await verbs[order.do](order)) ?? null };
  } catch (error) {
    answer = { error: `${order.do}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
