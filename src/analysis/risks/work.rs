//! Workers of one search that share nothing but lines of text: what each is told, and what it answers.
//!
//! Whoever has the workers tells each what to search ([`Wish`]), and then lets it go on slice by slice. What one answers is carried to all
//! others. The first one is asked now and then how far it is.

use std::rc::Rc;

use api::release::Release;
use intake::Dump;

use super::outcome::{Options, Phase, Progress};
use super::pack::{Pack, packed, packed_words};
use super::search::Search;
use super::search::mail::Mail;
use super::search::share::Share;
use super::sheet::{Before, Sheet};
use super::start::Start;

base::named! {
    /// What a worker is told: this word, a space, and what belongs to it.
    Order {
        /// How many workers there are, which of them this one is, and the [`Wish`].
        Begin "begin",
        /// What another worker has answered.
        Hear "hear",
        /// It is to go on for a slice. It answers with a [`State`] and, behind a line break, with what the others are to hear.
        Step "step",
        /// It is to tell how far it is. It answers with a [`Report`].
        Report "report",
    }
}

base::named! {
    /// What a worker does next.
    State {
        /// The next slice.
        Works "works",
        /// Nothing, before it hears more.
        Waits "waits",
        /// Nothing more.
        Done "done",
    }
}

/// What is to be searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The release of a manifest's cluster.
    pub release: String,
    /// Whether the text is a cluster's, and not a manifest.
    pub is_cluster: bool,
    pub text: Rc<str>,
}

/// How far a search is, and what there is to be shown, where that is something else than was told before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub progress: Progress,
    pub sheet: Option<Sheet>,
}

packed! {
    Wish { release, is_cluster, text }
    Report { progress, sheet }
    Progress { done, of, depth, phase }
}

packed_words! { Phase }

impl Wish {
    /// The same as a line.
    pub fn line(&self) -> String {
        self.packed()
    }

    /// Reads [`Wish::line`].
    pub fn of_line(line: &str) -> Wish {
        Wish::unpacked(line)
    }

    /// What a search of it starts from.
    pub fn start(&self) -> Start {
        if self.is_cluster {
            return Start::Cluster(Rc::new(Dump::read([&*self.text])));
        }
        Start::manifest(&self.text, Release::named(&self.release).unwrap_or(Release::ALL[0]))
    }
}

impl Report {
    /// Reads what a worker answers.
    pub fn of_line(line: &str) -> Report {
        Report::unpacked(line)
    }
}

/// A worker.
#[derive(Debug)]
pub struct Worker {
    search: Search,
    mail: Rc<Mail>,
    /// How much was told: findings, what protects, whether all.
    told: Option<(usize, usize, bool)>,
    before: Before,
}

impl Worker {
    /// A worker that has done nothing, by its number, among so many.
    pub fn new(wish: &Wish, own: usize, of: usize) -> Worker {
        let mail = Rc::new(Mail::new(own, of));
        let share: Rc<dyn Share> = Rc::<Mail>::clone(&mail);
        let search = Search::new(wish.start(), Options { share: Some(share), ..Options::default() });
        Worker { search, mail, told: None, before: Before::default() }
    }

    /// Goes on for a slice.
    pub fn step(&mut self) -> State {
        if self.mail.waits() {
            return State::Waits;
        }
        match self.search.step().phase {
            Phase::Done => State::Done,
            _ if self.mail.waits() => State::Waits,
            _ => State::Works,
        }
    }

    /// How far it is.
    pub fn report(&mut self) -> Report {
        let progress = self.search.progress();
        let (findings, protections) = (self.search.findings().len(), self.search.protections().len());
        let told = Some((findings, protections, progress.phase == Phase::Done));
        let is_told = std::mem::replace(&mut self.told, told) == told;
        Report { progress, sheet: (!is_told).then(|| Sheet::of(&self.search, &mut self.before)) }
    }
}

/// Does what a worker is told, and returns what it answers; there is none before [`Order::Begin`].
pub fn answer(worker: &mut Option<Worker>, line: &str) -> String {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match (Order::named(word), worker) {
        (Some(Order::Begin), worker) => {
            let mut words = rest.splitn(3, ' ');
            let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            let (of, own) = (number().max(1), number());
            let wish = Wish::of_line(words.next().unwrap_or_default());
            *worker = Some(Worker::new(&wish, own, of));
        }
        (Some(Order::Hear), Some(worker)) => worker.mail.hear(rest),
        (Some(Order::Step), Some(worker)) => return format!("{}\n{}", worker.step().word(), worker.mail.tell()),
        (Some(Order::Report), Some(worker)) => return worker.report().packed(),
        _ => {}
    }
    String::new()
}
