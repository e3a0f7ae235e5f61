//! Links in the first visit's manifest.

use super::*;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::view::links::{Page, Spot};
use ordinal::view::why::{Question, answer};

fn applied() -> Playground {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    playground
}

/// The tokens linked to a token; manifest lines, terminal lines and flags as their texts.
fn linked(playground: &Playground, token: &str) -> Vec<String> {
    let shot = playground.snapshot(Lang::English);
    let (lines, moments) = (playground.terminal().lines(), playground.timeline().moments());
    let page = Page { shot: &shot, namespace: "default", lines, moments, near: None };
    let spot = page.read(token).expect("a token");
    assert_eq!(page.token(&spot), token);
    let shown = |spot: Spot| match &spot {
        Spot::Line(line) => format!("{line}:{}", EXAMPLE.lines().nth(line - 1).unwrap_or_default().trim()),
        Spot::Said(id) => lines.iter().find(|line| line.id == *id).map_or(String::new(), |line| line.text.clone()),
        Spot::Moment(id) => moments
            .iter()
            .find(|moment| moment.id == *id)
            .map_or(String::new(), |moment| format!("! {}", moment.label(Lang::English.text()))),
        _ => page.token(&spot),
    };
    page.linked(&spot).into_iter().map(shown).collect()
}

fn line_with(text: &str) -> String {
    format!("line/{}", EXAMPLE.lines().position(|line| line.contains(text)).expect("it is there") + 1)
}

#[test]
fn a_pod_is_linked_with_what_makes_it_what_it_has_and_what_is_said_of_it() {
    let mut playground = applied();
    playground.type_line("kubectl get pods", Lang::English);
    playground.type_line("kubectl delete pod web-1", Lang::English);
    let found = linked(&playground, "pod/web-1");
    for want in [
        "pod/web-1",
        "persistentvolumeclaim/data-web-1",
        "name/web-1.nginx",
        "16:replicas: 3",
        "24:template:",
        "15:serviceName: nginx",
        "$ kubectl apply -f manifest.yaml",
        "$ kubectl delete pod web-1",
        "! web-1 Ready",
    ] {
        assert!(found.contains(&want.to_owned()), "{want} is not in {found:#?}");
    }
    assert!(found.iter().any(|line| line.starts_with("web-1   1/1")), "{found:#?}");
    for other in ["web-0", "web-2"] {
        assert!(!found.iter().any(|one| one.contains(other)), "{other} is in {found:#?}");
    }
}

#[test]
fn a_flag_is_about_what_was_acted_on_and_not_about_what_has_the_same_name() {
    let mut playground = applied();
    for line in ["playground unready pod web-1", "kubectl create namespace prod", "kubectl run web-1 --image=nginx -n prod"] {
        playground.type_line(line, Lang::English);
        settle(&mut playground);
    }
    let labels = playground.timeline().moments().iter().map(|moment| moment.label(Lang::English.text()));
    assert_eq!(labels.filter(|label| label == "web-1 Ready").count(), 2);
    let found = linked(&playground, "pod/web-1");
    let flags: Vec<&str> = found.iter().filter_map(|one| one.strip_prefix("! ")).collect();
    let count = |label: &str| flags.iter().filter(|flag| **flag == label).count();
    assert_eq!(["apply", "web-1 Ready", "unready pod web-1", "run web-1"].map(count), [1, 1, 1, 0], "{flags:?}");
}

#[test]
fn a_pod_beyond_those_gone_through_is_linked_with_its_own() {
    let mut playground = started(&EXAMPLE.replace("replicas: 3", "replicas: 30"));
    settle(&mut playground);
    playground.type_line("kubectl delete pod web-28", Lang::English);
    settle(&mut playground);
    let found = linked(&playground, "pod/web-28");
    for want in ["persistentvolumeclaim/data-web-28", "name/web-28.nginx", "24:template:", "$ kubectl delete pod web-28", "! web-28 Ready"]
    {
        assert!(found.contains(&want.to_owned()), "{want} is not in {found:#?}");
    }
    assert!(!found.iter().any(|one| one.contains("web-27")), "{found:#?}");
    for from in ["persistentvolumeclaim/data-web-28", "name/web-28.nginx"] {
        assert!(linked(&playground, from).contains(&"pod/web-28".to_owned()), "{from}");
    }
    let said = playground.terminal().lines().iter().find(|line| line.text.contains("delete pod web-28")).expect("it was typed").id;
    assert!(linked(&playground, &format!("said/{said}")).contains(&"pod/web-28".to_owned()));
}

