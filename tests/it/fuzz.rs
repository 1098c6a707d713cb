//! Every place that reads bytes of others, on the corpus in `fuzz/corpus` and on mutations of it.
//!
//! The mutations are the same in every run. docs/security.md says how to search for longer.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use crate::support::fuzz::{TARGETS, run};

/// How many mutations each target gets: some seconds for all.
const MUTATIONS: usize = 1_500;

/// The longest input, in bytes.
const LONGEST: usize = 4_096;

/// Parts that mean something to one of the readers.
const WORDS: [&[u8]; 16] = [
    b"\0",
    b"\xff\xff\xff\xff",
    b"\xc1",
    b"\xd4\0\0",
    b"null",
    b"{}",
    b"[]",
    b"\"",
    b"\\u0000",
    b"1e999999999",
    b"-0",
    b"@",
    b"\n[default]\nregion=",
    b"\xdf\xff\xff\xff\xff",
    b"\xed\xa0\x80",
    b"9223372036854775808",
];

/// Numbers that look random and are the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

/// Changes some bytes, and takes parts of another input.
fn mutate(numbers: &mut Numbers, input: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(input.len() + 1);
        let to = at + numbers.below(input.len() - at + 1);
        match numbers.below(7) {
            0 if at < input.len() => input[at] ^= 1 << numbers.below(8),
            1 if at < input.len() => input[at] = u8::try_from(numbers.below(256)).unwrap(),
            2 => drop(input.drain(at..to.min(at + 16))),
            3 => drop(input.splice(at..at, input[at..to].to_vec())),
            4 => drop(input.splice(at..to.min(at + 4), other.iter().copied())),
            5 => input.truncate(to),
            _ => drop(input.splice(at..at, WORDS[numbers.below(WORDS.len())].iter().copied())),
        }
    }
    input.truncate(LONGEST);
}

#[track_caller]
fn holds(name: &str, input: &[u8]) {
    let outcome = catch_unwind(|| run(name, input));
    assert!(outcome.is_ok(), "{name} breaks a rule with {:?}", input.escape_ascii().to_string());
}

#[test]
fn bytes_of_others_break_no_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    for (name, _) in TARGETS {
        let program = root.join(format!("fuzz_targets/{name}.rs"));
        assert!(program.is_file(), "there is no program for {name}");
        let folder = fs::read_dir(root.join("corpus").join(name)).unwrap();
        let mut corpus: Vec<Vec<u8>> =
            folder.map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
        corpus.sort();
        assert!(!corpus.is_empty(), "there is no corpus for {name}");
        corpus.iter().for_each(|input| holds(name, input));
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        for _ in 0..MUTATIONS {
            let mut input = corpus[numbers.below(corpus.len())].clone();
            let other = &corpus[numbers.below(corpus.len())];
            let from = numbers.below(other.len());
            mutate(&mut numbers, &mut input, &other[from..]);
            holds(name, &input);
        }
    }
}
