//! Just enough Rust to tell code from comments and strings, and to find where functions and tests begin and end.
//!
//! A real parser would know more, and would be the largest dependency of the smallest program here. The rules of
//! `tidy` and `arrows` need three facts only: what is code, where a brace closes, which lines are tests.

use std::ops::RangeInclusive;

/// A Rust file with parts of it blanked out. Lines and columns stay where they were.
#[derive(Debug)]
pub struct Source {
    /// Code alone: comments and literals are blanks.
    pub code: String,
    /// Code and comments: literals are blanks.
    pub prose: String,
}

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    /// The line of its `fn`, from 1.
    pub line: usize,
    /// Lines from `fn` to the closing brace, both included.
    pub length: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

impl Source {
    pub fn new(text: &str) -> Self {
        let text: Vec<char> = text.chars().collect();
        let (mut code, mut prose) = (String::new(), String::new());
        let mut at = 0;
        while at < text.len() {
            let (kind, end) = piece(&text, at);
            for &c in &text[at..end] {
                let blank = if c == '\n' { '\n' } else { ' ' };
                code.push(if kind == Kind::Code { c } else { blank });
                prose.push(if kind == Kind::Literal { blank } else { c });
            }
            at = end;
        }
        Self { code, prose }
    }

    /// Every function that has a body, in order. Closures belong to the function around them.
    pub fn functions(&self) -> Vec<Function> {
        let words = words(&self.code);
        let named = words.windows(2).filter(|pair| pair[0].1 == "fn");
        named
            .filter_map(|pair| {
                let ((at, _), (name_at, name)) = (pair[0], pair[1]);
                // `fn(u8)` is a type; its next word stands behind a parenthesis.
                let adjacent = self.code[at + 2..name_at].chars().all(char::is_whitespace);
                let open = body(&self.code, name_at).filter(|_| adjacent)?;
                let (line, last) = (line_of(&self.code, at), line_of(&self.code, closing(&self.code, open)));
                Some(Function { name: name.to_owned(), line, length: last - line + 1 })
            })
            .collect()
    }

    /// The lines of items marked `#[cfg(test)]`.
    pub fn tests(&self) -> Vec<RangeInclusive<usize>> {
        let marks = self.code.match_indices("#[cfg(test)]").map(|(at, mark)| (at, at + mark.len()));
        marks
            .map(|(at, after)| {
                let last = body(&self.code, after).map_or(after, |open| closing(&self.code, open));
                line_of(&self.code, at)..=line_of(&self.code, last)
            })
            .collect()
    }
}

/// The words of a text (letters, digits, underscores) and the byte each begins at.
pub fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = c.is_alphanumeric() || c == '_';
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// What begins at `at`, and where it ends. Never empty.
fn piece(text: &[char], at: usize) -> (Kind, usize) {
    let next = text.get(at + 1).copied();
    match text[at] {
        '/' if next == Some('/') => (Kind::Comment, find(text, at, |c| c == '\n')),
        '/' if next == Some('*') => (Kind::Comment, block_comment(text, at)),
        '"' => (Kind::Literal, quoted(text, at)),
        '\'' if next == Some('\\') || text.get(at + 2) == Some(&'\'') => (Kind::Literal, quoted(text, at)),
        c if c.is_alphanumeric() || c == '_' => word(text, at),
        _ => (Kind::Code, at + 1),
    }
}

/// A word, or the literal it is the prefix of: `r"..."`, `br#"..."#`, `b'x'`.
fn word(text: &[char], at: usize) -> (Kind, usize) {
    let end = find(text, at, |c| !(c.is_alphanumeric() || c == '_'));
    let prefix: String = text[at..end].iter().collect();
    let after_hashes = find(text, end, |c| c != '#');
    match (prefix.as_str(), text.get(end), text.get(after_hashes)) {
        ("r" | "br" | "cr", _, Some('"')) => (Kind::Literal, raw(text, after_hashes, after_hashes - end)),
        ("b" | "c", Some('"'), _) | ("b", Some('\''), _) => (Kind::Literal, quoted(text, end)),
        _ => (Kind::Code, end),
    }
}

fn find(text: &[char], from: usize, wanted: impl Fn(char) -> bool) -> usize {
    text.iter().skip(from).position(|&c| wanted(c)).map_or(text.len(), |steps| from + steps)
}

/// The end of a literal that opens with the quote at `open` and may hold escapes.
fn quoted(text: &[char], open: usize) -> usize {
    let mut at = open + 1;
    while at < text.len() {
        match text[at] {
            '\\' => at += 2,
            c if c == text[open] => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The end of a raw string that opens with the quote at `open` and closes with a quote and `hashes` hashes.
fn raw(text: &[char], open: usize, hashes: usize) -> usize {
    let mut at = open + 1;
    while at < text.len() {
        let after = find(text, at + 1, |c| c != '#');
        if text[at] == '"' && after > at + hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    text.len()
}

fn block_comment(text: &[char], open: usize) -> usize {
    let (mut at, mut depth) = (open, 0_usize);
    while at + 1 < text.len() {
        match (text[at], text[at + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') if depth == 1 => return at + 2,
            ('*', '/') => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    text.len()
}

/// The brace that opens the body of the item whose head begins at `from`; `None` if it ends with a semicolon. A
/// semicolon in brackets belongs to an array type.
fn body(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b'{' if depth == 0 => return Some(at),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// The brace that closes the one at `open`; the end of the text if there is none.
fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return at,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// The line of a byte, from 1.
pub fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_told_from_code() {
        let check = |text: &str, code: &str| assert_eq!(Source::new(text).code.trim_end(), code, "{text}");
        check("a // b", "a");
        check("a /* b /* c */ d */ e", "a                   e");
        check(r#"a("b\"c", d)"#, "a(      , d)");
        check(r###"a(r#"b"c"#, d)"###, "a(        , d)");
        check("a(b'{', '}', '\\'', 'x')", "a(    ,    ,     ,    )");
        check("fn a<'b>(c: &'b str)", "fn a<'b>(c: &'b str)");
        check("let r#type = var\"\"", "let r#type = var");
        check("\"// not a comment\" + a", "                   + a");
        check("a \"never closed", "a");
    }

    #[test]
    fn prose_keeps_comments_and_drops_literals() {
        assert_eq!(Source::new("a(\"b\") // c").prose, "a(   ) // c");
    }

    #[test]
    fn functions_are_measured_from_fn_to_closing_brace() {
        let text = "\
/// fn in_a_comment() {}
pub async fn one(a: [u8; 4]) -> bool
where
    A: B,
{
    let brace = '{';
    fn inner() {}
}
trait T { fn declared(); fn pointer(f: fn(u8) -> u8) {} }
macro_rules! m { () => { fn $name() {} } }
";
        let found = Source::new(text).functions();
        let found: Vec<_> = found.iter().map(|f| (f.name.as_str(), f.line, f.length)).collect();
        assert_eq!(found, [("one", 2, 7), ("inner", 7, 1), ("pointer", 9, 1)]);
    }

    #[test]
    fn test_modules_have_their_lines() {
        let text = "a\n#[cfg(test)]\nmod tests {\n    { }\n}\nb\n#[cfg(test)]\nmod other;\n";
        assert_eq!(Source::new(text).tests(), [2..=5, 7..=7]);
    }

    #[test]
    fn words_know_where_they_begin() {
        assert_eq!(words("an_f64: é9"), [(0, "an_f64"), (8, "é9")]);
    }
}
