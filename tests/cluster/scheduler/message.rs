//! How long a note may be.

use ordinal::cluster::scheduler::message::note;

#[test]
fn a_note_is_cut_at_a_character() {
    assert_eq!(note("short"), "short");
    let long = note(&"é".repeat(600));
    assert!(long.len() <= 1024 && long.ends_with("é ..."), "{long}");
}
