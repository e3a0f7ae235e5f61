//! What `argocd app get` prints: the head of an application, and the table of its objects.

use super::command::kind_of;
use super::found::Found;
use super::says;
use crate::event::Happened;
use api::kind::Kind;
use causes::message::SaidIn;

/// The line of the head that tells how an application is.
const HEALTH: &str = "Health Status:";
/// The other lines of the head: they tell nothing of a set.
const HEADS: [&str; 15] = [
    "Name:",
    "Project:",
    "Server:",
    "Namespace:",
    "URL:",
    "Source:",
    "Sources:",
    "Repo:",
    "Target:",
    "Path:",
    "Helm Values:",
    "Name Prefix:",
    "SyncWindow:",
    "Sync Policy:",
    "Sync Status:",
];

/// The numbers of the lines of heads.
pub(super) fn heads(lines: &[String]) -> Vec<usize> {
    let is_head = |line: &str| HEADS.iter().any(|head| line.trim_start_matches(['-', ' ']).starts_with(head));
    let health = (0..lines.len()).filter(|at| lines[*at].starts_with(HEALTH));
    health.flat_map(|at| (0..at).rev().take_while(|at| is_head(&lines[*at])).map(|at| at + 1)).collect()
}

/// Takes down what a row of the table says of a set that is not healthy.
pub(super) fn row(number: usize, line: &str, cells: &[(&str, String)], out: &mut Found) {
    let cell = |name: &str| cells.iter().find(|(column, _)| *column == name).map_or("", |(_, cell)| cell.as_str());
    if kind_of(cell("KIND")) != Some(Kind::StatefulSet) || ["Healthy", ""].contains(&cell("HEALTH")) {
        return;
    }
    let says = |message: String| Happened {
        about: (Kind::StatefulSet.info().name.to_owned(), cell("NAMESPACE").to_owned(), cell("NAME").to_owned()),
        message,
        place: SaidIn::Line,
        line: number,
        ..Happened::default()
    };
    // What the set waits for tells more than its health.
    let all = [cell("MESSAGE").to_owned(), line.split_whitespace().collect::<Vec<_>>().join(" ")].map(says);
    out.events.extend(all.into_iter().find(says::tells));
}
