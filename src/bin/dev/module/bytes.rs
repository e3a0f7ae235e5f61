//! The bytes of a module: reading and writing them.

use super::{HEAD, Outcome};

/// Bytes being put together.
pub(super) struct Written(pub(super) Vec<u8>);

impl std::ops::Add<&Written> for Written {
    type Output = Written;
    fn add(mut self, more: &Written) -> Written {
        self.0.extend(&more.0);
        self
    }
}

/// A number in LEB128.
pub(super) fn number(mut n: usize) -> Written {
    let mut digits = Vec::new();
    loop {
        let digit = u8::try_from(n & 0x7f).unwrap_or_default();
        n >>= 7;
        digits.push(if n > 0 { digit | 0x80 } else { digit });
        if n == 0 {
            return Written(digits);
        }
    }
}

/// A place in bytes that are read.
pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    /// The next bytes.
    pub(super) fn take(&mut self, size: usize) -> Outcome<&'a [u8]> {
        let taken = self.bytes.get(self.at..).and_then(|rest| rest.get(..size)).ok_or("the module ends too soon")?;
        self.at += size;
        Ok(taken)
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Outcome<u8> {
        self.take(1).map(|byte| byte[0])
    }

    /// An unsigned number in LEB128.
    pub(super) fn number(&mut self) -> Outcome<usize> {
        let (mut n, mut shift) = (0, 0);
        loop {
            let digit = self.byte()?;
            n |= usize::from(digit & 0x7f).checked_shl(shift).ok_or("a number is too large")?;
            shift += 7;
            if digit < 0x80 {
                return Ok(n);
            }
        }
    }

    /// A text, which its length precedes.
    pub(super) fn text(&mut self) -> Outcome<&'a str> {
        let size = self.number()?;
        std::str::from_utf8(self.take(size)?).map_err(|_| "a name is not text".to_owned())
    }

    /// Passes numbers in LEB128 by, signed or not.
    pub(super) fn pass(&mut self, numbers: usize) -> Outcome<()> {
        for _ in 0..numbers {
            while self.byte()? >= 0x80 {}
        }
        Ok(())
    }

    /// Whether nothing is left.
    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }
}

/// The items of a list, which its length precedes.
pub(super) fn list<'a, T>(bytes: &'a [u8], mut item: impl FnMut(&mut Reader<'a>) -> Outcome<T>) -> Outcome<Vec<T>> {
    let mut reader = Reader { bytes, at: 0 };
    let length = if bytes.is_empty() { 0 } else { reader.number()? };
    (0..length).map(|_| item(&mut reader)).collect()
}

/// The sections of a module: their kinds and contents.
pub(super) fn sections(module: &[u8]) -> Outcome<Vec<(u8, &[u8])>> {
    let mut reader = Reader { bytes: module, at: 0 };
    reader.take(HEAD)?;
    let mut sections = Vec::new();
    while !reader.is_at_end() {
        let kind = reader.byte()?;
        let size = reader.number()?;
        sections.push((kind, reader.take(size)?));
    }
    Ok(sections)
}
