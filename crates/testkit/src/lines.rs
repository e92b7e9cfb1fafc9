//! The difference of two texts, line by line, with a little of what stands around each change.

/// Lines shown before and after a change.
const AROUND: usize = 3;
/// Beyond this many comparisons the longest common part is not searched: all old lines, then all new ones.
const WORK_MAX: usize = 4_000_000;
/// Lines shown at most: a golden that changed altogether is better seen with `git diff`.
const SHOWN_MAX: usize = 200;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Both,
    Old,
    New,
}

/// The lines that differ: `-` in the old text only, `+` in the new one only.
pub(crate) fn difference(old: &str, new: &str) -> String {
    let (old, new) = (split(old), split(new));
    let before = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let after = old[before..].iter().rev().zip(new[before..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old[before..old.len() - after], &new[before..new.len() - after]);

    let mut marked: Vec<(Mark, &str)> = old[..before].iter().map(|line| (Mark::Both, line.as_str())).collect();
    if old_middle.len() * new_middle.len() <= WORK_MAX {
        mark(old_middle, new_middle, &mut marked);
    } else {
        marked.extend(old_middle.iter().map(|line| (Mark::Old, line.as_str())));
        marked.extend(new_middle.iter().map(|line| (Mark::New, line.as_str())));
    }
    marked.extend(old[old.len() - after..].iter().map(|line| (Mark::Both, line.as_str())));
    show(&marked)
}

/// A text without line end at its end differs from one with it, and that must be seen.
fn split(text: &str) -> Vec<String> {
    text.split_inclusive('\n')
        .map(|line| line.strip_suffix('\n').map_or_else(|| format!("{line} (no line end)"), str::to_owned))
        .collect()
}

/// Marks the lines by a longest common subsequence.
fn mark<'a>(old: &'a [String], new: &'a [String], marked: &mut Vec<(Mark, &'a str)>) {
    let width = new.len() + 1;
    // common[i * width + j]: how many lines old[i..] and new[j..] have in common at most.
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            marked.push((Mark::Both, &old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            marked.push((Mark::Old, &old[i]));
            i += 1;
        } else {
            marked.push((Mark::New, &new[j]));
            j += 1;
        }
    }
}

fn show(marked: &[(Mark, &str)]) -> String {
    let near = |index: usize| {
        let around = index.saturating_sub(AROUND)..marked.len().min(index + AROUND + 1);
        marked[around].iter().any(|(mark, _)| *mark != Mark::Both)
    };
    let (mut text, mut shown, mut skipping) = (String::new(), 0, false);
    for (index, (mark, line)) in marked.iter().enumerate() {
        if !near(index) {
            skipping = true;
            continue;
        }
        if shown == SHOWN_MAX {
            text.push_str("  .. and more\n");
            break;
        }
        if skipping && shown > 0 {
            text.push_str("  ..\n");
        }
        (skipping, shown) = (false, shown + 1);
        let sign = match mark {
            Mark::Both => ' ',
            Mark::Old => '-',
            Mark::New => '+',
        };
        text.extend([sign, ' ']);
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_shown_with_the_lines_around_them() {
        let numbered = |changed: &[(usize, &str)]| -> String {
            let line = |n| changed.iter().find(|(at, _)| *at == n).map_or(format!("{n}\n"), |(_, text)| (*text).into());
            (1..=20).map(line).collect()
        };
        for (old, new, expected) in [
            ("a\nb\nc\n".to_owned(), "a\nc\n".to_owned(), "  a\n- b\n  c\n"),
            ("a\nc\n".into(), "a\nb\nc\n".into(), "  a\n+ b\n  c\n"),
            (String::new(), "a\n".into(), "+ a\n"),
            ("a\n".into(), "a".into(), "- a\n+ a (no line end)\n"),
            (
                numbered(&[]),
                numbered(&[(5, "five\n"), (16, "")]),
                "  2\n  3\n  4\n- 5\n+ five\n  6\n  7\n  8\n  ..\n  13\n  14\n  15\n- 16\n  17\n  18\n  19\n",
            ),
        ] {
            assert_eq!(difference(&old, &new), expected);
        }
    }

    #[test]
    fn large_changes_are_shown_in_part() {
        let text = |from: u32| (from..from + 3000).map(|n| format!("{n}\n")).collect::<String>();
        let shown = difference(&text(0), &text(10_000));
        assert_eq!(shown.lines().count(), SHOWN_MAX + 1);
        assert!(shown.starts_with("- 0\n- 1\n") && shown.ends_with(".. and more\n"), "{shown}");
    }
}
