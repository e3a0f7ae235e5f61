//! The part of a long text that stands in the editor: a browser lays every line of a box out again with every key.

use std::ops::Range;

/// A text with more bytes is in the editor in parts.
pub const MOST_WHOLE: usize = 48 << 10;
/// More bytes than a box gets one by one go out of it again: it then has a part.
pub const MOST_IN_BOX: usize = 2 * MOST_BYTES;
/// The most bytes of a part.
const MOST_BYTES: usize = 64 << 10;
/// The most bytes of a part above the line it is around.
const MOST_ABOVE: usize = 16 << 10;
/// The most lines of a part: above the line it is around, and from that on.
const LINES: (usize, usize) = (150, 300);

/// A part of a text: whole lines, or the beginning of a line that alone is too long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Where it is in the text, without the end of its last line.
    pub bytes: Range<usize>,
    /// Its lines, counted from 0.
    pub lines: Range<usize>,
    /// How many lines the text has.
    pub all: usize,
}

impl Window {
    /// The part around a line, counted from 0; all of a text that is not long.
    pub fn around(text: &str, line: usize) -> Window {
        let all = lines(text);
        if text.len() <= MOST_WHOLE {
            return Window { bytes: 0..text.len(), lines: 0..all, all };
        }
        let line = line.min(all - 1);
        let at = start_of(text, line);
        let (mut start, mut first) = (at, line);
        while first > 0 && line - first < LINES.0 {
            let above = text[..start - 1].rfind('\n').map_or(0, |end| end + 1);
            if at - above > MOST_ABOVE {
                break;
            }
            (start, first) = (above, first - 1);
        }
        let end_of = |from: usize| text[from..].find('\n').map_or(text.len(), |length| from + length);
        let (mut end, mut last) = (end_of(at), line + 1);
        while last < all && last - line < LINES.1 {
            let below = end_of(end + 1);
            if below - start > MOST_BYTES {
                break;
            }
            (end, last) = (below, last + 1);
        }
        Window { bytes: start..end.min(text.floor_char_boundary(start + MOST_BYTES)), lines: first..last, all }
    }

    /// Its text.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.bytes.clone()).unwrap_or_default()
    }

    /// Whether it is not all of a text.
    pub fn is_part(&self, text: &str) -> bool {
        self.bytes.len() < text.len()
    }

    /// Whether it holds these lines, as far as the text has them.
    pub fn covers(&self, lines: Range<usize>) -> bool {
        self.lines.start <= lines.start && lines.end.min(self.all) <= self.lines.end
    }

    /// The text with a part in the place of this one, and where that part is.
    pub fn replaced(&self, text: &str, part: &str) -> (String, Window) {
        let rest = |range: Range<usize>| text.get(range).unwrap_or_default();
        let new = [rest(0..self.bytes.start), part, rest(self.bytes.end..text.len())].concat();
        let (start, first, count) = (self.bytes.start, self.lines.start, lines(part));
        let all = self.all - self.lines.len() + count;
        (new, Window { bytes: start..start + part.len(), lines: first..first + count, all })
    }
}

/// How many lines a text has: at least one.
pub fn lines(text: &str) -> usize {
    text.matches('\n').count() + 1
}

/// Where a line of a text starts, counted from 0; the end where the text has no such line.
pub fn start_of(text: &str, line: usize) -> usize {
    line.checked_sub(1).map_or(0, |above| text.match_indices('\n').nth(above).map_or(text.len(), |(at, _)| at + 1))
}
