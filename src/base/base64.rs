//! Base64 with padding, as Go's `encoding/base64` `StdEncoding` reads and writes it.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Reads base64, passing over line breaks. The error is the index of the first byte that is wrong.
pub fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let bytes: Vec<(usize, u8)> = text.bytes().enumerate().filter(|(_, b)| !matches!(b, b'\r' | b'\n')).collect();
    let mut out = Vec::new();
    for (group, quantum) in bytes.chunks(4).enumerate() {
        let last = (group + 1) * 4 >= bytes.len();
        let mut bits = 0u32;
        let mut letters = 0;
        for (at, byte) in quantum {
            match LETTERS.iter().position(|l| l == byte) {
                Some(value) => bits = bits << 6 | u32::try_from(value).unwrap_or(0),
                None if *byte == b'=' && last && letters >= 2 && quantum.len() == 4 => break,
                None => return Err(*at),
            }
            letters += 1;
        }
        if quantum.len() < 4 {
            return Err(quantum.last().map_or(text.len(), |_| text.len()));
        }
        if letters == 2 && quantum[3].1 != b'=' {
            return Err(quantum[3].0);
        }
        bits <<= 6 * (4 - letters);
        out.extend(bits.to_be_bytes()[1..].iter().take(letters.max(1) - 1));
    }
    Ok(out)
}

/// Writes base64 in one line.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["", "a", "ab", "abc", "abcd", "\u{0}\u{ff}"] {
            assert_eq!(decode(&encode(text.as_bytes())), Ok(text.as_bytes().to_vec()));
        }
        assert_eq!(encode(b"admin"), "YWRtaW4=");
    }

    #[test]
    fn the_first_wrong_byte_is_named() {
        for (text, at) in [("***", 0), ("YWRt*", 4), ("YW=t", 2), ("YWR", 3), ("=", 0), ("YQ=x", 3)] {
            assert_eq!(decode(text), Err(at), "{text}");
        }
        assert_eq!(decode("YWRt\naW4="), Ok(b"admin".to_vec()));
    }
}
