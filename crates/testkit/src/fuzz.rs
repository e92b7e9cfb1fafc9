//! Fuzzing on stable Rust, in seconds: a corpus of small real inputs, and a mutator that knows what text is made of.
//!
//! A fuzzer without knowledge spends its life on inputs that the first byte betrays. This one cuts an input into tokens
//! (strings, numbers, words, punctuation, blanks) and swaps, repeats, drops, nests and exchanges those, with words of a
//! dictionary among them; some inputs are changed as bytes, which is what a bad disk does. Everything comes from a seed,
//! so that a failure comes again.
//!
//! A target is a function from bytes to a [`Seen`]. It asserts what must hold of what it accepts (most often: written
//! out and read again it is the same). Here it is held that a refusal says something, and that a target has seen both:
//! one that refuses everything, or accepts everything, has tested nothing.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `TENANTRY_FUZZ_ROUNDS` | mutations of each target; about a second's worth if not given |
//! | `TENANTRY_FUZZ_SEED` | another path through the inputs; 1 if not given |
//! | `TENANTRY_FUZZ_TRACE` | says each input before it is tried, for failures that end the process |
//!
//! A corpus is a folder of files (`tests/fuzz/corpus/<name>/`), each one input; in a file `*.lines` each line is one. A failed test prints the input:
//! put it into the corpus once it is understood, and it is tried first from then on.
//!
//! The tests of the crates below the testkit include this file by its path; it uses `core` and nothing else of ours.

use std::io::Write;
use std::path::Path;
use std::thread::panicking;
use tenantry_core::Chance;

/// What a target made of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It was read.
    Accepted,
    /// It was refused, with this message.
    Refused(String),
}

/// A parser under test.
#[derive(Debug)]
pub struct Target {
    name: &'static str,
    corpus: Vec<(String, Vec<u8>)>,
    dictionary: &'static [&'static str],
    rounds: u64,
}

/// One input. If the test fails while it lives, it prints itself.
#[derive(Debug)]
pub struct Input {
    target: &'static str,
    origin: String,
    /// What to read.
    pub bytes: Vec<u8>,
}

/// How many inputs were accepted and refused.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    accepted: u64,
    refused: u64,
}

/// Inputs with their origin: the corpus of a target of a crate,
/// `corpus(env!("CARGO_MANIFEST_DIR"), "quantities")`.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn corpus(crate_directory: &str, name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(crate_directory).join("tests/fuzz/corpus").join(name);
    let listed = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = listed.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| inputs_of(path)).collect()
}

