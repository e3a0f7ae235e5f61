//! Several cores on one risk search.
//!
//! Promises: the findings of [`search`] are the same for every number of workers. Native programs only: the page's workers share no memory
//! (`risks::work`).

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use risks::search::share::{Claim, CourseId, Share, Summary};
use risks::{Phase, Progress, Search};
use std::rc::Rc;

/// The stack of a worker: patterns and values are walked by recursion.
const STACK_BYTES: usize = 64 << 20;

/// How many courses further on a worker runs one while another is still at the next.
const AHEAD: usize = 64;

/// What all workers share.
#[derive(Debug, Default)]
struct Board {
    /// Each course that was claimed, and what came of it once it was run.
    courses: Mutex<BTreeMap<CourseId, Option<Summary>>>,
    published: Condvar,
    /// Whether the search is over: nobody waits any more.
    over: AtomicBool,
}

/// A worker's view of the board.
#[derive(Debug)]
struct Worker {
    board: Arc<Board>,
    /// How many searches this worker has begun.
    searches: Cell<usize>,
}

impl Worker {
    fn new(board: &Arc<Board>) -> Rc<dyn Share> {
        Rc::new(Worker { board: Arc::clone(board), searches: Cell::new(0) })
    }
}

impl Share for Worker {
    fn begin(&self) -> usize {
        self.searches.set(self.searches.get() + 1);
        self.searches.get()
    }

    fn claim(&self, place: CourseId, _: usize) -> Claim {
        if self.board.over.load(Ordering::Relaxed) {
            return Claim::Own;
        }
        let mut courses = self.board.courses.lock().unwrap_or_else(PoisonError::into_inner);
        match courses.get(&place) {
            Some(Some(summary)) => Claim::Known(summary.clone()),
            Some(None) => Claim::Taken,
            None => {
                courses.insert(place, None);
                Claim::Own
            }
        }
    }

    fn keeps(&self, _: usize) -> bool {
        true
    }

    fn ahead(&self, _: usize) -> usize {
        AHEAD
    }

    fn publish(&self, place: CourseId, summary: Summary) {
        self.board.courses.lock().unwrap_or_else(PoisonError::into_inner).insert(place, Some(summary));
        self.board.published.notify_all();
    }

    fn wait(&self, place: CourseId) -> bool {
        let courses = self.board.courses.lock().unwrap_or_else(PoisonError::into_inner);
        let is_open = |courses: &mut BTreeMap<CourseId, Option<Summary>>| {
            matches!(courses.get(&place), Some(None)) && !self.board.over.load(Ordering::Relaxed)
        };
        drop(self.board.published.wait_while(courses, is_open));
        true
    }
}

/// Does a search with so many workers, to its end. `begin` makes the same search each time, with what its workers share. `watch` is told
/// how far the search of the first worker is.
pub fn search(workers: usize, begin: impl Fn(Option<Rc<dyn Share>>) -> Search + Sync, watch: impl FnMut(Progress)) -> Search {
    if workers <= 1 {
        return done(begin(None), watch);
    }
    let board = Arc::new(Board::default());
    thread::scope(|scope| {
        for _ in 1..workers {
            let (board, begin) = (Arc::clone(&board), &begin);
            let help = move || {
                let mut search = begin(Some(Worker::new(&board)));
                while !board.over.load(Ordering::Relaxed) && search.step().phase != Phase::Done {}
            };
            // Whoever cannot be helped works alone.
            drop(thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, help));
        }
        let search = done(begin(Some(Worker::new(&board))), watch);
        board.over.store(true, Ordering::Relaxed);
        board.published.notify_all();
        search
    })
}

/// A search, done to its end.
fn done(mut search: Search, mut watch: impl FnMut(Progress)) -> Search {
    loop {
        let progress = search.step();
        watch(progress);
        if progress.phase == Phase::Done {
            return search;
        }
    }
}
