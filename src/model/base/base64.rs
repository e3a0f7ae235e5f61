//! Padded base64, as Go's `encoding/base64` `StdEncoding` decodes and encodes it.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Decodes base64, ignoring line breaks. The error is the index that Go reports. Models encoding/base64 decodeQuantum.
pub fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let bytes: Vec<(usize, u8)> = text.bytes().enumerate().filter(|(_, b)| !matches!(b, b'\r' | b'\n')).collect();
    let mut out = Vec::new();
    let mut letters = 0;
    let mut bits = 0u32;
    for (i, (at, byte)) in bytes.iter().enumerate() {
        if let Some(value) = LETTERS.iter().position(|l| l == byte) {
            bits = bits << 6 | u32::try_from(value).unwrap_or(0);
            letters += 1;
            if letters == 4 {
                out.extend(&bits.to_be_bytes()[1..]);
                (letters, bits) = (0, 0);
            }
            continue;
        }
        if *byte != b'=' || letters < 2 {
            return Err(*at);
        }
        let after = if letters == 2 { i + 2 } else { i + 1 };
        match bytes.get(i + 1) {
            None if letters == 2 => return Err(text.len()),
            Some((next, other)) if letters == 2 && *other != b'=' => return Err(next - 1),
            _ => {}
        }
        if let Some((garbage, _)) = bytes.get(after) {
            return Err(*garbage);
        }
        let bytes = (bits << (6 * (4 - letters))).to_be_bytes();
        out.extend(bytes[1..].iter().take(letters - 1));
        return Ok(out);
    }
    if letters == 0 { Ok(out) } else { Err(text.len() - letters) }
}

/// Encodes as base64 on a single line.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().chain([&0, &0]).take(3).fold(0u32, |word, b| word << 8 | u32::from(*b));
        for i in 0..4 {
            let letter = usize::try_from(word >> (18 - 6 * i) & 63).unwrap_or(0);
            out.push(if i <= chunk.len() { char::from(LETTERS[letter]) } else { '=' });
        }
    }
    out
}
