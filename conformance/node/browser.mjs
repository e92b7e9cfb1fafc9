// A browser without JavaScript, for the pages a client sends its user to. As python/browser.py.

import { assert } from "./steps.mjs";

const attribute = (tag, name) => {
  const found = new RegExp(`\\b${name}="([^"]*)"`, "i").exec(tag);
  return found ? unescape(found[1]) : undefined;
};

const unescape = (text) =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

/** The first form of a page: where it goes, how, and with what. */
function formOf(page, answers) {
  const form = /<form\b[^>]*>[\s\S]*?<\/form>/i.exec(page);
  if (!form) return undefined;
  const opening = /<form\b[^>]*>/i.exec(form[0])[0];
  const fields = {};
  for (const [tag] of form[0].matchAll(/<input\b[^>]*>/gi)) {
    const [name, type] = [attribute(tag, "name"), attribute(tag, "type") ?? "text"];
    const chosen = !["checkbox", "radio"].includes(type) || /\bchecked\b/i.test(tag);
    if (name && chosen && type !== "submit") fields[name] = answers[name] ?? attribute(tag, "value") ?? "";
  }
  const buttons = [...form[0].matchAll(/<button\b[^>]*>/gi)].map(([tag]) => tag).filter((tag) => attribute(tag, "name"));
  const pressed = buttons.find((tag) => ["accept", "continue", "yes"].includes(attribute(tag, "value"))) ?? buttons[0];
  if (pressed) fields[attribute(pressed, "name")] = attribute(pressed, "value") ?? "";
  return { action: attribute(opening, "action") ?? "", method: (attribute(opening, "method") ?? "get").toLowerCase(), fields };
}

/** Opens a page, fills what it asks for, goes on until an address begins with `until` or a page asks for nothing more. */
export async function walk(url, answers, until = "\0") {
  const cookies = new Map();
  let [method, fields] = ["get", {}];
  for (let pages = 0; pages < 20; pages += 1) {
    if (url.startsWith(until)) return { url, fields };
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const body = new URLSearchParams(fields);
    const asked = method === "post" ? { method: "POST", body } : {};
    const answer = await fetch(url, { ...asked, headers: { cookie }, redirect: "manual" });
    for (const set of answer.headers.getSetCookie()) {
      const [name, ...value] = set.split(";")[0].split("=");
      cookies.set(name, value.join("="));
    }
    if (answer.status >= 300 && answer.status < 400) {
      [url, method, fields] = [new URL(answer.headers.get("location"), url).href, "get", {}];
      continue;
    }
    const page = await answer.text();
    assert.equal(answer.status, 200, `${url}: ${page}`);
    const form = formOf(page, answers);
    if (!form) return { url, page };
    [url, method, fields] = [new URL(form.action || url, url).href, form.method, form.fields];
  }
  throw new Error(`still not there after 20 pages: ${url}`);
}