#[test]
fn a_claim_and_a_name_lead_to_their_own_pod_and_not_to_each_other() {
    let playground = applied();
    let claim = linked(&playground, "persistentvolumeclaim/data-web-2");
    assert!(claim.contains(&"pod/web-2".to_owned()) && !claim.contains(&"name/web-2.nginx".to_owned()), "{claim:#?}");
    assert!(claim.iter().any(|line| line.ends_with("volumeClaimTemplates:")), "{claim:#?}");
    let name = linked(&playground, "name/web-2.nginx");
    assert!(name.contains(&"pod/web-2".to_owned()) && !name.contains(&"persistentvolumeclaim/data-web-2".to_owned()), "{name:#?}");
    assert!(name.contains(&"15:serviceName: nginx".to_owned()), "{name:#?}");
}

#[test]
fn a_line_of_the_manifest_is_about_what_its_field_makes() {
    let playground = applied();
    for (text, wants, not) in [
        ("image: nginx", "pod/web-0", "name/web-0.nginx"),
        ("replicas: 3", "pod/web-2", "persistentvolumeclaim/data-web-2"),
        ("storage: 1Gi", "persistentvolumeclaim/data-web-0", "name/web-0.nginx"),
        ("clusterIP: None", "name/web-1.nginx", "persistentvolumeclaim/data-web-1"),
        ("serviceName: nginx", "name/web-1.nginx", "persistentvolumeclaim/data-web-1"),
    ] {
        let found = linked(&playground, &line_with(text));
        assert!(found.contains(&wants.to_owned()) && !found.contains(&not.to_owned()), "{text}: {found:#?}");
    }
}

#[test]
fn links_go_both_ways() {
    let mut playground = applied();
    playground.type_line("kubectl scale statefulset web --replicas=4", Lang::English);
    settle(&mut playground);
    let shot = playground.snapshot(Lang::English);
    let (lines, moments) = (playground.terminal().lines(), playground.timeline().moments());
    let page = Page { shot: &shot, namespace: "default", lines, moments, near: None };
    let mut spots = page.everything();
    spots.extend(lines.iter().map(|line| Spot::Said(line.id)));
    spots.extend(moments.iter().map(|moment| Spot::Moment(moment.id)));
    for spot in &spots {
        for other in page.linked(spot) {
            assert!(matches!(other, Spot::Line(_)) || page.linked(&other).contains(spot), "{spot:?} leads to {other:?} and not back");
        }
    }
}

#[test]
fn an_object_comes_from_a_line_of_the_manifest_and_one_of_the_terminal() {
    let mut playground = applied();
    playground.type_line("kubectl scale statefulset web --replicas=4", Lang::English);
    let from = |playground: &Playground, kind: Kind, name: &str| -> Vec<String> {
        let key = ObjectKey::new(kind, &"default".into(), &name.into());
        answer(&playground.snapshot(Lang::English), &Question::Object(key)).comes_from.into_iter().map(|(label, _)| label).collect()
    };
    assert_eq!(from(&playground, Kind::Pod, "web-1"), ["line 24", "$ kubectl scale statefulset web --replicas=4"]);
    assert_eq!(from(&playground, Kind::Service, "nginx"), ["line 4", "$ kubectl apply -f manifest.yaml"]);
    playground.edit("nothing".to_owned(), Lang::English);
    assert_eq!(from(&playground, Kind::Pod, "web-1"), ["$ kubectl scale statefulset web --replicas=4"]);
    assert!(playground.now() > Time(0));
}
