// Steps: each says what a user can rely on, and fails loudly. As python/steps.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export { assert };
export const demo = JSON.parse(readFileSync(process.env.TENANTRY_DEMO, "utf8"));
export const ORIGIN = demo.origin;
export const HOST = ORIGIN.replace("https://", "");
export const { partner } = demo;
export const PARTNER_CENTER = "https://api.partnercenter.microsoft.com";
export const MICROSOFT_GRAPH = "https://graph.microsoft.com";

/** Name and password of somebody of a party, by the part they play. */
export function person(party, part) {
  const found = party.people.filter((one) => one.part === part);
  assert.equal(found.length, 1, `who plays ${part}`);
  return { username: found[0].name, password: found[0].password };
}

/** Runs a step and prints its line. The first that fails ends the program. */
export async function step(what, run) {
  try {
    await run();
  } catch (failure) {
    console.error(failure);
    console.log(`FAILED  ${what}`);
    process.exit(1);
  }
  console.log(`ok  ${what}`);
}

/** What a token says. */
export function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString("utf8"));
}
