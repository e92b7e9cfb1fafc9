// @azure/identity: its credentials, as an SDK of the field gets them handed.

import {
  ClientCertificateCredential,
  ClientSecretCredential,
  DeviceCodeCredential,
  OnBehalfOfCredential,
  UsernamePasswordCredential,
} from "@azure/identity";
import { walk } from "./browser.mjs";
import { bundlePath } from "./certificate.mjs";
import { MICROSOFT_GRAPH, ORIGIN, PARTNER_CENTER, assert, claimsOf, partner, person, step } from "./steps.mjs";

const { tenantId, webApp, commandLineApp } = partner;
const settings = { authorityHost: ORIGIN, disableInstanceDiscovery: true };
const scope = `${PARTNER_CENTER}/.default`;
const admin = person(partner, "admin");

await step("ClientSecretCredential", async () => {
  const { token } = await new ClientSecretCredential(tenantId, webApp.appId, webApp.appSecret, settings).getToken(scope);
  assert.equal(claimsOf(token).appid, webApp.appId);
});

await step("ClientCertificateCredential", async () => {
  const { token } = await new ClientCertificateCredential(tenantId, webApp.appId, bundlePath, settings).getToken(scope);
  assert.equal(claimsOf(token).appidacr, "2");
});

await step("ClientSecretCredential with a wrong secret says AADSTS7000215", async () => {
  const refusal = await new ClientSecretCredential(tenantId, webApp.appId, "wrong", settings).getToken(scope).catch((e) => e);
  assert.match(refusal.message, /AADSTS7000215/);
});

await step("UsernamePasswordCredential, which this world allows", async () => {
  const known = new UsernamePasswordCredential(tenantId, commandLineApp.appId, admin.username, admin.password, settings);
  const { token } = await known.getToken(`${PARTNER_CENTER}/user_impersonation`);
  assert.equal(claimsOf(token).upn, admin.username);
});

await step("DeviceCodeCredential and OnBehalfOfCredential", async () => {
  const userPromptCallback = ({ verificationUri, userCode }) => void walk(verificationUri, { ...admin, user_code: userCode });
  const asked = { tenantId, clientId: commandLineApp.appId, userPromptCallback, ...settings };
  const { token } = await new DeviceCodeCredential(asked).getToken(`${webApp.appId}/.default`);
  const service = { tenantId, clientId: webApp.appId, clientSecret: webApp.appSecret, userAssertionToken: token };
  const passed = await new OnBehalfOfCredential({ ...service, ...settings }).getToken(`${MICROSOFT_GRAPH}/User.Read`);
  assert.equal(claimsOf(passed.token).upn, admin.username);
});
