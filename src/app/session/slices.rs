//! Long work in slices, between which the page draws.

use std::cell::Cell;
use std::time::Duration;

use base::slices::Slices;
use leptos::prelude::set_timeout;

use super::wall;

/// So long a slice takes, in milliseconds of wall time: the rest of a frame is the page's.
const SLICE: f64 = 12.0;
/// A frame: so long the page has to show that it works.
const FRAME: Duration = Duration::from_millis(30);

thread_local! {
    /// When the present slice is over.
    static ENDS: Cell<f64> = const { Cell::new(0.0) };
}

/// Slices of which each leaves the page time to draw.
pub(super) fn slices() -> Slices {
    Slices::until(|| wall() >= ENDS.get())
}

/// Does work a slice at a time, after the page has shown that it works; `slice` returns whether there is more to do.
pub(super) fn in_slices(slice: impl FnMut() -> bool + 'static) {
    go_on(Box::new(slice), FRAME);
}

/// Does the first slice of work at once, and the others as [`in_slices`] does; whether there are others.
pub(super) fn at_once_or_in_slices(mut slice: impl FnMut() -> bool + 'static) -> bool {
    ENDS.set(wall() + SLICE);
    let more = slice();
    if more {
        in_slices(slice);
    }
    more
}

fn go_on(mut slice: Box<dyn FnMut() -> bool>, pause: Duration) {
    let work = move || {
        ENDS.set(wall() + SLICE);
        if slice() {
            go_on(slice, Duration::ZERO);
        }
    };
    set_timeout(work, pause);
}
