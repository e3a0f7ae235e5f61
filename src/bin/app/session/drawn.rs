//! A list that is drawn one member at a time.

use crate::keyed::Keyed;

/// Members by name, each a text: one whose text changes stays in its place.
#[derive(Clone)]
pub(super) struct Drawn {
    pub(super) shown: Keyed<String, String>,
    drawn: Vec<(String, String)>,
}

impl Default for Drawn {
    fn default() -> Drawn {
        Drawn { shown: Keyed::new(), drawn: Vec::new() }
    }
}

impl Drawn {
    /// Draws the next member that is not there as it is to be; false where all are. Of those behind it, as many stay as have a place there.
    pub(super) fn draw_next(&mut self, all: &[(String, String)]) -> bool {
        if self.drawn == all {
            return false;
        }
        let count = all.iter().position(|one| !self.drawn.contains(one)).map_or(all.len(), |at| at + 1);
        let (there, left) = all.split_at(count);
        let is_left = |(name, _): &&(String, String)| there.iter().all(|(known, _)| known != name);
        let behind: Vec<_> = self.drawn.iter().filter(is_left).collect();
        let beyond = behind.len().saturating_sub(left.len());
        self.drawn = there.iter().chain(behind.into_iter().skip(beyond)).cloned().collect();
        self.shown.publish(self.drawn.iter().cloned());
        true
    }
}
