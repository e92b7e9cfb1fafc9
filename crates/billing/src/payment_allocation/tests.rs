//! Entries in order, and what is covered afterwards.

use super::*;
use tenantry_core::Currency;

fn usd(cents: i128) -> Money {
    Money::from_minor(cents, Currency::USD)
}

/// `D1 100` a document, `C1 D1 30` a credit note on it, `P1 50 D2` a payment for it, `R P1` its reversal.
fn entry(text: &str) -> Entry {
    let words: Vec<_> = text.split(' ').collect();
    let cents = |text: &str| usd(text.parse().unwrap());
    let day = Day::from_number(20_000);
    match words.as_slice() {
        ["R", payment] => Entry::Reversal { payment: (*payment).to_owned() },
        [name, invoice, total] if name.starts_with('C') => {
            Entry::CreditNote { number: (*name).to_owned(), invoice: (*invoice).to_owned(), total: cents(total) }
        }
        [name, amount, documents @ ..] if name.starts_with('P') => Entry::Payment {
            reference: (*name).to_owned(),
            amount: cents(amount),
            documents: documents.iter().map(|number| (*number).to_owned()).collect(),
        },
        [name, total] => Entry::Document {
            number: (*name).to_owned(),
            issued_on: day,
            due_on: Day::from_number(20_060),
            total: cents(total),
        },
        _ => panic!("`{text}` is no entry"),
    }
}

fn standing(entries: &str) -> Standing {
    Standing::of(entries.split(", ").map(entry))
}

/// What is open of each document, and what stands on the account.
fn shown(standing: &Standing) -> String {
    let items = standing.items().iter().map(|item| format!("{} {}", item.number, item.open().minor()));
    format!("{}, free {}", items.collect::<Vec<_>>().join(", "), standing.on_account())
}

#[test]
fn payments_cover_what_they_name_then_the_oldest_then_what_follows() {
    for (what, entries, expected) in [
        ("the oldest first", "D1 100, D2 50, P1 120", "D1 0, D2 30, free 0"),
        ("the named one first", "D1 100, D2 50, P1 120 D2", "D1 30, D2 0, free 0"),
        ("several named ones, in their order", "D1 10, D2 10, D3 10, P1 15 D3 D2", "D1 10, D2 5, D3 0, free 0"),
        ("a part", "D1 100, P1 30, P2 30", "D1 40, free 0"),
        ("too much stands on the account", "D1 100, P1 130", "D1 0, free 30"),
        ("and covers what follows", "D1 100, P1 130, D2 50", "D1 0, D2 20, free 0"),
        ("paid in advance", "P1 40, D1 100", "D1 60, free 0"),
        ("named but paid: the oldest, then the account", "D1 10, P1 10, P2 10 D1", "D1 0, free 10"),
        ("a document below zero is credit", "D1 100, D2 -30", "D1 70, D2 0, free 0"),
        ("also for what follows it", "D1 -30, D2 100", "D1 0, D2 70, free 0"),
        ("a credit note covers its invoice", "D1 100, D2 50, C1 D2 20", "D1 100, D2 30, free 0"),
        ("of a paid one it is credit", "D1 100, P1 100, D2 50, C1 D1 20", "D1 0, D2 30, free 0"),
        ("nothing to pay", "D1 0, P1 5", "D1 0, free 5"),
    ] {
        assert_eq!(shown(&standing(entries)), expected, "{what}");
    }
}

#[test]
fn a_reversal_opens_what_its_payment_covered_and_nothing_else() {
    for (what, entries, expected) in [
        ("whole", "D1 100, P1 100, R P1", "D1 100, free 0"),
        ("of two, the other stays", "D1 100, D2 50, P1 100, P2 50, R P1", "D1 100, D2 0, free 0"),
        ("what stood on the account goes too", "D1 100, P1 130, R P1", "D1 100, free 0"),
        ("also where it was used since", "D1 100, P1 130, D2 50, R P1", "D1 100, D2 50, free 0"),
        ("other credit steps in", "D1 100, P1 100, P2 30, R P1", "D1 70, free 0"),
        ("of nothing known", "D1 100, R P9", "D1 100, free 0"),
    ] {
        assert_eq!(shown(&standing(entries)), expected, "{what}");
    }
}

#[test]
fn what_covers_a_document_is_known_by_name() {
    let standing = standing("D1 100, P1 30, C1 D1 20, P2 60");
    let covers = standing.covers().remove(0).into_iter().map(|covered| format!("{} {}", covered.by, covered.amount));
    assert_eq!(covers.collect::<Vec<_>>(), ["P1 0.30", "C1 0.20", "P2 0.50"]);
    let item = &standing.items()[0];
    assert_eq!((item.paid.minor(), item.credited.minor(), standing.on_account()), (80, 20, 10));
}

/// Many histories, each from a fixed seed: what is open less what is free is what was asked for less what came in,
/// nothing covers more than it has, no document is covered beyond its total, and never are both open and free.
#[test]
fn open_less_free_is_always_the_balance() {
    for seed in 0..120_u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut chance = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let (mut entries, mut balance, mut payments) = (Vec::new(), 0_i128, Vec::<(String, i128)>::new());
        for step in 0..40 {
            let amount = i128::from(chance(200));
            match chance(6) {
                0 | 1 => {
                    let total = if chance(5) == 0 { -amount } else { amount };
                    entries.push(entry(&format!("D{step} {total}")));
                    balance += total;
                }
                2 => {
                    entries.push(entry(&format!("C{step} D{} {amount}", chance(40))));
                    balance -= amount;
                }
                3 if !payments.is_empty() => {
                    let at = usize::try_from(chance(payments.len() as u64)).unwrap();
                    let (reference, amount) = payments.remove(at);
                    entries.push(Entry::Reversal { payment: reference });
                    balance += amount;
                }
                _ => {
                    let named = if chance(2) == 0 { format!(" D{}", chance(40)) } else { String::new() };
                    entries.push(entry(&format!("P{step} {amount}{named}")));
                    payments.push((format!("P{step}"), amount));
                    balance -= amount;
                }
            }
            let standing = Standing::of(entries.iter().cloned());
            let open: i128 = standing.items().iter().map(|item| item.open().minor()).sum();
            assert_eq!(open - standing.on_account(), balance, "seed {seed}: {entries:#?}");
            assert!(open == 0 || standing.on_account() == 0, "seed {seed}: credit lies beside a debt");
            for item in standing.items() {
                let covered = item.paid.minor() + item.credited.minor();
                assert!(covered >= 0 && covered <= item.total.minor().max(0), "seed {seed}: {item:?}");
            }
        }
    }
}
