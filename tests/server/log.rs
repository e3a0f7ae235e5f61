//! How much of the log is kept.

use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::base::time::Time;
use ordinal::server::log::{Actor, Change, Log};

fn written(count: u64) -> Log {
    let mut log = Log::default();
    let key = ObjectKey::global(Kind::Node, &"node-1".into());
    for revision in 1..=count {
        log.push(Change { revision, at: Time(0), key: key.clone(), before: None, after: None, by: Actor::Setup, signed: None });
    }
    log
}

#[test]
fn a_reader_is_told_that_changes_were_dropped() {
    let mut log = written(4_000);
    let whole = log.clone().digest();
    log.keep(1_000, log.len());
    assert!(log.first() > 2_000 && log.reaches(log.first()) && !log.reaches(log.first() - 1));
    assert_eq!((log.kept().count(), log.digest()), (4_000 - log.first(), whole));
}

#[test]
fn nothing_is_dropped_that_is_not_delivered_yet() {
    let mut log = written(4_000);
    log.keep(1_000, 600);
    assert!(log.reaches(600) && log.first() > 0, "{}", log.first());
}
