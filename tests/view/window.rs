//! The part of a long text that is shown.

use ordinal::view::window::{MOST_IN_BOX, Window, start_of};

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
    // A box has room for two parts.
    assert!((MOST_IN_BOX / 2 - 1..=MOST_IN_BOX / 2).contains(&window.bytes.len()));
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
