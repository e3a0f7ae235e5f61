//! The page's cluster, in which everything is typed, as a visitor would.

use ordinal::base::time::Time;
use ordinal::playground::{Playground, setup};
use ordinal::text::Lang;

/// A page with a manifest.
pub struct Page(pub Playground);

impl Page {
    /// A page on which these lines have been typed.
    pub fn begin(manifest: &str, lines: &[&str]) -> Page {
        let mut page = Page(Playground::new(&setup(), manifest));
        for line in lines {
            page.say(line);
        }
        page
    }

    /// Types a line; what it prints.
    pub fn say(&mut self, line: &str) -> String {
        let before = self.0.terminal().lines().len();
        self.0.type_line(line, Lang::English);
        self.0.run(Time(self.0.now().0 + 50), || true);
        self.0.terminal().lines()[before..].iter().skip(1).map(|line| line.text.clone()).collect::<Vec<_>>().join("\n")
    }

    /// Types a line and waits until it has ended; what it prints.
    pub fn finish(&mut self, line: &str) -> String {
        let before = self.0.terminal().lines().len();
        self.0.type_line(line, Lang::English);
        while self.0.is_busy() {
            self.0.run(Time(self.0.now().0 + 50), || true);
        }
        self.0.terminal().lines()[before..].iter().skip(1).map(|line| line.text.clone()).collect::<Vec<_>>().join("\n")
    }

    /// Everything that was printed.
    pub fn all(&self) -> String {
        self.0.terminal().lines().iter().map(|line| line.text.clone()).collect::<Vec<_>>().join("\n")
    }

    /// Lets this many seconds pass.
    pub fn pass(&mut self, seconds: u64) {
        self.0.run(Time(self.0.now().0 + seconds * 1000), || true);
    }
}
