//! Long work in slices, so that whoever waits for the work can do something else in between.
//!
//! Work is a future that now and then rests where a slice has lasted long enough; whoever does the work decides what long enough is.
//! Promises: the outcome does not depend on the slices.
//! Must not know: clocks, executors.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// When a slice ends.
#[derive(Clone, Copy, Debug)]
pub struct Slices {
    is_over: fn() -> bool,
}

impl Slices {
    /// All in one slice.
    pub const WHOLE: Slices = Slices { is_over: || false };

    /// Slices that end as soon as a function says so.
    pub fn until(is_over: fn() -> bool) -> Slices {
        Slices { is_over }
    }

    /// Whether the present slice is over.
    pub fn is_over(self) -> bool {
        (self.is_over)()
    }

    /// Rests if the present slice is over.
    pub async fn rest(self) {
        if self.is_over() {
            Rest { rested: false }.await;
        }
    }
}

/// Ready when it is asked again.
struct Rest {
    rested: bool,
}

impl Future for Rest {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context) -> Poll<()> {
        if std::mem::replace(&mut self.rested, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Work that is under way. Crates hand each other this, and no futures. A crate that has a future polled gets a copy of its code, and of
/// all that the future awaits.
pub struct Work<T>(Pin<Box<dyn Future<Output = T>>>);

impl<T> Work<T> {
    /// Work of which nothing is done yet.
    pub fn new(work: impl Future<Output = T> + 'static) -> Work<T> {
        Work(Box::pin(work))
    }

    /// Does the work as a part of other work that is done in the same slices.
    pub async fn within(mut self) -> T {
        loop {
            match self.slice() {
                Some(done) => return done,
                None => Rest { rested: false }.await,
            }
        }
    }

    /// Does a slice of the work; the outcome, once all is done. Work that is done is not to be asked again.
    pub fn slice(&mut self) -> Option<T> {
        ready(self.0.as_mut().poll(&mut Context::from_waker(Waker::noop())))
    }
}

/// Does all of some work at once.
pub fn whole<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        if let Some(done) = ready(work.as_mut().poll(&mut Context::from_waker(Waker::noop()))) {
            return done;
        }
    }
}

fn ready<T>(poll: Poll<T>) -> Option<T> {
    match poll {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}
