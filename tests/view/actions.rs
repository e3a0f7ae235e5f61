//! The lines that the buttons type.

use ordinal::causes::Identity;
use ordinal::cluster::images::Behaviour;
use ordinal::view::actions::{entries, roll_out};
use ordinal::view::cluster;

use crate::view::example::{self, web_name};

#[test]
fn the_next_image_counts_on_and_a_registrys_port_is_no_tag() {
    let example = example::ordered_creation();
    let drawn = cluster::project(&example.snapshot(), Some(&web_name()));
    for (image, next, broken) in [
        ("nginx:1.27", "nginx:1.28", "nginx:broken"),
        ("registry:5000/nginx", "registry:5000/nginx:2", "registry:5000/nginx:broken"),
        ("nginx:1.27-alpine", "nginx:1.27-alpine2", "nginx:broken"),
        ("nginx:v9", "nginx:v10", "nginx:broken"),
    ] {
        let mut cluster = drawn.clone();
        let line = cluster.object.as_mut().expect("a set");
        line.container = Some(("nginx".to_owned(), image.to_owned()));
        let set_image = |image: &str| format!("kubectl set image statefulset/web nginx={image}");
        assert_eq!(roll_out(line), Some(set_image(next)));
        let lines: Vec<String> = entries(&example.snapshot(), &cluster, None).into_iter().map(|entry| entry.line).collect();
        assert!(lines.contains(&set_image(next)) && lines.contains(&set_image(broken)), "{lines:?}");
    }
}

#[test]
fn every_button_types_a_line() {
    let mut example = example::ordered_creation();
    let cluster = cluster::project(&example.snapshot(), Some(&web_name()));
    let lines = |example: &example::Example, selected: Option<&Identity>| -> Vec<String> {
        entries(&example.snapshot(), &cluster, selected).into_iter().map(|entry| entry.line).collect()
    };
    let web0 = Identity { namespace: "default".into(), pod: "web-0".into() };
    let pod = [
        "kubectl delete pod web-1",
        "playground unready pod web-1",
        "playground freeze pod web-1",
        "playground crash pod web-1",
        "playground break image nginx:1.27",
    ]
    .map(String::from);
    let does = ["crash", "unready", "slow", "stubborn", "frozen", "leaky"].map(|does| format!("playground image nginx:1.27 {does}"));
    let set = [
        "kubectl set image statefulset/web nginx=nginx:1.28",
        "kubectl set image statefulset/web nginx=nginx:broken",
        r#"kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"#,
    ];
    let asks = ["playground ask web-1.nginx:80".to_owned()];
    assert_eq!(lines(&example, None), [&pod[..], &does, &set.map(String::from), &asks].concat());
    example.images.tell("nginx:1.27", Behaviour::named("slow").expect("it is a word"));
    let want = ["kubectl delete pod", "playground unready pod", "playground freeze pod", "playground crash pod"]
        .map(|verb| format!("{verb} web-0"));
    assert_eq!(lines(&example, Some(&web0))[..5], [&want[..], &["playground mend image nginx:1.27".to_owned()]].concat());
}
