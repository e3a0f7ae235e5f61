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

#[cfg(test)]
mod tests {
    use super::*;

    /// So many lines, each with its number.
    fn numbered(lines: usize) -> String {
        (0..lines).map(|line| format!("line {line}\n")).collect()
    }

    #[test]
    fn a_short_text_is_whole() {
        let window = Window::around("a\nb\n", 1);
        assert_eq!(window, Window { bytes: 0..4, lines: 0..3, all: 3 });
        assert!(!window.is_part("a\nb\n"));
        assert_eq!(Window::around("", 7), Window { bytes: 0..0, lines: 0..1, all: 1 });
    }

    #[test]
    fn of_a_long_text_the_lines_around_one_are_in_the_part() {
        let text = numbered(100_000);
        for (line, lines) in [(0, 0..300), (5000, 4850..5300), (99_999, 99_849..100_001), (usize::MAX, 99_850..100_001)] {
            let window = Window::around(&text, line);
            assert_eq!((window.lines.clone(), window.all), (lines.clone(), 100_001));
            let shown: Vec<&str> = window.of(&text).split('\n').collect();
            assert_eq!(shown.len(), lines.len());
            assert_eq!(shown[0], format!("line {}", lines.start));
        }
        assert!(Window::around(&text, 99_999).of(&text).ends_with("line 99999\n"), "the last line is empty");
        let window = Window::around(&text, 5000);
        assert!(window.of(&text).ends_with("line 5299") && window.is_part(&text));
        assert!(window.covers(4900..5200) && !window.covers(4800..4900) && !window.covers(5250..5301));
        assert!(Window::around(&text, 99_999).covers(99_900..100_050), "there is nothing below");
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_between_two_characters() {
        let text = format!("first\n{}\nlast", "é".repeat(1 << 20));
        let window = Window::around(&text, 1);
        assert_eq!((window.lines.clone(), window.all), (0..2, 3));
        assert!((MOST_BYTES - 1..=MOST_BYTES).contains(&window.bytes.len()));
        assert_eq!(Window::around(&text, 2).of(&text), "last");
    }

    #[test]
    fn what_is_typed_into_a_part_is_joined_with_the_rest() {
        let text = numbered(100_000);
        let window = Window::around(&text, 5000);
        let (new, after) = window.replaced(&text, &format!("new\n{}", window.of(&text)));
        assert_eq!(new, text.replace("line 4850\n", "new\nline 4850\n"));
        assert_eq!((after.lines.clone(), after.all), (4850..5301, 100_002));
        assert_eq!(after.of(&new), format!("new\n{}", window.of(&text)));
        let (none, after) = Window::around("a", 0).replaced("a", "");
        assert_eq!((none.as_str(), after), ("", Window::around("", 0)));
    }

    #[test]
    fn a_line_starts_after_the_end_of_the_one_above() {
        assert_eq!([0, 1, 2, 3].map(|line| start_of("a\nbc\n", line)), [0, 2, 5, 5]);
    }
}
