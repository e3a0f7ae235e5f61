//! The cells of a set with many ordinals, as HTML text.
//!
//! A changed cell is updated in place: a thousand cells need no more signals than twenty rows. The HTML only contains names that the
//! server has accepted, numbers, and our own words.

use std::fmt::Write;

use leptos::prelude::*;
use view::dense::{Cell, Dense, Filter};

/// What a cell's appearance depends on.
pub struct Looks<'a> {
    /// All cells.
    pub dense: &'a Dense,
    /// The filter for cells.
    pub filter: &'a Filter,
    /// The selected pod.
    pub asked: Option<&'a str>,
    /// The pods whose ownership or selection is drawn, in order.
    pub related: &'a [String],
}

/// A cell's pod, and the attributes that vary.
fn attributes(looks: &Looks, cell: &Cell) -> (String, [(&'static str, String); 7]) {
    let pod = looks.dense.pod(cell);
    let attributes = [
        ("data-look", cell.look().to_owned()),
        ("data-revision", cell.revision.paint().word().to_owned()),
        ("data-off", (!looks.filter.takes(looks.dense, cell)).to_string()),
        ("aria-selected", (looks.asked == Some(pod.as_str())).to_string()),
        ("data-split", cell.split.to_string()),
        ("data-of", looks.related.binary_search(&pod).is_ok().to_string()),
        ("aria-label", format!("{pod} {}", looks.dense.word(cell))),
    ];
    (pod, attributes)
}

/// A cell as HTML.
pub fn cell_html(looks: &Looks, cell: &Cell) -> String {
    let (pod, attributes) = attributes(looks, cell);
    let mut html = format!(r#"<i role="gridcell" id="cell-{pod}" data-pod="{pod}""#);
    for (name, value) in attributes {
        let _ = write!(html, r#" {name}="{value}""#);
    }
    html + "></i>"
}

/// Updates a cell in the document: all of it, or only what differs from how it was drawn before.
pub fn repaint(looks: &Looks, cell: &Cell, before: Option<(&Looks, &Cell)>) {
    let (pod, now) = attributes(looks, cell);
    let was = before.map(|(looks, cell)| attributes(looks, cell).1);
    let Some(drawn) = document().get_element_by_id(&format!("cell-{pod}")) else { return };
    for (at, (name, value)) in now.iter().enumerate() {
        if was.as_ref().is_none_or(|was| was[at].1 != *value) {
            let _ = drawn.set_attribute(name, value);
        }
    }
}
