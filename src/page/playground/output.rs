//! What terminals print and write, and what the playground says to that.

use super::applied::applies_text;
use super::{Playground, notes, typed, unsimulated};
use base::printed::{Piece, Stream};
use base::sorted::SortedSet;
use view::terminal::Voice;

/// How many of a line's writes are looked at for what is accepted and not simulated.
const MAX_LOOKED_AT: usize = 100;

impl Playground {
    /// Shows what a terminal printed, and says what of it reads differently from what guides show.
    pub(super) fn show_printed(&mut self, tab: usize) {
        let (terminal, words) = (&mut self.tabs[tab].terminal, &self.lang.text().terminal);
        for piece in self.world.console_mut(tab).take_new() {
            match piece {
                Piece::Text(Stream::Out, text) => terminal.write(Voice::Output, &text),
                Piece::Text(Stream::Err, text) => terminal.write(Voice::Error, &text),
                Piece::Note(note) => terminal.write(Voice::Playground, &words.told(&note)),
            }
        }
        for change in self.world.take_changes() {
            // Who knows how to have the old output needs no word about the other differences.
            let knows = change.is_form() && self.told.iter().any(|told| told.is_form());
            if self.told.insert(change) && !knows {
                let told = words.changed(&change, change.since(), change.is_form());
                terminal.write(Voice::Playground, &format!("{told}\n"));
            }
        }
    }

    /// Notes what the lines of a terminal wrote, and says what of it nothing acts on.
    pub(super) fn take_written(&mut self, tab: usize) {
        for written in self.world.console_mut(tab).take_written() {
            let changes = || self.world.sim.log().from(written.writes.start).take(written.writes.len());
            let unsimulated: SortedSet<String> =
                changes().take(MAX_LOOKED_AT).flat_map(|change| unsimulated::written(change, self.world.sim.release())).collect();
            let news: Vec<String> = unsimulated.into_iter().filter(|part| self.unsimulated.insert(part.clone())).collect();
            let words = self.lang.text();
            let left_out = (!news.is_empty()).then(|| format!("{}: {}", words.manifest.not_simulated(), news.join(", ")));
            let trusted = changes().take(MAX_LOOKED_AT).flat_map(|change| notes::images_on_trust(change, &self.world.sim));
            let trusted: Vec<String> = trusted.filter(|image| self.unsimulated.insert(image.clone())).collect();
            let on_trust = (!trusted.is_empty()).then(|| words.manifest.on_trust(&trusted.join(", ")));
            let in_vain = changes().take(MAX_LOOKED_AT).find_map(|change| notes::of_written(change, &self.world.sim, words));
            // Of the manifest, its pane tells.
            for said in left_out.into_iter().chain(on_trust).chain(in_vain).filter(|_| !applies_text(&written.line.text)) {
                self.tabs[tab].terminal.write(Voice::Playground, &said);
            }
            typed::note(&mut self.typed, &written.line, changes());
            if !written.applied.is_empty() && applies_text(&written.line.text) {
                self.note_applied(&written.applied);
            }
        }
    }
}
