//! Cuts a condition into words, texts and signs.

use super::refused;
use tenantry_core::Problem;

/// The longest condition that is read. Real ones have some hundred characters.
const LONGEST: usize = 8_192;

/// A piece of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// A name, a path, an operator, a number, a bare date or GUID.
    Word(String),
    /// `'text'`, with the doubled quotes read.
    Text(String),
    /// `guid'..'` or `datetime'..'`: version 3 names the type before the quotes.
    Typed(String, String),
}

/// A piece and the place of its first character, counted from 1.
pub(super) type Placed = (usize, Piece);

/// All pieces of a condition.
pub(super) fn cut(text: &str) -> Result<Vec<Placed>, Problem> {
    if text.len() > LONGEST {
        return Err(refused(format!("the condition has {} bytes; {LONGEST} are read", text.len())));
    }
    let chars: Vec<char> = text.chars().collect();
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let start = at + 1;
        let piece = match c {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' => Piece::Open,
            ')' => Piece::Close,
            ',' => Piece::Comma,
            ':' => Piece::Colon,
            '\'' => {
                let (read, after) = quoted(&chars, at)?;
                at = after;
                pieces.push((start, Piece::Text(read)));
                continue;
            }
            c if is_word(c) => {
                let (word, after) = word(&chars, at);
                at = after;
                if chars.get(at) == Some(&'\'') {
                    let (read, after) = quoted(&chars, at)?;
                    at = after;
                    pieces.push((start, Piece::Typed(word, read)));
                } else {
                    pieces.push((start, Piece::Word(word)));
                }
                continue;
            }
            other => return Err(refused(format!("character {start}: `{other}` has no meaning here"))),
        };
        at += 1;
        pieces.push((start, piece));
    }
    Ok(pieces)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '$' | '@' | '+')
}

/// The word that begins here, and what comes after. A colon belongs to it if it began as a date.
fn word(chars: &[char], from: usize) -> (String, usize) {
    let dated = chars.get(from).is_some_and(char::is_ascii_digit);
    let length = chars[from..].iter().take_while(|c| is_word(**c) || (dated && **c == ':')).count();
    (chars[from..from + length].iter().collect(), from + length)
}

/// The text between the quote here and the next one that is not doubled, and what comes after.
fn quoted(chars: &[char], from: usize) -> Result<(String, usize), Problem> {
    let mut text = String::new();
    let mut at = from + 1;
    while let Some(&c) = chars.get(at) {
        match (c, chars.get(at + 1)) {
            ('\'', Some('\'')) => {
                text.push('\'');
                at += 2;
            }
            ('\'', _) => return Ok((text, at + 1)),
            _ => {
                text.push(c);
                at += 1;
            }
        }
    }
    Err(refused(format!("character {}: the text has no closing quote; a quote inside is written ''", from + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_fall_into_pieces() {
        let seen = cut("x/any(x:x eq 'it''s') ge 2016-01-01T00:00:00Z,guid'a-b' -5").unwrap();
        let pieces: Vec<_> = seen.iter().map(|(_, piece)| piece.clone()).collect();
        let word = |text: &str| Piece::Word(text.to_owned());
        let expected = vec![
            word("x/any"),
            Piece::Open,
            word("x"),
            Piece::Colon,
            word("x"),
            word("eq"),
            Piece::Text("it's".to_owned()),
            Piece::Close,
            word("ge"),
            word("2016-01-01T00:00:00Z"),
            Piece::Comma,
            Piece::Typed("guid".to_owned(), "a-b".to_owned()),
            word("-5"),
        ];
        assert_eq!(pieces, expected);
        assert_eq!(seen[6].0, 14);
    }

    #[test]
    fn what_cannot_be_cut_is_refused_with_its_place() {
        for (text, why) in [
            ("a eq 'open", "character 6: the text has no closing quote"),
            ("a eq 'open''", "character 6"),
            ("a = 1", "character 3: `=`"),
            ("a eq \"x\"", "character 6: `\"`"),
        ] {
            let problem = cut(text).unwrap_err();
            assert!(problem.message().contains(why), "{text}: {problem:?}");
        }
        assert!(cut(&"a".repeat(8_193)).is_err());
    }
}
