/// A small seeded generator (splitmix64), enough for identifiers and for drawing faults; not for
/// secrets.
///
/// Equal seeds give equal sequences, so a run that failed can be repeated.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Random(u64);

const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

impl Random {
    /// A sequence of its own for each `purpose`, so that drawing a fault does not change the next
    /// identifier.
    pub(super) fn new(seed: u64, purpose: &str) -> Self {
        Self(seed ^ hash(&[purpose]))
    }

    /// A sequence that depends on nothing but the texts: the same texts name the same thing in
    /// every run.
    pub(super) fn stable(parts: &[&str]) -> Self {
        Self(hash(parts))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 (included) to 1 (excluded).
    pub(super) fn fraction(&mut self) -> f64 {
        // 53 bits are what an f64 holds exactly.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Puts items in a random order (Fisher-Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, (self.next() % (end as u64 + 1)) as usize);
        }
    }

    /// `length` lower-case letters and digits.
    pub(super) fn letters(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(LETTERS[(self.next() % 36) as usize])).collect()
    }

    /// `length` lower-case hexadecimal digits.
    pub(super) fn hex(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(LETTERS[(self.next() % 16) as usize])).collect()
    }

    /// Text in the form of a UUID, as request and key identifiers have.
    pub(super) fn uuid(&mut self) -> String {
        format!(
            "{}-{}-4{}-a{}-{}",
            self.hex(8),
            self.hex(4),
            self.hex(3),
            self.hex(3),
            self.hex(12)
        )
    }
}

/// FNV-1a over the texts, with a separator so that ("ab", "c") and ("a", "bc") differ.
fn hash(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_repeat_and_purposes_differ() {
        let draw = |seed, purpose| Random::new(seed, purpose).letters(9);
        assert_eq!(draw(7, "ids"), draw(7, "ids"));
        assert_ne!(draw(7, "ids"), draw(8, "ids"));
        assert_ne!(draw(7, "ids"), draw(7, "faults"));
    }

    #[test]
    fn stable_texts_do_not_run_together() {
        assert_ne!(Random::stable(&["ab", "c"]).next(), Random::stable(&["a", "bc"]).next());
    }
}
