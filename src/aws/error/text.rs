/// The longest text of AWS that an error shows, in bytes.
const MOST: usize = 4 * 1024;

/// A text of AWS, cut to a length that a person reads.
pub(in crate::aws) fn cut(text: &str) -> String {
    if text.len() <= MOST {
        return text.to_owned();
    }
    let shown = &text[..text.floor_char_boundary(MOST)];
    format!("{shown}… ({} more bytes)", text.len() - shown.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(cut("short"), "short");
        for letter in ["a", "é", "€", "🙂"] {
            let text = letter.repeat(MOST + 1);
            let shown = cut(&text);
            assert!(shown.len() < MOST + 40, "{}", shown.len());
            let (start, more) = shown.split_once('…').expect("it says so");
            let more: usize = more
                .trim_matches(|letter: char| !letter.is_ascii_digit())
                .split(' ')
                .next()
                .and_then(|number| number.parse().ok())
                .expect("a number");
            assert!(text.starts_with(start) && start.len() + more == text.len());
        }
    }
}
