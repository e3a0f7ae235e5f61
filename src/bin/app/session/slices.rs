//! Long work in slices, between which the page draws.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use base::slices::Slices;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// So long a slice takes, in milliseconds of wall time: the rest of a frame is the page's.
const SLICE: f64 = 12.0;
/// For how long the editor's text is looked at, or coloured, in one go, in milliseconds: less than a frame.
const UNNOTICED: f64 = 8.0;
/// A frame: so long the page has to show that it works, in milliseconds.
const FRAME: u32 = 30;

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
    go_on(&Rc::new(Chain { slice: RefCell::new(Box::new(slice)), next: RefCell::default() }), FRAME);
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

/// Work under way, and the timer of its next slice, which ends with the work.
struct Chain {
    slice: RefCell<Box<dyn FnMut() -> bool>>,
    next: RefCell<Option<Timeout>>,
}

fn go_on(chain: &Rc<Chain>, pause: u32) {
    let work = Rc::clone(chain);
    let timer = Timeout::new(pause, move || {
        // Browsers let no timer of such a chain end before 4 ms: these pass while the slice works.
        go_on(&work, 0);
        ENDS.set(wall() + SLICE);
        let more = (work.slice.borrow_mut())();
        if !more {
            drop(work.next.take());
        }
    });
    drop(chain.next.replace(Some(timer)));
}

/// Returns true for as long as nobody notices that the page does nothing else: for less than a frame.
pub fn slice() -> impl FnMut() -> bool {
    within(wall() + UNNOTICED)
}

/// Returns true until an instant of wall time.
pub(super) fn within(end: f64) -> impl FnMut() -> bool {
    move || wall() < end
}

/// Wall time in milliseconds, from an arbitrary origin.
pub(super) fn wall() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
