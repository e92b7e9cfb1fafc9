// The key and certificate that conformance/run made with openssl and registered on the web application.

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

export const privateKey = readFileSync(process.env.TENANTRY_KEY, "utf8");
export const certificate = readFileSync(process.env.TENANTRY_CERTIFICATE, "utf8");
export const thumbprintSha256 = new X509Certificate(certificate).fingerprint256.replaceAll(":", "");
export const bundlePath = process.env.TENANTRY_KEY_AND_CERTIFICATE;
