//! Numbers in sentences, for people. Never for data.

/// `1 record`, `2,924 records`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{} {noun}s", grouped(count)) }
}

/// `1,234,567`.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How wide a line for people is.
const WIDTH: usize = 100;

/// A text broken between words into lines that begin as said. An id longer than a line stays whole.
pub(crate) fn broken(text: &str, first: &str, further: &str) -> String {
    let mut words = text.split(' ');
    let mut broken = String::new();
    let mut line = format!("{first}{}", words.next().unwrap_or_default());
    for word in words {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            broken += &line;
            broken.push('\n');
            line = format!("{further}{word}");
        } else {
            line.push(' ');
            line += word;
        }
    }
    broken + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_well() {
        for (count, text) in [
            (0, "0 meters"),
            (1, "1 meter"),
            (999, "999 meters"),
            (2_924, "2,924 meters"),
            (1_234_567, "1,234,567 meters"),
        ] {
            assert_eq!(counted(count, "meter"), text);
        }
    }

    #[test]
    fn texts_break_between_words() {
        let long = "x".repeat(120);
        for (text, expected) in [
            ("", "- \n".to_owned()),
            ("short", "- short\n".to_owned()),
            (&*format!("at {long} it is"), format!("- at\n  {long}\n  it is\n")),
            (&*long, format!("- {long}\n")),
        ] {
            assert_eq!(broken(text, "- ", "  "), expected);
        }
    }
}
