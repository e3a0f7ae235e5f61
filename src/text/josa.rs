//! Korean particles after names: which form follows is a matter of how the name sounds at its end.
//!
//! Digits and Latin letters are read aloud as a Korean engineer reads them: `web-0` ends in 영, `web-2` in 이.

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
    match name.chars().rev().find(|c| c.is_alphanumeric()) {
        // Hangul syllables stand in blocks of 28 finals, the first of which is none.
        Some(c @ '가'..='힣') => !(u32::from(c) - u32::from('가')).is_multiple_of(28),
        // 영 일 삼 육 칠 팔
        Some(c) if c.is_ascii_digit() => "013678".contains(c),
        // 엘 엠 엔 알
        Some(c) => "lmnr".contains(c.to_ascii_lowercase()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_follows_the_sound() {
        for (name, subject) in
            [("web-0", "이"), ("web-1", "이"), ("web-2", "가"), ("web-9", "가"), ("web-10", "이"), ("node-a", "가"), ("mysql", "이")]
        {
            assert_eq!(Josa::Subject.after(name), subject, "{name}");
        }
        assert_eq!(Josa::Topic.after("파드"), "는");
        assert_eq!(Josa::Object.after("노드들"), "을");
    }
}
