//! Korean particles after names: which form follows is a matter of how the name sounds at its end.
//!
//! Digits and English words are read aloud as a Korean engineer reads them: `web-0` ends in 영, `web-2` in 이, `web` in 웹,
//! `kube-scheduler` in 러. Words are told by their spelling; a few will be read differently by some.

use crate::letter::is_letter_or_digit;

/// A particle in its two forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Josa {
    /// 은/는: what the sentence is about.
    Topic,
    /// 이/가: who acts.
    Subject,
    /// 을/를: what is acted on.
    Object,
    /// 과/와: together with.
    With,
}

impl Josa {
    /// The form that follows a name.
    pub fn after(self, name: &str) -> &'static str {
        let (closed, open) = match self {
            Josa::Topic => ("은", "는"),
            Josa::Subject => ("이", "가"),
            Josa::Object => ("을", "를"),
            Josa::With => ("과", "와"),
        };
        if ends_in_consonant(name) { closed } else { open }
    }
}

/// Whether the last sound of a name is a consonant.
fn ends_in_consonant(name: &str) -> bool {
    match name.chars().rev().find(|c| is_letter_or_digit(*c)) {
        // Hangul syllables stand in blocks of 28 finals, the first of which is none.
        Some(c @ '가'..='힣') => !(u32::from(c) - u32::from('가')).is_multiple_of(28),
        // 영 일 삼 육 칠 팔
        Some(c) if c.is_ascii_digit() => "013678".contains(c),
        Some(_) => word_ends_in_consonant(&last_word(name)),
        None => false,
    }
}

/// The letters that a name ends in, in lower case; of letters that follow a digit, which are read one by one, only the last.
fn last_word(name: &str) -> String {
    let end = name.trim_end_matches(|c: char| !is_letter_or_digit(c));
    let start = match end.rfind(|c: char| !c.is_ascii_alphabetic()) {
        Some(at) if end.as_bytes()[at].is_ascii_digit() => end.len() - 1,
        Some(at) => at + 1,
        None => 0,
    };
    end.get(start..).unwrap_or_default().to_ascii_lowercase()
}

/// The same for an English word as Korean spells it, or for letters that are read one by one.
fn word_ends_in_consonant(word: &str) -> bool {
    let vowel = |c: &u8| b"aeiou".contains(c);
    match word.as_bytes() {
        // 서버, 컨트롤러
        [.., v, b'r'] if vowel(v) => false,
        // 아이피, 루트, 하트비트
        b"ip" | [.., b'e' | b'o', b'a' | b'o', b't'] | [] => false,
        // 웹, 셋, 백업
        [.., v, b'b' | b'c' | b'k' | b'p' | b't'] if vowel(v) => true,
        // 스택, 앱, 링
        [.., v, b'c', b'k'] | [.., v, b'p', b'p'] | [.., v, b'n', b'g'] if vowel(v) => true,
        // 볼륨, 엔진
        [.., v, b'm' | b'n', b'e'] if vowel(v) => true,
        // 파일, 샘플
        [.., b'l', b'e'] => true,
        // 엘 엠 엔 알
        [.., last] => b"lmnr".contains(last),
    }
}
