//! Counts how many cases of a collection match the recordings.

/// A collection under comparison.
pub struct Tally {
    what: &'static str,
    /// How many cases there are.
    pub all: usize,
    /// How many of them are as recorded.
    pub same: usize,
    wrong: Vec<String>,
}

impl Tally {
    /// Of a collection, named for the line that is printed.
    pub fn of(what: &'static str) -> Self {
        Tally { what, all: 0, same: 0, wrong: Vec::new() }
    }

    /// Counts a case.
    pub fn judge(&mut self, case: &str, real: &str, ours: &str) {
        self.all += 1;
        if real == ours {
            self.same += 1;
        } else {
            self.wrong.push(format!("{case}\n--- real\n{real}\n--- ours\n{ours}\n"));
        }
    }

    /// Prints the count and fails if anything differs.
    pub fn finish(self) {
        let Tally { what, all, same, wrong } = self;
        println!("{same} of {all} {what} identical");
        assert!(wrong.is_empty(), "{} of {all} {what} differ:\n{}", wrong.len(), wrong.join("\n"));
    }
}

/// The prefix of the name of the service account token's volume.
const TOKEN_VOLUME: &str = "kube-api-access-";
/// The length of its random suffix.
const TOKEN_VOLUME_END: usize = 5;

/// Text without the random suffix of the token volume's name.
pub fn without_token_names(text: &str) -> String {
    let mut parts = text.split(TOKEN_VOLUME);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + TOKEN_VOLUME + part.get(TOKEN_VOLUME_END..).unwrap_or_default())
}
