//! What a visitor has done of the course, and how the browser keeps this.

use super::{Phase, Progress};

/// How a lesson went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Whether the prediction was right; `None` if there was none.
    pub predicted: Option<bool>,
    /// Whether the task was done; of a lesson without a task, whether the outcome was seen.
    pub done: bool,
}

/// How the lessons went, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores(Vec<(String, Score)>);

impl Score {
    /// Both attempts at a lesson in one: a mark that was earned stays.
    #[must_use]
    pub fn with(self, other: Score) -> Score {
        let predicted = [self.predicted, other.predicted].into_iter().flatten().reduce(|one, other| one || other);
        Score { predicted, done: self.done || other.done }
    }

    /// Reads what [`Score::word`] writes: 1 for a right prediction and 0 for a wrong one, then `+` or `-` for done or not. Without a sign,
    /// which older pages did not write, a lesson is done whose prediction was right.
    fn read(word: &str) -> Option<Score> {
        let (number, sign) = word.split_at(word.find(['+', '-']).unwrap_or(word.len()));
        let predicted = match number {
            "1" => Some(true),
            "0" => Some(false),
            "" if !sign.is_empty() => None,
            _ => return None,
        };
        match sign {
            "" => Some(Score { predicted, done: predicted == Some(true) }),
            "+" | "-" => Some(Score { predicted, done: sign == "+" }),
            _ => None,
        }
    }

    fn word(self) -> String {
        let number = self.predicted.map_or("", |right| if right { "1" } else { "0" });
        let sign = match (self.done, self.predicted == Some(true)) {
            (done, right) if done == right && self.predicted.is_some() => "",
            (true, _) => "+",
            (false, _) => "-",
        };
        [number, sign].concat()
    }
}

impl Scores {
    /// Reads what [`Scores::written`] writes, and what older pages wrote: `creation=1 canary=0+`. What cannot be read is left out.
    pub fn read(text: &str) -> Scores {
        let score = |word: &str| {
            let (name, score) = word.split_once('=')?;
            Some((name.to_owned(), Score::read(score)?))
        };
        Scores(text.split(' ').filter_map(score).collect())
    }

    /// The scores as one text.
    pub fn written(&self) -> String {
        self.0.iter().map(|(name, score)| format!("{name}={}", score.word())).collect::<Vec<_>>().join(" ")
    }

    /// How a lesson went; `None` if it was never revealed.
    pub fn of(&self, name: &str) -> Option<Score> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, score)| *score)
    }

    /// Takes in how far a lesson has come. Whether that says anything new.
    pub fn take(&mut self, progress: &Progress) -> bool {
        let Some(score) = progress.score() else { return false };
        if let Some((_, known)) = self.0.iter_mut().find(|(name, _)| *name == progress.lesson.name) {
            return std::mem::replace(known, known.with(score)) != *known;
        }
        self.0.push((progress.lesson.name.clone(), score));
        true
    }
}

impl Progress {
    /// How the lesson went so far; `None` before the outcome is revealed. A prediction is not judged where something else was done during
    /// the run. Of ways, the first one counts. Of several releases, all predictions have to be right.
    pub fn score(&self) -> Option<Score> {
        let Phase::Reveal { outcome, done } = self.phase else { return None };
        // What is asked on several releases is judged after the last.
        if self.next_release().is_some() {
            return None;
        }
        let all = self.earlier.iter().map(|earlier| earlier.predicted).chain([self.predicted()]);
        let predicted = all.reduce(|one, other| Some(one? && other?)).flatten();
        let is_seen = outcome.is_some() || !self.lesson.chooses();
        Some(Score { predicted, done: done || self.lesson.task.is_none() && is_seen })
    }

    /// Whether the prediction was right on this release; `None` before the outcome is revealed, and where nothing is judged.
    pub(super) fn predicted(&self) -> Option<bool> {
        let Phase::Reveal { outcome, .. } = self.phase else { return None };
        let is_right = self.chosen.map(|chosen| outcome == Some(chosen) && self.tried.is_empty());
        is_right.filter(|_| outcome.is_some() || self.lesson.chooses())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_written_and_read_again_and_what_older_pages_wrote_is_read() {
        for predicted in [None, Some(false), Some(true)] {
            for done in [false, true] {
                let score = Score { predicted, done };
                assert_eq!(Score::read(&score.word()), Some(score));
            }
        }
        let old = Scores::read("creation=1 canary=0 odd=7 =");
        assert_eq!(old.of("creation"), Some(Score { predicted: Some(true), done: true }));
        assert_eq!(old.of("canary"), Some(Score { predicted: Some(false), done: false }));
        assert_eq!((old.of("odd"), old.written().as_str()), (None, "creation=1 canary=0"));
    }

    #[test]
    fn what_was_earned_stays() {
        let right = Score { predicted: Some(true), done: false };
        let wrong_and_done = Score { predicted: Some(false), done: true };
        let typed = Score::default();
        assert_eq!(right.with(wrong_and_done), Score { predicted: Some(true), done: true });
        assert_eq!(right.with(typed), right);
        assert_eq!(typed.with(wrong_and_done), wrong_and_done);
    }
}
