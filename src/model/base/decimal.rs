//! Numbers as digits, for text that is made for every pod: the formatting machinery takes several times as long.

/// Appends a number in decimal.
pub fn push_number(text: &mut String, number: i64) {
    if number < 0 {
        text.push('-');
    }
    push_digits(text, number.unsigned_abs());
}

/// Appends a number without a sign.
pub(crate) fn push_digits(text: &mut String, number: u64) {
    if number >= 10 {
        push_digits(text, number / 10);
    }
    text.push(char::from(b'0' + u8::try_from(number % 10).unwrap_or(0)));
}

/// Appends a number of sixteen hexadecimal digits, the first of which is not 0.
pub fn push_hex(text: &mut String, number: u64) {
    let digits: [u8; 16] = std::array::from_fn(|at| b"0123456789abcdef"[(number >> (60 - 4 * at) & 0xf) as usize]);
    *text += str::from_utf8(&digits).unwrap_or_default();
}
