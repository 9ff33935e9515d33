// What a browser and two checkers say of pages: `node check.mjs PAGE...` prints one JSON array on standard output.
// The browser is the one CHROMIUM names; nothing is downloaded, and the pages load nothing.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const validator = new HtmlValidate({
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    // How the source is indented is for nobody's eyes; long titles are sentences on purpose.
    "no-trailing-whitespace": "off",
    "long-title": "off",
    "void-style": "off",
    // Inline scripts and styles are what the policy of the page names by hash.
    "no-inline-style": "error",
  },
});
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });

async function opened(path, options, bypass = false) {
  const context = await browser.newContext({ bypassCSP: bypass, ...options });
  const page = await context.newPage();
  const heard = [];
  page.on("console", (message) => message.type() !== "log" && heard.push(message.text()));
  page.on("pageerror", (error) => heard.push(String(error)));
  page.on("dialog", (dialog) => { heard.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => !/^(file|data):/.test(request.url()) && heard.push(`request: ${request.url()}`));
  await page.goto(pathToFileURL(path).href);
  return { context, page, heard };
}

async function violations(path, options) {
  const { context, page } = await opened(path, options, true);
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  await context.close();
  return found.violations.map((one) => `${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(" | ")}`);
}

async function behaviour(path) {
  const { context, page, heard } = await opened(path, { viewport: { width: 320, height: 640 } });
  const wide = await page.evaluate(() =>
    document.documentElement.scrollWidth <= 320
      ? []
      : [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 321).slice(0, 5).map((e) => e.outerHTML.slice(0, 120)));
  await page.setViewportSize({ width: 1280, height: 900 });
  const rows = page.locator("tr[id^='F-']");
  const all = await rows.count();
  const filter = page.locator(".tools input").first();
  const tools = (await filter.count()) > 0 && (await filter.isVisible());
  if (tools) await filter.fill("zzzz-nothing-of-that-name");
  const left = await rows.evaluateAll((list) => list.filter((row) => row.offsetParent !== null).length);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input, summary")]
      .filter((e) => e.offsetParent !== null)
      .filter((e) => { const box = e.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
      .map((e) => e.outerHTML.slice(0, 120)));
  await context.close();
  return { heard, wide, all, tools, left, small };
}

async function without(path) {
  const { context, page } = await opened(path, { javaScriptEnabled: false });
  const text = await page.locator("body").innerText();
  const shown = page.locator(".tools").first();
  const tools = (await shown.count()) > 0 && (await shown.isVisible());
  await context.close();
  return { length: text.length, tools };
}

const said = [];
try {
  for (const path of process.argv.slice(2)) {
    const report = await validator.validateFile(path);
    said.push({
      path,
      markup: report.results.flatMap((one) => one.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`)),
      light: await violations(path, { colorScheme: "light" }),
      dark: await violations(path, { colorScheme: "dark" }),
      narrow: await violations(path, { viewport: { width: 320, height: 640 } }),
      behaviour: await behaviour(path),
      without: await without(path),
    });
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(said));
