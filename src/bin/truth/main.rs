//! Writes the truth page.
use api::release::Release;
use truth::suite::{Judged, scenarios};
fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    let (mut closed, mut n, mut bytes) = (std::collections::BTreeMap::<&str, Vec<String>>::new(), 0, 0);
    for name in scenarios().into_iter().filter(|name| name.contains(&only)) {
        for release in Release::ALL {
            let Some(judged) = Judged::of(&name, release) else { continue };
            match truth::open::fragment(&judged.scenario, release, &judged.recorded[0]) {
                Ok(link) => {
                    n += 1;
                    bytes += link.len();
                    if !only.is_empty() {
                        println!("{}\n{link}", truth::open::run(&judged.scenario, release, &judged.recorded[0]).unwrap());
                    }
                }
                Err(why) => closed.entry(why).or_default().push(format!("{name} {}", release.name)),
            }
        }
    }
    println!("{n} open, {bytes} bytes, {closed:#?}");
}
