//! The courses of a search, by their lengths and numbers.

use api::object::ObjectKey;
use base::dice::{Dice, Purpose};

use super::acts::{Act, Deed};
use super::course::{Course, Happening, When};
use super::outcome::{EVERY, Options};

/// How many courses of each depth are tried beyond the depth up to which every one is.
const LONGER: usize = 48;

/// The courses of a start, numbered at each depth.
#[derive(Clone, Debug, Default)]
pub struct Courses {
    /// How many acts there are.
    acts: usize,
    /// What the acts do, where only courses like some are tried.
    deeds: Vec<Deed>,
    /// The sets that they are about, where they take no node away.
    sets: Vec<Option<ObjectKey>>,
    only: Option<Vec<Vec<Deed>>>,
    /// The longer courses that are tried, where only some are.
    longer: Vec<Course>,
}

impl Courses {
    /// The courses of these acts.
    pub fn new(acts: &[Act], options: &Options) -> Courses {
        let place = |deed: Deed, target: &ObjectKey| acts.iter().position(|act| act.kind.deed == deed && act.target == *target);
        let course =
            |like: &Happening| like.iter().map(|(deed, target, when)| Some((place(*deed, target)?, *when))).collect::<Option<Course>>();
        let only = options.only.as_deref();
        Courses {
            acts: acts.len(),
            deeds: acts.iter().map(|act| act.kind.deed).collect(),
            sets: acts.iter().map(|act| act.set.clone()).collect(),
            only: only.map(|all| all.iter().map(|like| like.iter().map(|(deed, ..)| *deed).collect()).collect()),
            longer: only.into_iter().flatten().filter(|like| like.len() > EVERY).filter_map(course).collect(),
        }
    }

    /// How many courses of a depth are tried.
    pub fn count(&self, depth: usize) -> usize {
        (0..self.numbers(depth)).filter(|number| self.course(depth, *number).is_some()).count()
    }

    /// How many numbers the courses of a depth have.
    pub fn numbers(&self, depth: usize) -> usize {
        match depth {
            1 => self.acts,
            2 => self.at_once() + 2 * self.acts * self.acts,
            _ if self.only.is_some() => self.longer.len(),
            _ if self.acts == 0 => 0,
            _ => LONGER,
        }
    }

    /// How many courses of two acts at once there are: in either order they are one.
    fn at_once(&self) -> usize {
        self.acts * self.acts.saturating_sub(1) / 2
    }

    /// The course of two acts with a number: those at once first, then one later while the other holds, then one after the other.
    fn pair(&self, number: usize) -> Course {
        let square = self.acts * self.acts;
        if let Some(rest) = number.checked_sub(self.at_once()) {
            let (when, rest) = (if rest < square { When::Later } else { When::After }, rest % square);
            return vec![(rest / self.acts, When::AtOnce), (rest % self.acts, when)];
        }
        let (mut first, mut rest) = (0, number);
        while rest >= self.acts - 1 - first {
            rest -= self.acts - 1 - first;
            first += 1;
        }
        vec![(first, When::AtOnce), (first + 1 + rest, When::AtOnce)]
    }

    /// The course with a number among those of a depth; `None` where it is not one of those that are tried.
    pub fn course(&self, depth: usize, number: usize) -> Option<Course> {
        let is_like = |course: &Course| {
            let deeds = || course.iter().map(|(act, _)| self.deeds[*act]);
            self.only.as_ref().is_none_or(|only| only.iter().any(|wanted| wanted.iter().copied().eq(deeds())))
        };
        match depth {
            1 => Some(vec![(number, When::AtOnce)]),
            2 => Some(self.pair(number)).filter(is_like).filter(|pair| !self.is_apart(pair)),
            _ if self.only.is_some() => self.longer.get(number).filter(|course| course.len() == depth).cloned(),
            _ => Some(self.drawn(depth, number)),
        }
    }

    /// Whether acts are about different sets, and no node is taken away: what each does to its set, it does alone.
    fn is_apart(&self, pair: &Course) -> bool {
        let of = |at: usize| self.sets[pair[at].0].as_ref();
        of(0).zip(of(1)).is_some_and(|(first, second)| first != second)
    }

    /// A longer course: acts and instants as a draw by its number has them.
    fn drawn(&self, depth: usize, number: usize) -> Course {
        let dice = Dice { seed: depth as u64 };
        let below = |place: usize, sides: usize| {
            usize::try_from(dice.below(Purpose::Operation, number as u64, place as u64, sides as u64)).unwrap_or(0)
        };
        let when = |place: usize| [When::AtOnce, When::Later, When::After][below(2 * place + 1, 3)];
        (0..depth).map(|place| (below(2 * place, self.acts), when(place))).collect()
    }
}
