//! The certificate that goes with a signing key: self-signed X.509, because the key list of the field carries one
//! (`x5c`) and names keys by its SHA-1 (`x5t`, `kid`). Nobody checks it against a root; the key list comes over
//! TLS.
//!
//! Written by hand in DER: it is one fixed shape of sixty bytes and a key, not worth a library.
//!
//! Source: RFC 5280; directory.md 1.3 (JWKS).

use tenantry_core::Timestamp;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const BIT_STRING: u8 = 0x03;
const INTEGER: u8 = 0x02;
const UTF8_STRING: u8 = 0x0C;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// Field 0 of the body, explicitly tagged: the version.
const VERSION: u8 = 0xA0;

/// Object identifiers, as tag, length, bytes.
const SHA256_WITH_RSA: &[u8] = &[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
const RSA: &[u8] = &[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
const COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];
const NULL: &[u8] = &[0x05, 0x00];

const NAME: &str = "Tenantry token signing";
const DAY_SECONDS: i64 = 86_400;
const VALID_DAYS: i64 = 5 * 365;

/// The part that is signed.
pub(crate) fn body(public_key: &[u8], serial: [u8; 16], made_at: Timestamp) -> Vec<u8> {
    let algorithm = tlv(SEQUENCE, &[SHA256_WITH_RSA, NULL]);
    let name = tlv(SEQUENCE, &[&tlv(SET, &[&tlv(SEQUENCE, &[COMMON_NAME, &tlv(UTF8_STRING, &[NAME.as_bytes()])])])]);
    let valid = [made_at.plus_seconds(-DAY_SECONDS), made_at.plus_seconds(VALID_DAYS * DAY_SECONDS)].map(time);
    let key = tlv(SEQUENCE, &[&tlv(SEQUENCE, &[RSA, NULL]), &tlv(BIT_STRING, &[&[0], public_key])]);
    // A serial number is positive and its shortest form does not begin with a zero byte.
    let mut serial = serial;
    serial[0] = serial[0] & 0x3F | 0x40;
    tlv(
        SEQUENCE,
        &[
            &tlv(VERSION, &[&tlv(INTEGER, &[&[2]])]),
            &tlv(INTEGER, &[&serial]),
            &algorithm,
            &name,
            &tlv(SEQUENCE, &[&valid[0], &valid[1]]),
            &name,
            &key,
        ],
    )
}

/// The whole: body, algorithm, signature.
pub(crate) fn whole(body: &[u8], signature: &[u8]) -> Vec<u8> {
    tlv(SEQUENCE, &[body, &tlv(SEQUENCE, &[SHA256_WITH_RSA, NULL]), &tlv(BIT_STRING, &[&[0], signature])])
}

/// Two-digit years up to 2049, four digits after: so the standard wants it.
fn time(at: Timestamp) -> Vec<u8> {
    let (year, month, day) = at.day().date();
    let second = at.seconds().rem_euclid(DAY_SECONDS);
    let rest = format!("{month:02}{day:02}{:02}{:02}{:02}Z", second / 3600, second / 60 % 60, second % 60);
    if (1950..2050).contains(&year) {
        tlv(UTC_TIME, &[format!("{:02}{rest}", year % 100).as_bytes()])
    } else {
        tlv(GENERALIZED_TIME, &[format!("{year:04}{rest}").as_bytes()])
    }
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut written = vec![tag];
    match significant {
        [] => written.push(0),
        [short] if *short < 0x80 => written.push(*short),
        // At most eight length bytes, so the count fits beside the flag.
        long => {
            written.push(0x80 | u8::try_from(long.len()).unwrap_or(0));
            written.extend_from_slice(long);
        }
    }
    written.extend_from_slice(&content);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_shortest_form() {
        for (length, head) in [
            (0, vec![4, 0]),
            (127, vec![4, 127]),
            (128, vec![4, 0x81, 128]),
            (255, vec![4, 0x81, 255]),
            (256, vec![4, 0x82, 1, 0]),
        ] {
            let content = vec![7; length];
            assert_eq!(tlv(4, &[&content]), [head, content].concat(), "{length}");
        }
    }

    #[test]
    fn years_change_their_form_in_2050() {
        let text = |at: &str| String::from_utf8(time(Timestamp::parse(at).unwrap()).split_off(2)).unwrap();
        assert_eq!(text("2026-01-02T03:04:05Z"), "260102030405Z");
        assert_eq!(text("2049-12-31T23:59:59Z"), "491231235959Z");
        assert_eq!(text("2050-01-01T00:00:00Z"), "20500101000000Z");
    }
}
