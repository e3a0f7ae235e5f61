//! The log of a member.

use ordinal::base::time::Time;
use ordinal::cluster::inside::replicated::log::{Entry, Mark, end, holds, read};

#[test]
fn a_file_gives_back_what_was_written_and_the_later_line_stands() {
    let line = |number, by: &str, text: &str| Entry { mark: Mark { epoch: 1, number, by: by.into() }, at: Time(1000), text: text.into() };
    let (one, two, other) = (line(1, "db-0#a", "a 1"), line(2, "db-0#a", "b two words"), line(2, "db-0#b", "b 3"));
    let whole = |entries: &[&Entry]| entries.iter().map(ToString::to_string).collect::<String>();
    assert_eq!(read(&whole(&[&one, &two])), [one.clone(), two.clone()]);
    let log = read(&(whole(&[&one, &two, &other]) + "a line of somebody else\n"));
    assert_eq!(log, [one, other.clone()]);
    assert!(holds(&log, &other.mark) && !holds(&log, &two.mark));
    assert_eq!(end(&log), (1, 2));
}