impl Target {
    /// A target that tries these inputs and so many mutations of them, with these words among them.
    ///
    /// # Panics
    /// When there is no input.
    #[must_use]
    pub fn new(
        name: &'static str,
        corpus: Vec<(String, Vec<u8>)>,
        rounds: u64,
        dictionary: &'static [&'static str],
    ) -> Self {
        assert!(!corpus.is_empty(), "{name} has no corpus");
        Self { name, corpus, dictionary, rounds: number("TENANTRY_FUZZ_ROUNDS").unwrap_or(rounds) }
    }

    /// Each file of the corpus as it is, then mutations of them.
    pub fn inputs(&self) -> impl Iterator<Item = Input> {
        let seed = number("TENANTRY_FUZZ_SEED").unwrap_or(1);
        let trace = variable("TENANTRY_FUZZ_TRACE").is_some();
        let whole = self.corpus.iter().map(|(path, bytes)| (path.clone(), bytes.clone()));
        let mutated = (0..self.rounds).map(move |round| {
            // A round is a function of its number alone, so that one can be had again without those before it.
            let chance = Chance::from_seed(seed.wrapping_mul(1_000_003).wrapping_add(round));
            (format!("round {round} of seed {seed}"), self.mutation(&chance))
        });
        whole.chain(mutated).map(move |(origin, bytes)| {
            let input = Input { target: self.name, origin, bytes };
            if trace {
                input.say();
            }
            input
        })
    }

    /// Tries all inputs on a target that does not wait.
    ///
    /// # Panics
    /// When the target does, when a refusal says nothing, when all inputs were accepted or all refused.
    pub fn run(&self, mut target: impl FnMut(&[u8]) -> Seen) {
        let mut tally = Tally::default();
        for input in self.inputs() {
            tally.count(target(&input.bytes));
        }
        tally.judge(self.name);
    }

    /// Mostly one change: after many nothing is left of what made the input real.
    fn mutation(&self, chance: &Chance) -> Vec<u8> {
        let mut bytes = self.any(chance).to_vec();
        let changes = if below(chance, 3) == 0 { 2 + below(chance, 4) } else { 1 };
        for _ in 0..changes {
            bytes = match below(chance, 6) {
                0 => of_bytes(bytes, chance),
                1..=2 => self.exchanged(&bytes, chance),
                _ => self.of_tokens(&bytes, chance),
            };
            bytes.truncate(BYTES_MAX);
        }
        bytes
    }

    /// A value in place of another of its kind: a number for a number, a string for a string.
    fn exchanged(&self, bytes: &[u8], chance: &Chance) -> Vec<u8> {
        let (mut tokens, other) = (tokens(bytes), self::tokens(self.any(chance)));
        let values: Vec<_> = (0..tokens.len()).filter(|at| kind(tokens[*at]) != Kind::Sign).collect();
        let Some(at) = values.get(below(chance, values.len())).copied() else { return bytes.to_vec() };
        let same: Vec<_> = other.into_iter().filter(|token| kind(token) == kind(tokens[at])).collect();
        let changed = changed(tokens[at], chance);
        tokens[at] = match same.get(below(chance, same.len())) {
            Some(token) if below(chance, 2) == 0 => token,
            _ => &changed,
        };
        tokens.concat()
    }

    fn any(&self, chance: &Chance) -> &[u8] {
        &self.corpus[below(chance, self.corpus.len())].1
    }

    fn of_tokens(&self, bytes: &[u8], chance: &Chance) -> Vec<u8> {
        let mut tokens = tokens(bytes);
        if tokens.is_empty() {
            return self.word(chance);
        }
        let at = below(chance, tokens.len());
        let end = at + 1 + below(chance, (tokens.len() - at).min(12));
        let word;
        match below(chance, 9) {
            0 => drop(tokens.drain(at..end)),
            1 => {
                let repeated = tokens[at..end].repeat(1 + below(chance, 3));
                tokens.splice(at..at, repeated);
            }
            2 => {
                // A long run of the same token: nesting, blanks, digits without end.
                let repeated = vec![tokens[at]; below(chance, 400)];
                tokens.splice(at..at, repeated);
            }
            3 => {
                let other = below(chance, tokens.len());
                tokens.swap(at, other);
            }
            4 => {
                word = changed(tokens[at], chance);
                tokens[at] = &word;
            }
            5 => {
                word = self.word(chance);
                tokens[at] = &word;
            }
            6 => {
                word = self.word(chance);
                tokens.insert(at, &word);
            }
            7 => {
                // A piece of another input.
                let other = self::tokens(self.any(chance));
                if !other.is_empty() {
                    let from = below(chance, other.len());
                    let to = from + 1 + below(chance, (other.len() - from).min(12));
                    tokens.splice(at..at, other[from..to].iter().copied());
                }
            }
            _ => tokens.truncate(at),
        }
        tokens.concat()
    }

    fn word(&self, chance: &Chance) -> Vec<u8> {
        let count = self.dictionary.len() + ALWAYS.len();
        let at = below(chance, count);
        self.dictionary.get(at).unwrap_or_else(|| &ALWAYS[at - self.dictionary.len()]).as_bytes().to_vec()
    }
}

impl Tally {
    /// Counts an answer.
    ///
    /// # Panics
    /// When a refusal says nothing.
    pub fn count(&mut self, seen: Seen) {
        match seen {
            Seen::Accepted => self.accepted += 1,
            Seen::Refused(said) => {
                assert!(!said.trim().is_empty(), "refused without a word");
                self.refused += 1;
            }
        }
    }

    /// # Panics
    /// When all inputs were accepted, or all refused.
    pub fn judge(self, name: &str) {
        let Self { accepted, refused } = self;
        assert!(accepted > 0 && refused > 0, "{name}: {accepted} accepted, {refused} refused: nothing was tested");
        say(&format!("{name}: {accepted} inputs accepted, {refused} refused"));
    }
}

impl Input {
    fn say(&self) {
        let Self { target, origin, bytes } = self;
        let shown = &bytes[..bytes.len().min(SHOWN_MAX)];
        let rest = if shown.len() < bytes.len() { ".." } else { "" };
        say(&format!("{target}, {origin}: {} bytes: {}{rest}", bytes.len(), shown.escape_ascii()));
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if panicking() {
            self.say();
        }
    }
}

/// What a file of a corpus holds.
fn inputs_of(path: &Path) -> Vec<(String, Vec<u8>)> {
    let (name, bytes) = (path.display().to_string(), std::fs::read(path).unwrap());
    if path.extension().is_some_and(|kind| kind == "lines") {
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        return lines.map(|line| (name.clone(), line.to_vec())).collect();
    }
    vec![(name, bytes)]
}

/// Longer inputs take time and find nothing that shorter ones do not.
const BYTES_MAX: usize = 16 << 10;
/// Bytes of an input that are printed.
const SHOWN_MAX: usize = 4 << 10;

/// Words that readers of text stumble over.
const ALWAYS: [&str; 40] = [
    "0",
    "-0",
    "1",
    "-1",
    "1e400",
    "1e-400",
    "6E-06",
    "+5",
    ".5",
    "5.",
    "0x1F",
    "NaN",
    "Infinity",
    "null",
    "true",
    "\"\"",
    "99999999999999999999999999999999999999999999",
    "0.0000000000000000001",
    "170141183460469231731687303715884105727",
    "9223372036854775808",
    "-9223372036854775809",
    "4294967296",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "\u{10ffff}",
    "ß",
    "İ",
    "'",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\r\n",
    " ",
];

