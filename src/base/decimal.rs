//! Numbers as digits, for text that is made for every pod: the formatting machinery takes several times as long.

/// The most digits of a number.
const DIGITS_MOST: usize = 20;

/// Appends a number in decimal.
pub fn push_number(text: &mut String, number: i64) {
    if number < 0 {
        text.push('-');
    }
    let mut digits = [b'0'; DIGITS_MOST];
    let (mut at, mut rest) = (DIGITS_MOST, number.unsigned_abs());
    while at == DIGITS_MOST || rest > 0 {
        at -= 1;
        digits[at] += u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    *text += str::from_utf8(&digits[at..]).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_formatting_machinery() {
        for number in [0, 1, 9, 10, 1_000, -1, -90, i64::MAX, i64::MIN] {
            let mut text = String::from("web-");
            push_number(&mut text, number);
            assert_eq!(text, format!("web-{number}"));
        }
    }
}
