//! What was found: each thing once, by the shortest course.

use crate::acts::Deed;
use base::sort::Sort;

use super::super::acts::Act;
use super::super::course::{Course, Happening, When, shorter, stages};
use super::super::judge::Shown;
use super::super::mend::OF_VOLUMES;
use super::super::outcome::{Finding, Phase, Prevention};
use super::super::player::Input;
use super::Search;
use super::trial::Trial;

impl Search {
    /// Whether one act is met more often than another one, and takes no more lines.
    fn is_likelier(&self, course: &Course, known: &Course) -> bool {
        let of = |course: &Course| if let [(act, _)] = course[..] { Some(&self.acts[act]) } else { None };
        let likelier = |(one, other): (&Act, &Act)| one.kind.rate < other.kind.rate && one.begins.len() <= other.begins.len();
        of(course).zip(of(known)).is_some_and(likelier)
    }

    /// Whether something that a course shows is known without the course: it was known before, or one of its acts shows it alone.
    pub(super) fn is_known(&self, one: &Shown, course: &Course) -> bool {
        let deeds = || course.iter().map(|(act, _)| self.acts[*act].kind.deed);
        // Of longer courses, that something is known at all.
        let is_by = |known: &[Deed]| course.len() > 1 || deeds().eq(known.iter().copied());
        let by_one = |(act, _): &(usize, When)| self.alone[*act].iter().any(|known| known.is_as(one));
        self.options.known.iter().any(|(deeds, known)| known.is_as(one) && is_by(deeds)) || course.len() > 1 && course.iter().any(by_one)
    }

    /// Whether the details of what a course shows are needed: it shows something new, or what an act shows alone is told later.
    pub(super) fn is_news(&self, course: &Course, shown: &[Shown]) -> bool {
        let is_found = |one: &Shown| self.findings.iter().any(|known| known.shown.is_as(one) && !self.is_likelier(course, &known.course));
        let is_kept = self.options.prevents && course.len() == 1 && !shown.is_empty();
        is_kept || shown.iter().any(|one| !self.is_known(one, course) && !is_found(one))
    }

    /// Takes down what a course shows that none of its acts shows alone, each thing once and by the shortest course. `inputs`: up to where
    /// all still holds, and all.
    pub(super) fn note(&mut self, shown: Vec<Shown>, course: &Course, inputs: [Vec<Input>; 2]) {
        let start = self.base.as_ref().map_or(0, |base| base.inputs.len());
        // A start whose volumes are others than the manifest asks for shows nothing of volumes.
        let is_other = |one: &Shown| self.mended == OF_VOLUMES && !course.is_empty() && one.is_of_volumes();
        let shown: Vec<Shown> = shown.into_iter().filter(|one| !is_other(one)).collect();
        for (place, one) in shown.iter().enumerate() {
            // Two pods may show the same: the course counts once.
            if self.is_known(one, course) || shown[..place].iter().any(|known| known.is_as(one)) {
                continue;
            }
            let one = one.clone();
            let (acts, inputs) = (self.told(course), inputs[usize::from(!one.is_held)].clone());
            let is_likelier = self.findings.iter().any(|known| known.shown.is_as(&one) && self.is_likelier(course, &known.course));
            if let Some(known) = self.findings.iter_mut().find(|known| known.shown.is_as(&one)) {
                known.courses += 1;
                if is_likelier {
                    (known.acts, known.course, known.inputs, known.shown) = (acts, course.clone(), inputs, one);
                }
                continue;
            }
            self.findings.push(Finding {
                shown: one,
                acts,
                inputs,
                start,
                courses: 1,
                prevention: Prevention::default(),
                only_on_nodes: false,
                course: course.clone(),
            });
        }
    }

    fn told(&self, course: &Course) -> Happening {
        course.iter().map(|(act, when)| (self.acts[*act].kind.deed, self.acts[*act].target.clone(), *when)).collect()
    }

    /// Looks for a shorter course, and for earlier instants, at which a finding comes about.
    pub(super) fn shorten(&mut self) {
        if let Some(trial) = self.trial.take() {
            return self.try_on(trial);
        }
        let (at, tried) = self.shortens;
        let Some(finding) = self.findings.get(at).filter(|_| self.spent() <= self.most()) else {
            self.findings.sort_small_by_key(|one| (one.shown.level(), one.course.len()));
            self.phase = Phase::Prevents;
            return;
        };
        match shorter(&finding.course).into_iter().nth(tried) {
            Some(course) => {
                self.shortens.1 += 1;
                let stages = stages(&course, &self.acts);
                self.trial = self.base.clone().and_then(|base| Trial::begin(course, base, stages)).map(|trial| (tried, trial));
            }
            None => self.shortens = (at + 1, 0),
        }
    }

    /// Takes a shorter course for the finding that is being shortened, where that shows it too.
    pub(super) fn shortened(&mut self, course: &Course, shown: &[Shown], inputs: [Vec<Input>; 2]) {
        let acts = self.told(course);
        let (at, _) = self.shortens;
        let Some(finding) = self.findings.get_mut(at) else { return };
        let Some(one) = shown.iter().find(|one| one.is_as(&finding.shown)) else { return };
        let [held, back] = inputs;
        (finding.inputs, finding.shown) = (if one.is_held { held } else { back }, one.clone());
        (finding.acts, finding.course) = (acts, course.clone());
        self.shortens.1 = 0;
    }
}
