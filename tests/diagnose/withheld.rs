//! What kubectl could not read: no verdict rests on its absence.

use ordinal::api::kind::Kind;
use ordinal::causes::blame::Sure;
use ordinal::intake::{Dump, NEEDED, Report, diagnose};
use ordinal::text::diagnose::Unread;
use ordinal::why::{Cause, Family};

use super::less::asks;
use super::{CLUSTER, GIVEN, OWN, cases};

/// The kinds of which the recorded dumps have objects.
fn recorded() -> impl Iterator<Item = Kind> {
    NEEDED.into_iter().chain([Kind::Namespace, Kind::EndpointSlice])
}

/// What may not be read at once: by a role for workloads alone, by one for a namespace, and one thing each.
fn roles() -> Vec<Vec<Kind>> {
    let workloads = recorded().filter(|kind| ![Kind::StatefulSet, Kind::Pod].contains(kind)).collect();
    let places: Vec<Kind> = recorded().filter(|kind| !kind.is_namespaced()).collect();
    let alone = [Kind::Event, Kind::Node, Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::StorageClass, Kind::ResourceQuota];
    [workloads, places].into_iter().chain(alone.map(|kind| vec![kind])).collect()
}

/// What kubectl says of a kind that may not be listed.
fn refusal(kind: Kind) -> String {
    let info = kind.info();
    let resource = if info.group.is_empty() { info.plural.to_owned() } else { format!("{}.{}", info.plural, info.group) };
    let what = format!("cannot list resource \"{}\" in API group \"{}\" at the cluster scope", info.plural, info.group);
    format!("Error from server (Forbidden): {resource} is forbidden: User \"dev\" {what}\n")
}

/// A dump without the objects of some kinds, as kubectl prints it.
fn without(dump: &str, kinds: &[Kind]) -> String {
    let (head, rest) = dump.split_once("items:\n").expect("items");
    let (items, tail) = rest.rsplit_once("\nkind: List").expect("the end");
    let is_kept = |item: &&str| !kinds.iter().any(|kind| item.contains(&format!("\n  kind: {}\n", kind.info().name)));
    let kept: Vec<&str> = items.strip_prefix("- ").expect("an item").split("\n- ").filter(is_kept).collect();
    let list = if kept.is_empty() { "items: []".to_owned() } else { format!("items:\n- {}", kept.join("\n- ")) };
    format!("{head}{list}\nkind: List{tail}")
}

/// What of a report goes further than what could be read, beside the report on everything.
fn groundless(part: &Report, whole: &Report) -> Vec<String> {
    let is_told = |family: Family| whole.verdicts.iter().any(|one| one.family() == family);
    let mut wrong = Vec::new();
    for one in &part.verdicts {
        // A refusal is in the cluster's own words, as is whatever names what it goes by.
        let is_heard = one.cause == Cause::Refused || one.said.named_texts().next().is_some();
        if one.sure == Sure::Certain && !is_told(one.family()) && !is_heard {
            wrong.push(format!("{:?} of {} is certain", one.cause, one.object));
        }
        if one.cause == Cause::InProgress && !is_told(Family::NotStuck) {
            wrong.push(format!("{} is said to be under way", one.object));
        }
    }
    wrong
}

#[test]
fn nothing_is_concluded_from_what_could_not_be_read() {
    let (mut same, mut open, mut wrong) = (0, 0, Vec::new());
    for case in [GIVEN, OWN].into_iter().flat_map(cases) {
        let dump = case.file(CLUSTER);
        let whole = diagnose([&*dump]);
        for role in roles() {
            let refused: String = role.iter().map(|kind| refusal(*kind)).collect();
            let part = diagnose([&*format!("{}{refused}", without(&dump, &role))]);
            let told = part.unread.iter().filter(|one| matches!(one, Unread::Withheld { .. })).count();
            assert!(told == role.len() && part.unread.len() == told, "{}: {:?}", case.name, part.unread);
            wrong.extend(groundless(&part, &whole).into_iter().map(|one| format!("{} without {role:?}: {one}", case.name)));
            let causes = |report: &Report| report.verdicts.iter().map(|one| (one.cause, one.object.clone())).collect::<Vec<_>>();
            same += usize::from(causes(&part) == causes(&whole));
            open += usize::from(asks(&part));
        }
    }
    println!("the same {same} times, asked for more {open} times");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    assert!(same > 400 && open > 100, "{same} and {open}");
}

#[test]
fn the_errors_of_kubectl_stand_before_a_dump_or_after_it() {
    let case = cases(OWN).into_iter().next().expect("a case");
    let dump = without(&case.file(CLUSTER), &[Kind::Node]);
    let refused = refusal(Kind::Node);
    let reports =
        [format!("{dump}{refused}"), format!("{refused}{dump}"), format!("# $ kubectl get pods,nodes -A -o yaml\n# {refused}{dump}")];
    for text in reports {
        let read = Dump::read([&*text]);
        let told: Vec<&str> = read.withheld.iter().map(|one| &*one.resource).collect();
        assert_eq!((told, read.mixed), (vec!["nodes"], false));
        assert!(read.withholds(Kind::Node) && !read.answers(Kind::Node));
        let again = Dump::read([&*read.text()]);
        assert_eq!((&again.withheld, &again.asked, &again.unread), (&read.withheld, &read.asked, &read.unread));
    }
}

#[test]
fn what_was_asked_for_and_is_not_there_does_not_exist() {
    let case = cases(GIVEN).into_iter().find(|case| case.name == "08-class-missing").expect("a case");
    let dump = without(&case.file(CLUSTER), &[Kind::StorageClass, Kind::Event]);
    let cause = |head: &str| {
        let report = diagnose([&*format!("{head}{dump}")]);
        (report.verdicts[0].cause, report.verdicts[0].sure)
    };
    let asked = "# $ kubectl get statefulsets.apps,pods,storageclasses.storage.k8s.io -A -o yaml\n";
    assert_eq!(cause(asked), (Cause::StorageClassNotFound, Sure::Certain));
    let withheld = format!("{asked}# {}", refusal(Kind::StorageClass));
    for head in ["", &*withheld] {
        let (cause, sure) = cause(head);
        assert!(cause != Cause::StorageClassNotFound && sure != Sure::Certain, "{cause:?}");
    }
}