/// Other bytes in a place or two, or the end cut off: what wires and disks do.
fn of_bytes(mut bytes: Vec<u8>, chance: &Chance) -> Vec<u8> {
    if bytes.is_empty() {
        return chance.bytes::<3>().to_vec();
    }
    let at = below(chance, bytes.len());
    match below(chance, 5) {
        0 => bytes[at] ^= 1 << below(chance, 8),
        1 => bytes[at] = chance.bytes::<1>()[0],
        2 => bytes.insert(at, chance.bytes::<1>()[0]),
        3 => drop(bytes.remove(at)),
        _ => bytes.truncate(at),
    }
    bytes
}

/// Cuts into strings, numbers, words, blanks and single signs. Nothing is lost: together they are the input.
fn tokens(bytes: &[u8]) -> Vec<&[u8]> {
    let mut tokens = Vec::new();
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        let length = match first {
            b'"' | b'\'' => string(rest, *first),
            b'0'..=b'9' => run(rest, |byte| byte.is_ascii_digit() || byte == b'.'),
            b' ' | b'\t' | b'\r' | b'\n' => run(rest, |byte| byte.is_ascii_whitespace()),
            _ if word_byte(*first) => run(rest, word_byte),
            _ => 1,
        };
        let (token, behind) = rest.split_at(length);
        tokens.push(token);
        rest = behind;
    }
    tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Word,
    Sign,
}

fn kind(token: &[u8]) -> Kind {
    match token.first() {
        Some(b'"' | b'\'') => Kind::Text,
        Some(b'0'..=b'9') => Kind::Number,
        Some(first) if word_byte(*first) => Kind::Word,
        _ => Kind::Sign,
    }
}

const fn word_byte(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| belongs(**byte)).count()
}

/// A string to its closing quote; to the line's end in text that has none.
fn string(bytes: &[u8], quote: u8) -> usize {
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'\n' => return at,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if *byte == quote => return at + 1,
            _ => {}
        }
    }
    bytes.len()
}

/// A token of the same kind: another number near a limit, a string with something in its middle.
fn changed(token: &[u8], chance: &Chance) -> Vec<u8> {
    let (kind, mut token) = (kind(token), token.to_vec());
    if kind == Kind::Number {
        let digit = token[below(chance, token.len())];
        let at = below(chance, token.len());
        match below(chance, 4) {
            0 => token[at] = b"0123456789"[below(chance, 10)],
            1 => token.splice(at..at, vec![digit; 1 + below(chance, 40)]).for_each(drop),
            2 => token.extend_from_slice(b".000000000000000001"),
            _ => token.insert(0, b'-'),
        }
        return token;
    }
    // Within the quotes: a string stays one.
    let at = if kind == Kind::Text { 1 + below(chance, token.len() - 1) } else { below(chance, token.len() + 1) };
    let inside: &[u8] = match below(chance, 6) {
        0 => b"\\u00e9",
        1 => "\u{1f600}".as_bytes(),
        2 => b"\0",
        3 => b"\xff",
        4 => b"''",
        _ => b"%2F..%00",
    };
    token.splice(at..at, inside.iter().copied());
    token
}

fn below(chance: &Chance, bound: usize) -> usize {
    let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
    usize::try_from(chance.below(bound)).unwrap_or_default()
}

fn number(name: &str) -> Option<u64> {
    variable(name).map(|said| said.parse().unwrap_or_else(|_| panic!("{name}={said} is no number")))
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not a setting of the program")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Not `eprintln!`: the harness keeps that back, and has nothing to show when an input ends the process.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_whole_input() {
        for (text, expected) in [
            (r#"{"a":1.5e-3}"#, vec!["{", "\"a\"", ":", "1.5", "e", "-", "3", "}"]),
            (r#""say \"no\"" x"#, vec![r#""say \"no\"""#, " ", "x"]),
            ("day eq 'o''clock'\n", vec!["day", " ", "eq", " ", "'o'", "'clock'", "\n"]),
            ("\"never ends\nnext", vec!["\"never ends", "\n", "next"]),
        ] {
            let seen: Vec<_> = tokens(text.as_bytes()).into_iter().map(|t| String::from_utf8_lossy(t)).collect();
            assert_eq!(seen, expected);
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(tokens(&all).concat(), all);
    }

    #[test]
    fn a_round_gives_the_same_input_again_and_rounds_differ() {
        let corpus = vec![(String::new(), br#"[{"a":"b","c":12},{"a":null}]"#.to_vec())];
        let target = Target { name: "test", corpus, dictionary: &["word"], rounds: 200 };
        let bytes = |target: &Target| target.inputs().map(|input| input.bytes.clone()).collect::<Vec<_>>();
        let once = bytes(&target);
        assert_eq!(once, bytes(&target));
        let different: std::collections::BTreeSet<_> = once.iter().collect();
        assert!(different.len() > 150, "{} different ones", different.len());
    }

    #[test]
    #[should_panic(expected = "nothing was tested")]
    fn a_target_that_refuses_everything_has_tested_nothing() {
        let mut tally = Tally::default();
        tally.count(Seen::Refused("no".to_owned()));
        tally.judge("test");
    }
}
