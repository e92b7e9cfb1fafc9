//! What a reader sees on a PDF: the texts drawn on its pages, decoded with the maps that the file itself carries.

use flate2::read::ZlibDecoder;
use std::collections::BTreeMap;
use std::io::Read;

/// The texts of a document, one a line. Each is decoded as every font of the file would show it: the files have two, and
/// a figure stands in the right one.
pub fn texts(pdf: &[u8]) -> String {
    let streams: Vec<String> = streams(pdf).into_iter().map(|stream| latin(&stream)).collect();
    let maps: Vec<_> = streams.iter().filter(|text| text.contains("beginbfchar")).map(|text| map(text)).collect();
    assert!(!maps.is_empty(), "a file without a map from glyphs to characters");
    let mut seen = String::new();
    for page in streams.iter().filter(|text| text.contains(" Tf")) {
        for drawn in strings(page) {
            for map in &maps {
                let decoded: String = drawn.chunks(2).filter_map(|pair| map.get(&code(pair)).cloned()).collect();
                seen.push_str(&decoded);
                seen.push('\n');
            }
        }
    }
    seen
}

fn code(pair: &[u8]) -> u16 {
    pair.iter().fold(0, |code, byte| code << 8 | u16::from(*byte))
}

/// Byte for byte, so that positions stay what they are.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// All streams that can be inflated.
fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let text = latin(pdf);
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = find(&chars, rest, "\nstream\n") {
        let from = at + "\nstream\n".len();
        let to = find(&chars, from, "endstream").unwrap();
        let mut plain = Vec::new();
        if ZlibDecoder::new(&pdf[from..to]).read_to_end(&mut plain).is_ok() {
            found.push(plain);
        }
        rest = to + "endstream".len();
    }
    found
}

fn find(chars: &[char], from: usize, wanted: &str) -> Option<usize> {
    let wanted: Vec<char> = wanted.chars().collect();
    (from..chars.len().saturating_sub(wanted.len() - 1)).find(|at| chars[*at..at + wanted.len()] == wanted[..])
}

/// `<0001> <0041>` of a map.
fn map(text: &str) -> BTreeMap<u16, String> {
    let mut map = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with('<')) {
        let parts: Vec<&str> = line.split(['<', '>', ' ']).filter(|part| !part.is_empty()).collect();
        let [code, units] = parts.as_slice() else { continue };
        let units: Vec<u16> = units
            .as_bytes()
            .chunks(4)
            .filter_map(|hex| u16::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok())
            .collect();
        if let Ok(code) = u16::from_str_radix(code, 16) {
            map.insert(code, String::from_utf16_lossy(&units));
        }
    }
    map
}

/// The strings drawn on a page: `<..>` in hex or `(..)` with escapes, each followed by `Tj`.
fn strings(page: &str) -> Vec<Vec<u8>> {
    let bytes: Vec<u8> = page.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let (string, next) = match bytes[at] {
            b'<' => hex(&bytes, at + 1),
            b'(' => literal(&bytes, at + 1),
            _ => {
                at += 1;
                continue;
            }
        };
        found.push(string);
        at = next;
    }
    found
}

fn hex(bytes: &[u8], from: usize) -> (Vec<u8>, usize) {
    let to = from + bytes[from..].iter().position(|byte| *byte == b'>').unwrap();
    let digits = std::str::from_utf8(&bytes[from..to]).unwrap();
    let string =
        digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
    (string.collect(), to + 1)
}

fn literal(bytes: &[u8], from: usize) -> (Vec<u8>, usize) {
    let (mut string, mut at, mut open) = (Vec::new(), from, 1);
    loop {
        match bytes[at] {
            b'\\' => {
                at += 1;
                let digits = bytes[at..].iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
                if digits > 0 {
                    let octal = std::str::from_utf8(&bytes[at..at + digits]).unwrap();
                    string.push(u8::from_str_radix(octal, 8).unwrap());
                    at += digits;
                    continue;
                }
                string.push(match bytes[at] {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    other => other,
                });
            }
            b')' if open == 1 => return (string, at + 1),
            byte => {
                open += i32::from(byte == b'(') - i32::from(byte == b')');
                string.push(byte);
            }
        }
        at += 1;
    }
}
