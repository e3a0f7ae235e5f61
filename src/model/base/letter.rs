//! Letters and digits, without the tables of Unicode: those take two kilobytes of page.

/// Whether a character is a letter or a digit. Beyond ASCII each counts that is not in a block of signs: Latin-1's, the general
/// punctuation up to the arrows and shapes, that of Chinese, Japanese and Korean, the wide forms of ASCII's, and pictures.
pub fn is_letter_or_digit(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        'ª' | 'µ' | 'º' => true,
        '×' | '÷' => false,
        '\u{c0}'.. => !matches!(c, '\u{2000}'..='\u{206f}' | '\u{20a0}'..='\u{20cf}' | '\u{2190}'..='\u{2bff}' | '\u{3000}'..='\u{3004}'
            | '\u{3008}'..='\u{3020}' | '\u{e000}'..='\u{f8ff}' | '\u{fe10}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff0f}' | '\u{1f000}'..='\u{1faff}'),
        _ => false,
    }
}

/// Whether a character is a letter; beyond ASCII, digits count as letters.
pub fn is_letter(c: char) -> bool {
    is_letter_or_digit(c) && !c.is_ascii_digit()
}
