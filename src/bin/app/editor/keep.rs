//! Keeps the caret in sight.

use leptos::prelude::*;
use view::window::lines;

use super::{focused, selection};
use crate::widget::bring;

/// Brings the line with the caret back into sight where the editor has become lower and had that line in sight: verdicts take its room.
pub(super) fn caret(height: StoredValue<i32>) {
    let element = |selector: &str| document().query_selector(selector).ok().flatten();
    let Some(editor) = element(".editor") else { return };
    let (now, before) = (editor.client_height(), height.get_value());
    let Some(input) = focused().filter(|_| now < before) else { return height.set_value(now) };
    let (part, at) = selection(&input);
    let selector = format!(".editor-lines > :nth-child({})", lines(&part[..at.start]));
    // A line that is not placed yet is brought once it is.
    let Some(row) = element(&selector).map(|row| row.get_bounding_client_rect()) else { return };
    height.set_value(now);
    let top = editor.get_bounding_client_rect().top();
    if (top..=top + f64::from(before)).contains(&row.bottom()) {
        bring(&selector);
    }
}
