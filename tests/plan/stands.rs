//! The recorded changes that go otherwise than planned, and why.

/// Of a scenario: how the line begins, and why it goes otherwise.
const STANDS: &[(&str, &str, &str)] = &[
    ("further/a-evict-scale-policy", "scale sts web --replicas=2", MOMENT),
    (
        "further/h-quota-pvc",
        "patch quota q",
        "the controller tries again after a growing pause, of which the recording has another part left",
    ),
    ("further/k-namespace", "delete ns lab", "recordings are of the namespace `default`"),
    ("further/n-drain-pdb", "apply -f p.yaml", MOMENT),
    ("further/n-policies", "apply -f wrong.yaml", MOMENT),
    ("further/n-two-pods-node", "apply -f b.yaml", MOMENT),
    ("further/v-evict-places", "scale sts web --replicas=3", MOMENT),
    ("further/w-drain-rollout", "drain node-1 --timeout=20s", MOMENT),
    ("further/x05-minready-raised", "patch sts web", PLACES),
    ("further/x15-finalizer-two-policies", "set image sts/web sts/par", PLACES),
    ("further/x15-finalizer-two-policies", "scale sts web par", PLACES),
    ("further/x15-finalizer-two-policies", "patch pod par-2", PLACES),
    ("further/x29-quota-steals", "set image sts/web", PLACES),
    ("further/x29-quota-steals", "scale sts two", PLACES),
    ("further/x37-scale-preconditions", "scale sts web", VERSION),
    ("further/y-file-words", "apply -f j.json --validate", JSON),
    ("further/y-file-words", "delete -f j.json", JSON),
    ("further/y-file-words", "replace -f j.json", JSON),
    ("further/y-file-words", "replace --force -f j.json", JSON),
    ("further/y-file-words", "label -f j.json", JSON),
    ("updates/rollout-delete-top", "delete pod web-3", MOMENT),
    ("updates/update-mid-rollout", "set image sts/web nginx=nginx:1.27", MOMENT),
];
const MOMENT: &str = "something was under way, which at that moment the model was a few milliseconds before or behind: the same pod, counted \
                      before the change in the one and after it in the other";
const PLACES: &str = "of nodes that are equally good, chance picks one";
const VERSION: &str = "the number of a resource version counts all that was ever written, not only what is simulated";
const JSON: &str = "a file that is no YAML has no place in the page's editor, from which its terminal takes its files";

/// What goes otherwise and is not listed, and what is listed and goes as planned.
pub fn news(wrong: &[(String, String, String)]) -> (Vec<String>, Vec<&'static str>) {
    let is_it = |(scenario, line, _): &(&str, &str, &str), one: &(String, String, String)| one.0 == *scenario && one.1.starts_with(line);
    let new = wrong.iter().filter(|one| !STANDS.iter().any(|known| is_it(known, one)));
    let new = new.map(|(scenario, line, why)| format!("{scenario}: {line}\n    {why}")).collect();
    let gone = STANDS.iter().filter(|known| !wrong.iter().any(|one| is_it(known, one))).map(|(_, line, _)| *line).collect();
    (new, gone)
}
