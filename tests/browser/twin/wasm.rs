//! The model alone, as wasm: runs the tasks in the page around it, and replaces each with its result.
//!
//! Each element with a class is a task: `scenario` holds the text of a scenario file, `random` a seed and a number of operations.

fn main() {
    use api::release::V1_37;
    use rig::file::Scenario;
    use rig::random::{self, WorkloadMix};
    use rig::run;

    console_error_panic_hook::set_once();
    rules::plug();
    verbs::plug();
    let played = |text: &str| {
        let scenario = Scenario::parse(text).expect("a scenario");
        let played = run::replay(&scenario, &V1_37).expect("a cluster that is known");
        played.trace + &played.kubectl
    };
    let drawn = |text: &str| {
        let mut numbers = text.split_whitespace().map(|word| word.parse().expect("a number"));
        let (seed, operations) = (numbers.next().expect("a seed"), numbers.next().expect("a number of operations"));
        let report = random::run(&WorkloadMix::ALL, seed, operations, &V1_37, |_| true);
        format!("{:016x} after {} events", report.digest.0, report.events)
    };
    let document = web_sys::window().and_then(|window| window.document()).expect("a document");
    let all = |class: &str| {
        let found = document.get_elements_by_class_name(class);
        (0..found.length()).filter_map(move |i| found.item(i))
    };
    for task in all("scenario") {
        task.set_text_content(Some(&played(&task.text_content().unwrap_or_default())));
    }
    for task in all("random") {
        task.set_text_content(Some(&drawn(&task.text_content().unwrap_or_default())));
    }
}
