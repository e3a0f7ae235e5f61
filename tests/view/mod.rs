//! What the page draws, pane by pane: most panes at one moment that is built by hand.

mod actions;
mod ahead;
mod changes;
mod cluster;
mod details;
mod dns;
mod example;
mod highlight;
mod node;
mod relations;
mod requests;
mod storage;
mod timeline;
mod why;
mod window;
mod writes;
mod zero;

use ordinal::view::Paint;

#[test]
fn neighbouring_revisions_differ_in_hue_and_pattern() {
    assert_eq!([1, 2, 3, 4].map(Paint::of), [Paint::Solid, Paint::Diagonal, Paint::Crossed, Paint::Solid]);
}
