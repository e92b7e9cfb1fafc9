// @azure/msal-node: every way to a token that it has.

import { ConfidentialClientApplication, CryptoProvider, PublicClientApplication } from "@azure/msal-node";
import { walk } from "./browser.mjs";
import { privateKey, thumbprintSha256 } from "./certificate.mjs";
import { HOST, MICROSOFT_GRAPH, ORIGIN, PARTNER_CENTER, assert, claimsOf, partner, person, step } from "./steps.mjs";

const { webApp, commandLineApp } = partner;
const auth = (tenant = partner.tenantId) => ({ authority: `${ORIGIN}/${tenant}`, knownAuthorities: [HOST] });
const confidential = (credential = { clientSecret: webApp.appSecret }, tenant) =>
  new ConfidentialClientApplication({ auth: { clientId: webApp.appId, ...credential, ...auth(tenant) } });
const pub = () => new PublicClientApplication({ auth: { clientId: commandLineApp.appId, ...auth() } });
const admin = person(partner, "admin");
const delegated = [`${PARTNER_CENTER}/user_impersonation`];

await step("application by secret", async () => {
  const answer = await confidential().acquireTokenByClientCredential({ scopes: [`${PARTNER_CENTER}/.default`] });
  assert.equal(claimsOf(answer.accessToken).appid, webApp.appId);
});

await step("application by certificate, named by SHA-256, signed with PS256", async () => {
  const client = confidential({ clientCertificate: { thumbprintSha256, privateKey } });
  const answer = await client.acquireTokenByClientCredential({ scopes: [`${PARTNER_CENTER}/.default`] });
  assert.equal(claimsOf(answer.accessToken).appidacr, "2");
});

await step("wrong secret: invalid_client", async () => {
  const client = confidential({ clientSecret: "wrong" });
  const refusal = await client.acquireTokenByClientCredential({ scopes: [`${PARTNER_CENTER}/.default`] }).catch((e) => e);
  assert.equal(refusal.errorCode, "invalid_client");
  assert.match(refusal.message, /AADSTS7000215/);
});

await step("authorization code with PKCE; an ID token without a nonce that nobody asked for", async () => {
  const client = confidential();
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const asked = { scopes: delegated, redirectUri: webApp.redirectUri };
  const start = await client.getAuthCodeUrl({ ...asked, codeChallenge: challenge, codeChallengeMethod: "S256", state: "s" });
  const { url } = await walk(start, admin, webApp.redirectUri);
  const answered = new URL(url).searchParams;
  assert.equal(answered.get("state"), "s");
  const answer = await client.acquireTokenByCode({ ...asked, code: answered.get("code"), codeVerifier: verifier });
  assert.equal(answer.account.username, admin.username);
  assert.equal(claimsOf(answer.accessToken).scp, "user_impersonation");
  const again = await client.acquireTokenSilent({ account: answer.account, scopes: [`${MICROSOFT_GRAPH}/User.Read`] });
  assert.equal(claimsOf(again.accessToken).aud, MICROSOFT_GRAPH);
});

await step("a PKCE verifier that does not fit is refused", async () => {
  const client = confidential();
  const { challenge } = await new CryptoProvider().generatePkceCodes();
  const asked = { scopes: delegated, redirectUri: webApp.redirectUri };
  const start = await client.getAuthCodeUrl({ ...asked, codeChallenge: challenge, codeChallengeMethod: "S256" });
  const { url } = await walk(start, admin, webApp.redirectUri);
  const code = new URL(url).searchParams.get("code");
  const refusal = await client.acquireTokenByCode({ ...asked, code, codeVerifier: "x".repeat(43) }).catch((e) => e);
  assert.equal(refusal.errorCode, "invalid_grant");
});

let forService;
await step("device code", async () => {
  const scopes = [`${webApp.appId}/.default`];
  const deviceCodeCallback = ({ verificationUri, userCode }) => walk(verificationUri, { ...admin, user_code: userCode });
  forService = await pub().acquireTokenByDeviceCode({ scopes, deviceCodeCallback });
  assert.equal(forService.account.username, admin.username);
});

await step("on behalf of", async () => {
  const oboAssertion = forService.accessToken;
  const answer = await confidential().acquireTokenOnBehalfOf({ oboAssertion, scopes: [`${MICROSOFT_GRAPH}/User.Read`] });
  assert.equal(claimsOf(answer.accessToken).upn, admin.username);
});

await step("user name and password, which this world allows", async () => {
  const answer = await pub().acquireTokenByUsernamePassword({ scopes: delegated, ...admin });
  assert.equal(answer.account.username, admin.username);
});
