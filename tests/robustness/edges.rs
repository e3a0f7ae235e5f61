//! Numbers at the limits of fields, in objects that are then simulated.

use ordinal::api::release::V1_37;
use rig::file::Scenario;
use rig::run::replay;

use crate::robustness::draw::Draw;

/// Objects of all kinds that controllers act on; `N` is a placeholder for a number, `R` for a number of replicas.
const OBJECTS: &str = include_str!("edges.yaml");
/// Ordinary numbers, and limits.
const NUMBERS: &[&str] =
    &["0", "1", "2", "30", "-1", "2147483647", "-2147483648", "2147483648", "9223372036854775807", "-9223372036854775808"];
/// How many of them are ordinary.
const SMALL: usize = 4;
/// Numbers of replicas: small, or invalid.
const PODS: &[&str] = &["0", "1", "3", "-1", "-2147483648", "2147483648", "9223372036854775807"];
/// One number in this many may be a limit: an object with many of them would be refused.
const EDGE_ONE_IN: usize = 6;
/// What is done with the objects, line by line.
const STEPS: &str = "
- kubectl: apply -f all.yaml
- sleep: 30
- kubectl: get all -o wide
- kubectl: describe all
- kubectl: delete pods --all --wait=false --grace-period=N
- sleep: 400
- kubectl: scale sts/web deploy/web --replicas=R
- kubectl: annotate rs --all deployment.kubernetes.io/revision=N --overwrite
- kubectl: set image deploy/web sts/web ds/web c=nginx:2
- sleep: 30
- kubectl: rollout undo deploy/web --to-revision=N
- kubectl: patch sts web -p '{\"spec\":{\"template\":{\"spec\":{\"terminationGracePeriodSeconds\":N}}}}'
- sleep: 400
- kubectl: get all -o yaml
- kubectl: delete -f all.yaml --wait=false --grace-period=N
- sleep: 400
";

/// Applies the objects with mostly small numbers, lets them live for a while, and deletes them. The laws of the
/// simulation must hold throughout.
pub fn try_numbers(draw: &mut Draw) {
    let (objects, steps) = (numbered(draw, OBJECTS), numbered(draw, STEPS));
    let text = format!("name: edges\nfiles:\n  all.yaml: |\n    {}\nsteps:{steps}", objects.replace('\n', "\n    "));
    let scenario = Scenario::parse(&text).expect("a scenario");
    let played = replay(&scenario, &V1_37).expect("a run");
    assert_eq!(played.broken, None, "{text}");
}

/// The text with a number for each `N` and `R` that is a word.
fn numbered(draw: &mut Draw, text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let begins = !out.ends_with(char::is_alphanumeric);
        let ends = !letters.peek().is_some_and(|next| next.is_alphanumeric());
        match letter {
            'N' if begins && ends => {
                let most = if draw.below(EDGE_ONE_IN) == 0 { NUMBERS.len() } else { SMALL };
                out += NUMBERS[draw.below(most)];
            }
            'R' if begins && ends => out += PODS[draw.below(PODS.len())],
            _ => out.push(letter),
        }
    }
    out
}
